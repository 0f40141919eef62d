"""Input of the library of acts and of minutes; the filters of their lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.models import Body, Organisation
from accounts.permissions import today
from orders.models import LegalAct, Protocol

FIRST_DAY, LAST_DAY = dt.date(1990, 1, 1), dt.date(2100, 12, 31)


def check_day(day: dt.date | None) -> dt.date | None:
    if day and not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError("Проверьте год.")
    return day


class LegalActForm(forms.ModelForm):
    """An own act of the organisation; the instance knows whose. `?replaces=5` names the act it takes the place of."""

    url = forms.URLField(label="Где прочитать", required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = LegalAct
        fields = [
            "level",
            "form",
            "issuer",
            "number",
            "date",
            "title",
            "citation",
            "gives",
            "url",
            "valid_from",
            "valid_to",
            "replaces",
        ]
        widgets = {"date": date_input(), "valid_from": date_input(), "valid_to": date_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = LegalAct.objects.for_organisation(self.instance.organisation).exclude(pk=self.instance.pk)
        replaces: Any = self.fields["replaces"]
        replaces.queryset, replaces.empty_label = earlier, "ничего"
        replaces.help_text = "Прежняя редакция: приказы, которые на неё ссылаются, портал покажет."

    def clean_date(self) -> dt.date:
        day: dt.date = self.cleaned_data["date"]
        if day > today():
            raise forms.ValidationError("Акт не может быть издан в будущем.")
        return check_day(day) or day

    def clean_valid_from(self) -> dt.date | None:
        return check_day(self.cleaned_data["valid_from"])

    def clean_valid_to(self) -> dt.date | None:
        return check_day(self.cleaned_data["valid_to"])


class LibraryFilter(forms.Form):
    """The filter of the library; what cannot be read narrows nothing."""

    VALID, INVALID, DOUBTFUL = "valid", "invalid", "doubtful"

    q = forms.CharField(label="Название, номер или кто издал", required=False, max_length=100)
    level = forms.ChoiceField(label="Уровень", required=False, choices=[("", "любой"), *LegalAct.Level.choices])
    state = forms.ChoiceField(
        label="Действие",
        required=False,
        choices=[("", "не важно"), (VALID, "действует"), (INVALID, "не действует"), (DOUBTFUL, "нужно сверить")],
    )

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


class ProtocolForm(forms.ModelForm):
    """Minutes of a body of the organisation."""

    class Meta:
        model = Protocol
        fields = ["body", "number", "held_on", "chair", "secretary", "present", "agenda", "heard", "decided"]
        widgets = {
            "held_on": date_input(),
            "present": forms.Textarea(attrs={"rows": 4}),
            "agenda": forms.Textarea(attrs={"rows": 3}),
            "heard": forms.Textarea(attrs={"rows": 4}),
            "decided": forms.Textarea(attrs={"rows": 5}),
        }

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        body: Any = self.fields["body"]
        body.queryset, body.empty_label = Body.objects.filter(organisation=organisation), "выберите"
        body.help_text = "Если органа нет в списке, заведите его на странице организации."

    def clean_held_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on"]
        if day > today():
            raise forms.ValidationError("Протокол пишут после заседания: дата не может быть в будущем.")
        return check_day(day) or day

    def clean_number(self) -> str:
        return " ".join(self.cleaned_data["number"].split())


class ProtocolFilter(forms.Form):
    q = forms.CharField(label="Номер, орган или слова решения", required=False, max_length=100)
