"""Input of what stays known of a person: courses, contests; the last day at school; the photograph."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.fields import ask_to_choose, date_input
from accounts.permissions import today
from core.uploads import SafeFileField, SafeImageField
from mentorship.forms.participants import check_day
from mentorship.models import Achievement, Course


def check_past(day: dt.date | None) -> dt.date | None:
    """Refuse a day to come, and a year that nobody can mean."""
    if day and day > today():
        raise forms.ValidationError("День не может быть в будущем.")
    return check_day(day)


class CourseForm(forms.ModelForm):
    """A course; a file chosen here takes the place of the kept one."""

    new_file = SafeFileField(label="Удостоверение или сертификат", required=False)
    drop_file = forms.BooleanField(label="Удалить файл", required=False)

    class Meta:
        model = Course
        fields = ["title", "provider", "hours", "ended_on", "valid_until", "paper"]
        widgets = {"ended_on": date_input(), "valid_until": date_input()}
        labels = {"paper": "Документ", "ended_on": "Когда окончен", "valid_until": "Действует по"}
        help_texts = {
            "valid_until": "За месяц до этого дня портал напомнит. Пусто, если срока нет.",
            "paper": "Вид, серия и номер.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.file:
            self.fields["new_file"].label = f"Заменить файл «{self.instance.file_name}»"
        else:
            del self.fields["drop_file"]

    def clean_ended_on(self) -> dt.date | None:
        return check_past(self.cleaned_data["ended_on"])

    def clean_valid_until(self) -> dt.date | None:
        return check_day(self.cleaned_data["valid_until"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("new_file") and data.get("drop_file"):
            self.add_error("drop_file", "Выберите одно: новый файл или без файла.")
        return data


class AchievementForm(forms.ModelForm):
    class Meta:
        model = Achievement
        fields = ["kind", "title", "level", "held_on", "result"]
        widgets = {"held_on": date_input()}
        labels = {"held_on": "Когда"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_to_choose(self)

    def clean_held_on(self) -> dt.date | None:
        return check_past(self.cleaned_data["held_on"])


class PhotoForm(forms.Form):
    photo = SafeImageField(label="Фотография", max_side=800)


class LeaveForm(forms.Form):
    """The last day at school and the reason."""

    left_on = forms.DateField(label="Последний день в организации", initial=today, widget=date_input())
    left_reason = forms.CharField(
        label="Основание",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Например: «увольнение, приказ от 28.05.2026 № 40-к» или «окончание школы».",
    )

    def clean_left_on(self) -> dt.date | None:
        return check_day(self.cleaned_data["left_on"])

    def clean_left_reason(self) -> str:
        return " ".join(self.cleaned_data["left_reason"].split())
