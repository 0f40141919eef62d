"""Input of a reminder: about what and to whom, the words, what was shown; the filter of past ones."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django import forms
from django.utils import timezone

from mentorship.models.reminders import Audience, ReminderKind
from mentorship.services.reminders import Mailing, words_for

CHANGED = "Текст изменился: посмотрите письма ещё раз и отправьте."


class ReminderChoice(forms.Form):
    """About what and to whom; stands in the address, because the proposed words depend on it."""

    kind = forms.ChoiceField(label="О чём напомнить", choices=ReminderKind.choices, required=False)
    audience = forms.ChoiceField(label="Кому", choices=Audience.choices, required=False)

    def chosen(self) -> dict[str, str]:
        """The readable choices; by default mentors are reminded of meetings."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return {"kind": ReminderKind.MEETINGS.value, "audience": Audience.MENTORS.value, **given}


class ReminderForm(forms.Form):
    """The words of the letters; `shown_at` and `shown` say when and with which words they were shown."""

    subject = forms.CharField(label="Тема", max_length=150)
    text = forms.CharField(
        label="Общий текст",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Обращение по имени и строка о каждой паре добавятся сами.",
    )
    in_holidays = forms.BooleanField(label="Отправить, хотя сейчас нерабочее время", required=False)
    shown_at = forms.CharField(widget=forms.HiddenInput, required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, chosen: dict[str, str], rest: str = "") -> None:
        subject, text = words_for(chosen["kind"], chosen["audience"])
        super().__init__(data, initial={"subject": subject, "text": text})
        self.kind, self.audience = chosen["kind"], chosen["audience"]
        if rest:
            self.fields["in_holidays"].help_text = f"Сегодня {rest}. Обычно в эти дни не напоминают."
        else:
            del self.fields["in_holidays"]

    def words(self) -> Mailing:
        """The words as they stand in the form, right or wrong."""
        said = {name: str(self[name].value() or "").strip() for name in ("subject", "text")}
        return Mailing(self.kind, self.audience, **said)

    def mark(self) -> str:
        """A short sign of the words: the letters that leave are those that were shown."""
        return hashlib.sha256(repr(self.words()).encode()).hexdigest()[:16]

    def show_now(self) -> None:
        """Note that the letters are being shown with these words."""
        now = {"shown_at": timezone.now().isoformat(), "shown": self.mark()}
        self.initial.update(now)
        if self.is_bound:
            self.data = {**self.data.dict(), **now}  # type: ignore[attr-defined]

    @property
    def shown_moment(self) -> dt.datetime:
        """When the letters were shown; an unreadable moment counts as long ago, so that nobody is told twice."""
        try:
            moment = dt.datetime.fromisoformat(self.cleaned_data.get("shown_at", ""))
        except ValueError:
            moment = timezone.now() - dt.timedelta(days=1)
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

    @property
    def was_shown(self) -> bool:
        """Whether the letters were shown with the words that are sent now."""
        return bool(self.cleaned_data["shown"] == self.mark())


class ReminderFilter(forms.Form):
    """The filter of past mailings."""

    q = forms.CharField(label="Кому или тема", required=False, max_length=100)
    kind = forms.ChoiceField(label="О чём", required=False, choices=[("", "обо всём"), *ReminderKind.choices])

    def chosen(self) -> dict[str, Any]:
        """The readable choices: a wrong value counts as none."""
        self.is_valid()
        return self.cleaned_data
