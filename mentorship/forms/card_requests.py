"""Input of requests to correct a card: what the person wants otherwise, the curator's answer, the filter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.permissions import today
from mentorship.forms.participants import EditParticipantForm, check_day, tidy
from mentorship.models import CardRequest, Participant
from mentorship.services.card_requests import CORRECTED, NOTHING_NEW


class CardRequestForm(forms.ModelForm):
    """The own card as it should be. Valid where something differs or a comment says what is wrong."""

    comment = forms.CharField(
        label="Пояснение",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Например: «сменила фамилию, паспорт покажу» или «должность указана неверно».",
    )

    class Meta:
        model = Participant
        fields = list(CORRECTED)
        widgets = {"works_since": date_input()}
        help_texts = {"patronymic": "Если отчества нет, оставьте пустым."}

    def clean_surname(self) -> str:
        return tidy(self.cleaned_data["surname"])

    def clean_given_name(self) -> str:
        return tidy(self.cleaned_data["given_name"])

    def clean_patronymic(self) -> str:
        return tidy(self.cleaned_data["patronymic"])

    def clean_works_since(self) -> dt.date | None:
        day = check_day(self.cleaned_data["works_since"])
        if day and day > today():
            raise forms.ValidationError("Стаж не может начаться в будущем.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not data.get("comment") and not self.differs():
            raise forms.ValidationError(NOTHING_NEW)
        return data

    def differs(self) -> bool:
        stored = self.initial
        return any((self.cleaned_data[name] or "") != (stored.get(name) or "") for name in CORRECTED)


class RenameForm(forms.Form):
    """Why the name becomes another one: asked of the curator where a request wants that."""

    name_kind = EditParticipantForm.base_fields["name_kind"]
    renamed_on = EditParticipantForm.base_fields["renamed_on"]

    def take_errors(self, form: EditParticipantForm) -> list[str]:
        """Show the card's own errors beside the questions; returns the rest as sentences."""
        rest = []
        for name, errors in form.errors.items():
            if name in self.fields:
                self.add_error(name, list(errors))
            else:
                rest.append(f"{form.fields[name].label}: {' '.join(map(str, errors))}")
        return rest


def corrected(person: Participant, wanted: Mapping[str, str], answers: Mapping[str, Any]) -> EditParticipantForm:
    """The form of the card as the curator would send it: what stands there now, over it what is wanted, and the
    answers about another name."""
    data: dict[str, Any] = {}
    for bound in EditParticipantForm(instance=person):
        value = bound.value()
        if not isinstance(bound.field, forms.FileField) and value not in (None, False):
            data[bound.html_name] = value
    asked = {name: answers.get(name, "") for name in RenameForm.base_fields}
    return EditParticipantForm({**data, **asked, **wanted}, instance=person)


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="Почему карточка не исправлена",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Человек увидит это на своей карточке и получит письмом.",
    )


class CardRequestFilter(forms.Form):
    """The filter of the list; what cannot be read narrows nothing."""

    q = forms.CharField(label="Фамилия, имя или отчество", required=False, max_length=100)
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "все"), *CardRequest.State.choices])

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data
