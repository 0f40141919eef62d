"""What the draft of the order on encouraging mentors asks: the rules to approve and the measures by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q

from orders.forms.orders import OrderForm
from orders.models import LocalAct

MOST_MEASURES = 15
LINES = forms.Textarea(attrs={"rows": 4})


class IncentivesForm(OrderForm):
    """`?act=5` in the address is chosen beforehand."""

    act = forms.ModelChoiceField(
        LocalAct.objects.none(),
        label="Порядок поощрения",
        empty_label="выберите",
        help_text="Проект из раздела «Локальные акты», вид «Меры стимулирования наставников».",
    )
    paid = forms.CharField(
        label="Материальные меры",
        max_length=3000,
        required=False,
        widget=LINES,
        help_text="Каждая с новой строки: «ежемесячная выплата за работу наставником».",
    )
    unpaid = forms.CharField(
        label="Нематериальные меры",
        max_length=3000,
        required=False,
        widget=LINES,
        help_text="Каждая с новой строки: «благодарность директора», «дополнительные дни для повышения квалификации».",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Q(order=None) | Q(order=self.order) if self.order else Q(order=None)
        own = LocalAct.objects.filter(free, organisation=self.organisation, state=LocalAct.State.DRAFT)
        self.fields["act"].queryset = own.filter(kind=LocalAct.Kind.INCENTIVES)  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {
            "title": "О мерах поощрения наставников",
            "purpose": "В целях поддержки педагогов, которые работают наставниками",
        }

    @staticmethod
    def from_params(params: Mapping[str, Any]) -> dict[str, Any]:
        lines = {name: "\n".join(params.get(name, [])) for name in ("paid", "unpaid")}
        return {**OrderForm.from_params(params), **lines}

    def clean_paid(self) -> list[str]:
        return self.measures("paid")

    def clean_unpaid(self) -> list[str]:
        return self.measures("unpaid")

    def measures(self, name: str) -> list[str]:
        """The lines of the field without what ends them: the order sets its own signs."""
        lines = (" ".join(line.split()).rstrip(".;, ") for line in self.cleaned_data[name].splitlines())
        found = [line for line in lines if line]
        if len(found) > MOST_MEASURES:
            raise forms.ValidationError(f"Мер не больше {MOST_MEASURES}.")
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("paid") and not data.get("unpaid") and not {"paid", "unpaid"} & set(self.errors):
            self.add_error("paid", "Запишите хотя бы одну меру: материальную или нематериальную.")
        return data

    def params(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {**super().params(), "act": data["act"].pk, "paid": data["paid"], "unpaid": data["unpaid"]}
