"""What the draft of an order about programmes asks besides the common questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from mentorship.models import Programme, ProgrammeState
from orders.forms import OrderForm

MOST_PROGRAMMES = 60


class ProgrammeChoices(forms.ModelMultipleChoiceField):
    """Programmes by their titles and people."""

    def label_from_instance(self, obj: Any) -> str:
        version = f", редакция {obj.version + 1}" if obj.version else ""
        return f"{obj.title} ({obj.pair.title}){version}"


class ProgrammesOrderForm(OrderForm):
    """The order that approves programmes: `?programmes=5` in the address is chosen beforehand."""

    programmes = ProgrammeChoices(
        Programme.objects.none(),
        label="Какие программы утвердить",
        widget=forms.CheckboxSelectMultiple,
        help_text="Программы на согласовании, которые не включены в другой приказ.",
        error_messages={"required": "Отметьте хотя бы одну программу."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Q(draft_order=None) | Q(draft_order=self.order) if self.order else Q(draft_order=None)
        rows = Programme.objects.filter(free, organisation=self.organisation, state=ProgrammeState.REVIEW)
        self.fields["programmes"].queryset = rows.for_cards()  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {
            "title": "Об утверждении персонализированных программ наставничества",
            "purpose": "В целях организации работы наставнических пар и групп",
        }

    def clean_programmes(self) -> Any:
        programmes = self.cleaned_data["programmes"]
        if len(programmes) > MOST_PROGRAMMES:
            raise forms.ValidationError(f"В одном приказе — не больше {MOST_PROGRAMMES} программ.")
        return programmes

    def params(self) -> dict[str, Any]:
        return {**super().params(), "programmes": sorted(one.pk for one in self.cleaned_data["programmes"])}
