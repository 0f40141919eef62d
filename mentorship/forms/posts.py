"""Input of posts: where and as what a person works, from a day to a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.fields import date_input
from mentorship.forms.participants import check_day
from mentorship.models import Post


class PostForm(forms.ModelForm):
    """A post in the school, or, with a place of work, in another organisation."""

    class Meta:
        model = Post
        fields = ["title", "subjects", "department", "load", "starts_on", "is_main", "workplace"]
        widgets = {"starts_on": date_input()}
        # A comma divides the whole from the parts, as people write it.
        localized_fields = ["load"]
        labels = {"starts_on": "С какого дня", "workplace": "Другая организация"}
        help_texts = {
            "title": "С маленькой буквы: «учитель физики».",
            "subjects": "Через запятую.",
            "department": "Кафедра или методическое объединение.",
            "load": "В ставках: «1», «0,5».",
            "is_main": "Под этой должностью человек стоит в приказах.",
            "workplace": "Заполните, если человек работает так не в вашей организации: такая должность остаётся "
            "сведением и в приказы не попадает. Карточку там ведут свою.",
        }

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_starts_on(self) -> dt.date | None:
        day = check_day(self.cleaned_data["starts_on"])
        last = self.instance.ends_on
        if day and last and day > last:
            raise forms.ValidationError(f"Должность закончилась {last:%d.%m.%Y}: начаться позже она не могла.")
        return day

    def clean(self) -> dict[str, Any]:
        """A post elsewhere is never the main one here."""
        data = super().clean() or self.cleaned_data
        if data.get("workplace"):
            data["is_main"] = False
        return data


class EndPostForm(forms.Form):
    ends_on = forms.DateField(label="Последний день в должности", widget=date_input())

    def clean_ends_on(self) -> dt.date | None:
        return check_day(self.cleaned_data["ends_on"])
