"""The filter of the board of pairs: every choice stands in the address."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Organisation
from mentorship.models import DictionaryEntry, PairState
from mentorship.models.board import LIGHTS, Lack, Place

Dictionary = DictionaryEntry.Dictionary
# What is read from programmes is asked only by whoever may see them.
OF_PROGRAMMES = (Lack.PROGRAMME, Lack.DRAFT, Lack.REVIEW)


class BoardFilter(forms.Form):
    """State, light, what is missing, form and direction, the near end, the order, the way of showing."""

    DRAFT, SUBMITTED, OVERDUE = "draft", "submitted", "overdue"
    LIST, STATES = "", "states"
    NEWEST, ENDS, MET, MENTOR = "", "ends", "met", "mentor"

    q = forms.CharField(label="Наставник или наставляемый", required=False, max_length=100)
    state = forms.ChoiceField(
        label="Состояние",
        required=False,
        choices=[
            ("", "все"),
            (PairState.FORMING.value, "оформляется"),
            (DRAFT, "в проекте приказа"),
            (SUBMITTED, "на утверждении"),
            (PairState.ACTIVE.value, "действует"),
            (OVERDUE, "срок истёк"),
            (PairState.CLOSED.value, "завершена"),
            (PairState.DISSOLVED.value, "не состоялась"),
        ],
    )
    light = forms.ChoiceField(
        label="Встречи", required=False, choices=[("", "любые"), *((one.value, one.label) for one in LIGHTS)]
    )
    missing = forms.ChoiceField(label="Чего не хватает", required=False)
    form = forms.TypedChoiceField(label="Форма", required=False, coerce=int, empty_value=None)
    direction = forms.TypedChoiceField(label="Направление", required=False, coerce=int, empty_value=None)
    sort = forms.ChoiceField(
        label="Порядок",
        required=False,
        choices=[
            (NEWEST, "новые сверху"),
            (ENDS, "скоро закончатся"),
            (MET, "давно не встречались"),
            (MENTOR, "по наставнику"),
        ],
    )
    soon = forms.BooleanField(label="Закончатся за 30 дней", required=False)
    view = forms.ChoiceField(
        required=False, choices=[(LIST, "Списком"), (STATES, "По состояниям")], widget=forms.HiddenInput
    )

    def __init__(
        self, data: Any, *, organisation: Organisation, meetings: bool = True, programmes: bool = True
    ) -> None:
        super().__init__(data)
        words = DictionaryEntry.objects.offered(organisation, Dictionary.FORM) | DictionaryEntry.objects.offered(
            organisation, Dictionary.DIRECTION
        )
        found = list(words.values_list("dictionary", "pk", "title"))
        for name, dictionary in (("form", Dictionary.FORM), ("direction", Dictionary.DIRECTION)):
            offered = [(pk, title) for of, pk, title in found if of == dictionary]
            self.fields[name].choices = [("", "все"), *offered]  # type: ignore[attr-defined]
        lacks = [one for one in Lack if programmes or one not in OF_PROGRAMMES]
        self.fields["missing"].choices = [("", "не важно"), *((one.value, one.label) for one in lacks)]  # type: ignore[attr-defined]
        if not meetings:
            del self.fields["light"]
            self.fields["sort"].choices = [one for one in self.fields["sort"].choices if one[0] != self.MET]  # type: ignore[attr-defined]

    @property
    def folded(self) -> list[forms.BoundField]:
        """The fields below the search."""
        return [self[name] for name in self.fields if name not in ("q", "view")]

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.chosen().items() if name not in ("q", "view"))

    def chosen(self) -> dict[str, Any]:
        """The readable choices: a wrong value counts as none."""
        self.is_valid()
        return self.cleaned_data


# Places that are filtered as states of a pair; the rest are lights.
STATE_OF = {
    Place.FORMING: PairState.FORMING.value,
    Place.OVERDUE: BoardFilter.OVERDUE,
    Place.CLOSED: PairState.CLOSED.value,
    Place.DISSOLVED: PairState.DISSOLVED.value,
}
