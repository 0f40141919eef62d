"""Input of the federal forms: what of a bank to show, and the draft of the order that approves snapshots."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from core.russian import plural
from mentorship.forms.banks import EVERYBODY, PEOPLE
from mentorship.models import BankSnapshot
from orders.forms import OrderForm

PERSON = ("человек", "человека", "человек")


class FormFilter(forms.Form):
    """Which of the bank's people to show; what cannot be read narrows nothing."""

    role = forms.CharField(required=False, widget=forms.HiddenInput)
    people = forms.ChoiceField(
        label="Кто", required=False, choices=[EVERYBODY, *((key, label) for key, (label, _) in PEOPLE.items())]
    )

    @property
    def categories(self) -> tuple[str, ...]:
        self.is_valid()
        chosen = PEOPLE.get(self.cleaned_data.get("people", ""))
        return chosen[1] if chosen else ()


class SnapshotChoices(forms.ModelMultipleChoiceField):
    """Snapshots by their banks and days."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}, {plural(len(obj.rows), *PERSON)}"


class BankOrderForm(OrderForm):
    """The order that approves banks: `?snapshots=5` in the address are chosen beforehand."""

    snapshots = SnapshotChoices(
        BankSnapshot.objects.none(),
        label="Какие снимки утвердить",
        widget=forms.CheckboxSelectMultiple,
        help_text="Снимки, которых ещё нет ни в одном приказе. Новый снимок составляют на странице банка.",
        error_messages={"required": "Отметьте хотя бы один снимок."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Q(order=None) | Q(order=self.order) if self.order else Q(order=None)
        own = BankSnapshot.objects.filter(free, organisation=self.organisation)
        self.fields["snapshots"].queryset = own  # type: ignore[attr-defined]

    def defaults(self) -> dict[str, Any]:
        return {
            "title": "Об утверждении банка наставников и банка наставляемых",
            "purpose": "В целях подбора наставников и учёта участников наставничества",
        }

    def params(self) -> dict[str, Any]:
        return {**super().params(), "snapshots": sorted(one.pk for one in self.cleaned_data["snapshots"])}
