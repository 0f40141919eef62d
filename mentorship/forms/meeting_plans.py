"""Input of meetings ahead: one or a series, and moving one to another day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.permissions import today
from mentorship.forms.consents import one_line
from mentorship.forms.meetings import ActivityChoice, activities_of, minutes_field, place_field
from mentorship.models import Activity, MeetingKind, Pair
from mentorship.services.meeting_plans import Plan

EVERY = [("0", "одна встреча"), ("7", "каждую неделю"), ("14", "каждые две недели"), ("28", "каждые четыре недели")]


class MoveForm(forms.Form):
    """When and where."""

    day = forms.DateField(label="День", widget=date_input())
    time = forms.TimeField(
        label="Время",
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": "Напишите время, например 15:10."},
    )
    minutes = minutes_field(required=False)
    place = place_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].widget.attrs["min"] = today().isoformat()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        one_line(data, self)
        return data

    def plan(self, **more: Any) -> Plan:
        """What a valid form says."""
        said = {"kind": MeetingKind.REGULAR, **self.cleaned_data, **more}
        return Plan(**{**said, "every": said.get("every") or 0})


class PlanForm(MoveForm):
    """A meeting ahead, or a series of them."""

    goal = forms.CharField(label="Цель", max_length=300, required=False)
    kind = forms.ChoiceField(label="Вид встречи", choices=MeetingKind.choices)
    activity = ActivityChoice(
        Activity.objects.none(), label="Мероприятие программы", required=False, empty_label="не выбрано"
    )
    every = forms.TypedChoiceField(
        label="Повторять", choices=EVERY, coerce=int, required=False, empty_value="", widget=forms.RadioSelect
    )
    until = forms.DateField(
        label="До какого дня",
        required=False,
        widget=date_input(),
        help_text="Каникулы и праздники портал пропустит сам.",
    )

    def __init__(self, *args: Any, pair: Pair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = pair
        field: Any = self.fields["activity"]
        field.queryset = activities_of(pair)
        self.fields["until"].widget.attrs["max"] = pair.ends_on.isoformat()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        until: dt.date | None = data.get("until")
        if data.get("every") and "until" not in self.errors:
            if until is None:
                self.add_error("until", "Напишите последний день, до которого повторять.")
            elif until > self.pair.ends_on:
                self.add_error("until", f"Пара работает до {self.pair.ends_on:%d.%m.%Y}: выберите день не позже.")
            elif data.get("day") and until < data["day"]:
                self.add_error("until", "Последний день не может быть раньше первой встречи.")
        return data
