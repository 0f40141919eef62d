"""Input of meetings: an entry of the journal, its filter, the word of the other side, notes, rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.permissions import today
from mentorship.forms.consents import one_line, words
from mentorship.models import Activity, Audience, Meeting, MeetingKind, MeetingRules, MeetingState, Pair
from mentorship.services.meetings import Entry, entry_faults

# Ready answers that the browser offers by itself; the page draws the lists of these names.
PLACES, MINUTES = {"list": "places"}, {"list": "lengths", "inputmode": "numeric", "autocomplete": "off"}
ALL = ("", "все")
AGREES, ADDS, DISPUTES = "yes", "more", "no"


class ActivityChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title[:90]}, до {obj.due_on:%d.%m.%Y}"


def activities_of(pair: Pair) -> Any:
    """Lines of the pair's programmes in force that are not cancelled, the nearest first."""
    rows = Activity.objects.filter(programme__in=pair.programmes.in_force())
    return rows.exclude(state="cancelled").order_by("due_on", "position", "pk")


def place_field() -> forms.CharField:
    return forms.CharField(
        label="Место или ссылка", max_length=200, required=False, widget=forms.TextInput(attrs=PLACES)
    )


def minutes_field(*, required: bool) -> forms.IntegerField:
    widget = forms.TextInput(attrs=MINUTES)
    errors = {"invalid": "Напишите число минут, например 45."}
    return forms.IntegerField(
        label="Минут", min_value=5, max_value=600, required=required, widget=widget, error_messages=errors
    )


def lines(label: str, *, rows: int, length: int, required: bool = False, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=length, required=required, widget=widget, **more)


class EntryForm(forms.Form):
    """A line of the journal; everything but the story itself is there before the first touch."""

    day = forms.DateField(label="День", widget=date_input())
    minutes = minutes_field(required=True)
    goal = forms.CharField(label="Цель", max_length=300, required=False)
    done = lines(
        "Что сделано", rows=3, length=2000, required=True, error_messages={"required": "Хватит одного предложения."}
    )
    result = lines("Что получилось", rows=2, length=2000)
    next_step = words("Следующий шаг", length=300, help_text="Станет целью следующей встречи.")
    place = place_field()
    kind = forms.ChoiceField(label="Вид встречи", choices=MeetingKind.choices, widget=forms.RadioSelect)
    activity = ActivityChoice(
        Activity.objects.none(), label="Мероприятие программы", required=False, empty_label="не выбрано"
    )

    def __init__(
        self, *args: Any, pair: Pair, planned: Meeting | None = None, rewritten: Meeting | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pair, self.planned, self.rewritten = pair, planned, rewritten
        field: Any = self.fields["activity"]
        field.queryset = activities_of(pair)
        self.fields["day"].widget.attrs["max"] = today().isoformat()

    @property
    def kind_words(self) -> str:
        """The kind that is chosen now, for the line of the folded part."""
        chosen = self["kind"].value()
        return str(dict(MeetingKind.choices).get(chosen, "выберите"))

    def clean(self) -> dict[str, Any]:
        """Beside the day what forbids the entry: the law is the service's."""
        data = super().clean() or self.cleaned_data
        keep = {name: data.get(name) for name in ("done", "result")}
        one_line(data, self)
        data.update({name: text.strip() for name, text in keep.items() if text})
        if not self.errors:
            planned = self.planned or self.plan_of_day(data["day"])
            for fault in entry_faults(self.pair, self.entry(), planned=planned, rewritten=self.rewritten):
                self.add_error("day", fault)
        return data

    def plan_of_day(self, day: dt.date) -> Meeting | None:
        if self.rewritten is not None:
            return None
        return Meeting.objects.filter(pair=self.pair, day=day).planned().order_by("time", "pk").first()

    def entry(self) -> Entry:
        """What a valid form says."""
        return Entry(**self.cleaned_data)


class PairChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.title)


class PairForm(forms.Form):
    """Whose journal: asked only of those who have several."""

    pair = PairChoice(Pair.objects.none(), label="Пара или группа", empty_label="выберите")

    def __init__(self, *args: Any, pairs: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["pair"]
        field.queryset = pairs


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Почему",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Причину увидят все, кому виден журнал встреч: не пишите о здоровье.",
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())


class ConfirmForm(forms.Form):
    """The word of the other side; «всё верно» needs nothing more."""

    answer = forms.ChoiceField(
        label="Было так?",
        choices=[(AGREES, "Всё верно"), (ADDS, "Верно, и хочу дополнить"), (DISPUTES, "Было иначе")],
        initial=AGREES,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="Что добавить или исправить",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Увидят все, кому виден журнал встреч пары.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        one_line(data, self)
        if data.get("answer") in (ADDS, DISPUTES) and not data.get("text") and "text" not in self.errors:
            asked = "Напишите, чем дополнить." if data["answer"] == ADDS else "Напишите, как было на самом деле."
            self.add_error("text", asked)
        return data

    def said(self) -> dict[str, Any]:
        """What a valid form says: the words of `confirm_meeting`; «всё верно» says nothing besides."""
        answer = self.cleaned_data["answer"]
        return {"agrees": answer != DISPUTES, "text": "" if answer == AGREES else self.cleaned_data["text"]}


class NoteForm(forms.Form):
    audience = forms.ChoiceField(label="Кто прочитает", choices=Audience.choices, widget=forms.RadioSelect)
    text = forms.CharField(label="Заметка", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        return text


class MeetingRulesForm(forms.ModelForm):
    class Meta:
        model = MeetingRules
        fields = ["yellow_days", "red_days", "asks"]


class MeetingFilter(forms.Form):
    """The filter of the list; what cannot be read narrows nothing."""

    UNCONFIRMED, DISPUTED, MISSED, AHEAD = "unconfirmed", "disputed", "missed", "ahead"

    q = forms.CharField(label="Наставник или наставляемый", required=False, max_length=100)
    pair = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=10**15)
    when = forms.ChoiceField(required=False, choices=[ALL, (AHEAD, "впереди")], widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label="Состояние",
        required=False,
        choices=[
            ALL,
            (MeetingState.HELD.value, "проведены"),
            (MeetingState.CANCELLED.value, "отменены"),
            (UNCONFIRMED, "не подтверждены"),
            (DISPUTED, "было иначе"),
            (MISSED, "день прошёл, записи нет"),
        ],
    )
    kind = forms.ChoiceField(label="Вид", required=False, choices=[ALL, *MeetingKind.choices])
    since = forms.DateField(label="С", required=False, widget=date_input())
    until = forms.DateField(label="По", required=False, widget=date_input())

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data
