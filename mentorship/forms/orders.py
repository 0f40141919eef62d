"""What the draft of an order about pairs asks besides the common questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from mentorship.models import Pair
from orders.forms import OrderForm

MOST_PAIRS = 60


class PairChoices(forms.ModelMultipleChoiceField):
    """Pairs by their people and terms."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, с {obj.starts_on:%d.%m.%Y} по {obj.ends_on:%d.%m.%Y}"


class PairsOrderForm(OrderForm):
    """The order that fixes pairs: `?pairs=5&pairs=7` in the address are chosen beforehand."""

    pairs = PairChoices(
        Pair.objects.none(),
        label="Какие пары закрепить",
        widget=forms.CheckboxSelectMultiple,
        help_text="Пары, которые оформляются и не включены в другой приказ.",
        error_messages={"required": "Отметьте хотя бы одну пару."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Q(order=None) | Q(order=self.order) if self.order else Q(order=None)
        forming = Pair.objects.filter(free, organisation=self.organisation, replaces=None).forming()
        self.fields["pairs"].queryset = forming.for_cards()  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {
            "title": "О закреплении наставнических пар",
            "purpose": "В целях поддержки и профессионального роста педагогов, с письменного согласия участников",
        }

    def clean_pairs(self) -> Any:
        pairs = self.cleaned_data["pairs"]
        if len(pairs) > MOST_PAIRS:
            raise forms.ValidationError(f"В одном приказе — не больше {MOST_PAIRS} пар.")
        return pairs

    def params(self) -> dict[str, Any]:
        return {**super().params(), "pairs": sorted(pair.pk for pair in self.cleaned_data["pairs"])}
