"""Input of matching: in what topic, on what conditions pairs are formed, the weights, wishes of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.models import Organisation
from accounts.permissions import today
from mentorship.models import BankRole, DictionaryEntry, MatchingRules, Participant, plus_months, term_faults
from mentorship.models.matching import MOST_WISHES
from mentorship.services.matching import Terms

Dictionary = DictionaryEntry.Dictionary
USUAL_MONTHS, MOST_AVOIDED = 9, 3
ROLE_WORDS = {
    BankRole.MENTOR: ("Кого хотели бы в наставники", "в наставники"),
    BankRole.MENTEE: ("Кого хотели бы вести", "в наставляемые"),
}
RANKS = ("в первую очередь", "во вторую очередь", "в третью очередь")
NAMES = ("первое имя", "второе имя", "третье имя")


class TopicForm(forms.Form):
    """The direction of the pairs that are looked for."""

    direction = forms.ModelChoiceField(
        DictionaryEntry.objects.none(),
        label="Направление",
        empty_label=None,
        help_text="Кто по этому направлению уже были в паре, второй раз не предлагаются.",
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = DictionaryEntry.objects.offered(organisation, Dictionary.DIRECTION)
        self.fields["direction"].queryset = offered  # type: ignore[attr-defined]


class TermsForm(TopicForm):
    """The conditions of all pairs that are formed at once."""

    form = forms.ModelChoiceField(
        DictionaryEntry.objects.none(), label="Форма", required=False, empty_label="подходящая каждой паре"
    )
    starts_on = forms.DateField(label="Начало", initial=today, widget=date_input())
    ends_on = forms.DateField(
        label="Окончание", initial=lambda: plus_months(today(), USUAL_MONTHS), widget=date_input()
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, organisation=organisation, **kwargs)
        self.fields["direction"].help_text = ""
        offered = DictionaryEntry.objects.offered(organisation, Dictionary.FORM)
        self.fields["form"].queryset = offered  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors:
            for fault in term_faults(data["starts_on"], data["ends_on"]):
                self.add_error("ends_on", fault)
        return data

    def terms(self) -> Terms:
        """What a valid form says."""
        return Terms(**{name: self.cleaned_data[name] for name in ("direction", "starts_on", "ends_on", "form")})


class MatchingRulesForm(forms.ModelForm):
    class Meta:
        model = MatchingRules
        fields = [*MatchingRules.TERMS, "bars_superiors"]


class NeighbourFilter(forms.Form):
    """Whom to look for in other schools."""

    word = forms.ModelChoiceField(
        DictionaryEntry.objects.filter(organisation=None, dictionary=Dictionary.COMPETENCE, is_active=True),
        label="В чём силён",
        required=False,
        empty_label="во всём",
    )

    def chosen(self) -> dict[str, Any]:
        """The readable choices: a wrong value counts as none."""
        self.is_valid()
        return self.cleaned_data


class WishesForm(forms.Form):
    """Up to three people in order, and up to three whom the author would rather avoid, for each role.

    `offered`: role of the other person → people. `kept`: role → (preferred, avoided) keys that stand there now.
    """

    def __init__(
        self,
        *args: Any,
        offered: Mapping[str, Sequence[Participant]],
        kept: Mapping[str, tuple[Sequence[int], Sequence[int]]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.roles = [BankRole(role) for role in offered]
        self.people = {str(one.pk): one for people in offered.values() for one in people}
        for role in self.roles:
            choices = [("", "никто"), *((str(one.pk), one.full_name) for one in offered[role])]
            wanted, avoided = kept.get(role, ((), ()))
            for name, label, key in self.rows_of(role, wanted, avoided):
                self.fields[name] = forms.TypedChoiceField(
                    label=label, required=False, choices=choices, initial=key, coerce=self.people.get, empty_value=None
                )

    def rows_of(
        self, role: BankRole, wanted: Sequence[int], avoided: Sequence[int]
    ) -> Iterable[tuple[str, str, int | None]]:
        """Name, label and present key of each field of a role."""
        title, whom = ROLE_WORDS[role]
        for number in range(1, MOST_WISHES + 1):
            key = wanted[number - 1] if number <= len(wanted) else None
            yield f"{role.value}_{number}", f"{title} {RANKS[number - 1]}", key
        for number in range(1, MOST_AVOIDED + 1):
            key = avoided[number - 1] if number <= len(avoided) else None
            yield f"not_{role.value}_{number}", f"Кого не предлагать мне {whom}: {NAMES[number - 1]}", key

    def clean(self) -> dict[str, Any]:
        """Each person once for a role."""
        data = super().clean() or self.cleaned_data
        for role in self.roles:
            seen: set[int] = set()
            for name in self.names_of(role):
                person = data.get(name)
                if person is not None and person.pk in seen:
                    self.add_error(name, f"{person.short_name}: имя уже выбрано выше. Оставьте его в одном месте.")
                elif person is not None:
                    seen.add(person.pk)
        return data

    def names_of(self, role: BankRole) -> list[str]:
        return [name for name in self.fields if name.removeprefix("not_").startswith(f"{role.value}_")]

    def chosen(self, prefix: str = "") -> dict[str, list[Participant]]:
        """Role → people in order; `prefix` «not_» for those to avoid."""
        names = {
            role.value: [name for name in self.fields if name.startswith(f"{prefix}{role.value}_")]
            for role in self.roles
        }
        found = {role: [self.cleaned_data[name] for name in own] for role, own in names.items()}
        return {role: [one for one in people if one is not None] for role, people in found.items()}
