"""Input of interviews: when and by whom, what came of it, why it is called off; the filter of the checklist."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.models import Organisation, User
from accounts.permissions import today
from mentorship.forms.banks import EVERYBODY
from mentorship.models import BankRole, Conclusion
from mentorship.models.interviews import Progress
from mentorship.services.interviews import Meeting, Outcome, day_faults, interviewers, outcome_faults


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


def offer_interviewers(form: forms.Form, organisation: Organisation, user: User) -> None:
    """Whoever may hold interviews; the reader first of all, if they may."""
    offered = interviewers(organisation)
    field: Any = form.fields["interviewer"]
    field.queryset = offered
    if user in offered:
        form.initial.setdefault("interviewer", user.pk)


class MeetingForm(forms.Form):
    """When and where, and who holds it."""

    planned_for = forms.DateField(label="День", widget=date_input())
    place = forms.CharField(
        label="Время и место", max_length=150, required=False, help_text="Например: «15:10, кабинет 12»."
    )
    interviewer = PersonChoice(User.objects.none(), label="Кто проводит", empty_label="выберите")

    def __init__(self, *args: Any, organisation: Organisation, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_interviewers(self, organisation, user)

    def clean_planned_for(self) -> dt.date:
        day: dt.date = self.cleaned_data["planned_for"]
        if faults := day_faults(day):
            raise forms.ValidationError(faults)
        return day

    def clean_place(self) -> str:
        return " ".join(self.cleaned_data["place"].split())

    def meeting(self) -> Meeting:
        """What a valid form says."""
        return Meeting(**self.cleaned_data)


class OutcomeForm(forms.Form):
    """What came of an interview; whoever declined is asked for the reason."""

    held_on = forms.DateField(label="Когда прошло", widget=date_input())
    conclusion = forms.ChoiceField(label="Заключение", choices=Conclusion.choices, widget=forms.RadioSelect)
    record = forms.CharField(
        label="Запись разговора",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Видят куратор, педагог-психолог, директор и проверяющий. В журнал и на сайт не попадает.",
    )
    reason = forms.CharField(
        label="Причина отказа",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Только если человек отказался: её запишут в карточку банка.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("held_on", today())

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())

    def clean_record(self) -> str:
        text: str = self.cleaned_data["record"]
        return text.strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("conclusion") == Conclusion.DECLINED and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Напишите причину: она останется в карточке банка рядом с датой отказа.")
        if data.get("held_on") and data.get("conclusion"):
            for fault in outcome_faults(self.outcome()):
                self.add_error("held_on", fault)
        return data

    def outcome(self) -> Outcome:
        """What a valid form says; a reason given with another conclusion means nothing."""
        data = self.cleaned_data
        declined = data["conclusion"] == Conclusion.DECLINED
        return Outcome(
            held_on=data["held_on"],
            conclusion=data["conclusion"],
            record=data.get("record", ""),
            reason=data.get("reason", "") if declined else "",
        )


class UnplannedOutcomeForm(OutcomeForm):
    """An interview that nobody had planned: also who held it."""

    interviewer = PersonChoice(User.objects.none(), label="Кто проводил", empty_label="выберите")
    field_order = ["held_on", "interviewer", "conclusion", "record", "reason"]

    def __init__(self, *args: Any, organisation: Organisation, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_interviewers(self, organisation, user)


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Почему отменяется",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Эти слова придут в письме человеку и тому, кто проводит собеседование.",
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())


class InterviewFilter(forms.Form):
    """The filter of the checklist; what cannot be read narrows nothing."""

    q = forms.CharField(label="Фамилия, имя или отчество", required=False, max_length=100)
    role = forms.ChoiceField(
        label="Банк",
        required=False,
        choices=[EVERYBODY, (BankRole.MENTOR.value, "наставники"), (BankRole.MENTEE.value, "наставляемые")],
    )
    state = forms.ChoiceField(label="Собеседование", required=False, choices=[EVERYBODY, *Progress.choices])

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data
