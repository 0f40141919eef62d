"""Input of a pair or a group: whom to choose from, on what conditions; the filter of the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.models import Organisation
from mentorship.models import AT_THE_END, DictionaryEntry, Initiator, Pair, Participant
from mentorship.services.pair_endings import NO_CIRCUMSTANCES, NO_INITIATOR, NO_REASON, Ending, ending_faults
from mentorship.services.pairs import PairPlan

MOST_MENTEES = 15
Dictionary = DictionaryEntry.Dictionary
WORDS = {"form": Dictionary.FORM, "kinds": Dictionary.KIND, "direction": Dictionary.DIRECTION}


class PairForm(forms.Form):
    """A pair to be. One select for each mentee; «Ещё наставляемый» sends the form back with one more.

    Names in the address (`?mentor=5&mentee=7`) are prefilled by the view through `initial`.
    """

    mentor = forms.TypedChoiceField(label="Наставник", help_text="Начните набирать фамилию, когда список открыт.")
    form = forms.ModelChoiceField(DictionaryEntry.objects.none(), label="Форма", empty_label="выберите")
    kinds = forms.ModelMultipleChoiceField(
        DictionaryEntry.objects.none(), label="Виды", widget=forms.CheckboxSelectMultiple
    )
    direction = forms.ModelChoiceField(DictionaryEntry.objects.none(), label="Направление", empty_label="выберите")
    goal = forms.CharField(label="Цель", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    starts_on = forms.DateField(label="Начало", widget=date_input())
    ends_on = forms.DateField(
        label="Окончание", widget=date_input(), help_text="Последний день. Срок — от трёх месяцев до года."
    )

    def __init__(
        self, *args: Any, organisation: Organisation, pair: Pair | None = None, more: int = 0, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {**(initial_of(pair) if pair else {}), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.organisation, self.pair = organisation, pair
        self.people = {str(person.pk): person for person in self.present_people()}
        self.rows = self.number_of_rows(more)
        self.offer_people()
        for field, dictionary in WORDS.items():
            offered = DictionaryEntry.objects.offered(organisation, dictionary)
            self.fields[field].queryset = offered  # type: ignore[attr-defined]
        self.order_fields(["mentor", *self.rows])

    @property
    def may_grow(self) -> bool:
        return len(self.rows) < MOST_MENTEES

    def present_people(self) -> list[Participant]:
        """Whoever has not left, and whoever already stands in the pair."""
        inside = [person.pk for person in self.pair.people] if self.pair else []
        rows = Participant.objects.filter(organisation=self.organisation)
        return list((rows.present() | rows.filter(pk__in=inside)).by_name().with_posts())

    def number_of_rows(self, more: int) -> list[str]:
        """Names of the mentee fields: as many as were sent or are in the pair, at least one, and the asked more."""
        sent = self.data if self.is_bound else self.initial
        given = sum(f"mentee_{number}" in sent for number in range(1, MOST_MENTEES + 1))
        return [f"mentee_{number}" for number in range(1, min(max(given, 1) + more, MOST_MENTEES) + 1)]

    def offer_people(self) -> None:
        choices = [("", "выберите"), *((pk, label_of(person)) for pk, person in self.people.items())]
        for number, name in enumerate(self.rows, start=1):
            label = "Наставляемый" if len(self.rows) == 1 else f"Наставляемый {number}"
            self.fields[name] = forms.TypedChoiceField(label=label, required=number == 1)
        for name in ("mentor", *self.rows):
            field = self.fields[name]
            field.choices = choices  # type: ignore[attr-defined]
            field.coerce = self.people.__getitem__  # type: ignore[attr-defined]
            field.empty_value = None  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        chosen = [data[name] for name in self.rows if data.get(name)]
        twice = {person.short_name for person in chosen if chosen.count(person) > 1}
        for name in sorted(twice):
            self.add_error(None, f"{name}: одно имя выбрано дважды.")
        data["mentees"] = chosen
        return data

    def plan(self) -> PairPlan:
        """What a valid form says."""
        data = self.cleaned_data
        return PairPlan(
            mentor=data["mentor"],
            mentees=data["mentees"],
            form=data["form"],
            kinds=list(data["kinds"]),
            direction=data["direction"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            goal=" ".join(data["goal"].split()),
        )


def initial_of(pair: Pair) -> dict[str, Any]:
    return {
        "mentor": pair.mentor_id,
        **{f"mentee_{number}": mentee.pk for number, mentee in enumerate(pair.mentees, start=1)},
        "form": pair.form_id,
        "kinds": [kind.pk for kind in pair.kinds.all()],
        "direction": pair.direction_id,
        "goal": pair.goal,
        "starts_on": pair.starts_on,
        "ends_on": pair.ends_on,
    }


def prefill(query: Mapping[str, str]) -> dict[str, Any]:
    """Initial people from an address: `?mentor=5`, `?mentee=7`."""
    known = {"mentor": "mentor", "mentee": "mentee_1"}
    return {field: query[name] for name, field in known.items() if query.get(name, "").isdecimal()}


def label_of(person: Participant) -> str:
    return f"{person.full_name}, {person.post}" if person.post else person.full_name


class DissolveForm(forms.Form):
    reason = forms.CharField(
        label="Почему пара не состоялась", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())


class CloseForm(forms.Form):
    """On what ground a pair whose term is over ends."""

    ground = forms.ChoiceField(
        label="Основание", choices=[(one.value, one.label) for one in AT_THE_END], widget=forms.RadioSelect
    )
    initiator = forms.ChoiceField(
        label="Кто предложил завершить",
        required=False,
        choices=[("", "выберите"), *Initiator.choices],
        help_text="Нужно, если основание — инициатива участников.",
    )
    reason = forms.CharField(
        label="Обстоятельства или итог",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Чем закончилась работа. Обязательно, если её завершают не по сроку и не в полном объёме.",
    )

    def __init__(self, *args: Any, pair: Pair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = pair

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())

    def clean(self) -> dict[str, Any]:
        """Beside each field what the ground lacks: the law is the service's."""
        data = super().clean() or self.cleaned_data
        if not self.errors:
            ending = Ending(data["ground"], data["reason"], data["initiator"], self.pair.ends_on)
            for words in ending_faults(self.pair, ending):
                self.add_error(FIELD_OF.get(words, "ground"), words)
        return data


FIELD_OF = {NO_INITIATOR: "initiator", NO_CIRCUMSTANCES: "reason", NO_REASON: "reason"}
