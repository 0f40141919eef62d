"""The filter of the journal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from accounts.forms.fields import date_input


class JournalFilter(forms.Form):
    """Who, about what, when, and words of the text. `number` (of the object) comes only from links."""

    q = forms.CharField(label="Слова", required=False, max_length=100)
    who = forms.CharField(label="Кто", required=False, max_length=100)
    kind = forms.ChoiceField(label="О чём", required=False)
    since = forms.DateField(label="С", required=False, widget=date_input())
    until = forms.DateField(label="По", required=False, widget=date_input())
    number = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: list[ContentType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {f"{one.app_label}.{one.model}": one for one in kinds}
        named = sorted((one.name.capitalize(), label) for label, one in self.kinds.items())
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", "обо всём"),
            *((label, name) for name, label in named),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "Этот день раньше первого.")
        return data

    def condition(self) -> Q:
        """What the valid filter leaves of the journal."""
        data = self.cleaned_data
        wanted = Q()
        for word in data["q"].split():
            wanted &= Q(text__icontains=word) | Q(subject_text__icontains=word)
        if data["who"]:
            wanted &= Q(actor_name__icontains=data["who"].strip())
        if data["kind"]:
            wanted &= Q(subject_type=self.kinds[data["kind"]])
        if data["number"]:
            wanted &= Q(subject_id=data["number"])
        return wanted & between(data["since"], data["until"])


def between(since: dt.date | None, until: dt.date | None) -> Q:
    """Entries of the days, both included."""
    wanted = Q(at__date__gte=since) if since else Q()
    return wanted & Q(at__date__lte=until) if until else wanted
