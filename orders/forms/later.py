"""What a draft about an earlier order asks besides the common questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

from orders.forms.orders import OrderForm
from orders.models import Order, OrderLink

MOST_CHANGES, LONGEST_CHANGE = 30, 1500


class OrderChoice(forms.ModelChoiceField):
    """Approved orders by number and heading."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.requisites} — {obj.title}"


class LaterOrderForm(OrderForm):
    """`?target=5` in the address names the earlier order."""

    target = OrderChoice(Order.objects.none(), label="О каком приказе", empty_label="выберите")

    TITLE = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].queryset = self.offered()  # type: ignore[attr-defined]
        self.fields["title"].required = False
        self.fields["title"].help_text = "Если пусто, портал составит его сам по номеру и дате приказа."

    def offered(self) -> Any:
        """Orders that nothing has cancelled; the one this draft is about stays."""
        cancelling = OrderLink.objects.filter(target=OuterRef("pk"), relation="cancels", order__state="approved")
        return Order.objects.approved().filter(~Exists(cancelling), organisation=self.organisation)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        target = data.get("target")
        if target and not data.get("title"):
            data["title"] = f"{self.TITLE} {target.requisites}"
        return data

    def params(self) -> dict[str, Any]:
        return {**super().params(), "target": self.cleaned_data["target"].pk}


class AmendmentForm(LaterOrderForm):
    changes = forms.CharField(
        label="Изменения",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Каждое с новой строки: «В пункте 2 слова „до 1 июня“ заменить словами „до 15 июня“».",
    )

    TITLE = "О внесении изменений в приказ"

    def defaults(self) -> dict[str, Any]:
        return {"purpose": "В целях уточнения"}

    @staticmethod
    def from_params(params: Any) -> dict[str, Any]:
        return {**OrderForm.from_params(params), "changes": "\n".join(params.get("changes", []))}

    def clean_changes(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["changes"].splitlines()]
        found = [line for line in lines if line]
        if len(found) > MOST_CHANGES:
            raise forms.ValidationError(f"Изменений не больше {MOST_CHANGES}: издайте приказ в новой редакции.")
        if any(len(line) > LONGEST_CHANGE for line in found):
            raise forms.ValidationError(f"Одно изменение — не длиннее {LONGEST_CHANGE} знаков.")
        return found

    def params(self) -> dict[str, Any]:
        return {**super().params(), "changes": self.cleaned_data["changes"]}


class CancellationForm(LaterOrderForm):
    reason = forms.CharField(
        label="Почему отменяется",
        max_length=300,
        help_text="Продолжите фразу «Отменить приказ…»: «в связи с увольнением наставника».",
    )

    TITLE = "Об отмене приказа"

    def defaults(self) -> dict[str, Any]:
        return {"purpose": "В связи с изменением обстоятельств"}

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split()).rstrip(".")

    def params(self) -> dict[str, Any]:
        return {**super().params(), "reason": self.cleaned_data["reason"]}
