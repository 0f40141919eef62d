"""Input of the pages about many consents: the filter of the matrix, requests, versions of texts, duties."""

from __future__ import annotations

from typing import Any

from django import forms

from mentorship.documents.consent_bodies import word_faults
from mentorship.models import PERSONAL, PURPOSES, ConsentState

KINDS = [(kind.value, PURPOSES[kind]) for kind in PERSONAL]


class ConsentFilter(forms.Form):
    """The filter of the matrix; what cannot be read narrows nothing."""

    q = forms.CharField(label="Фамилия, имя или отчество", required=False, max_length=100)
    kind = forms.ChoiceField(label="Согласие", required=False, choices=[("", "любое"), *KINDS])
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "не важно"), *ConsentState.choices])

    def chosen(self) -> dict[str, Any]:
        """The readable choices: a wrong value counts as none."""
        self.is_valid()
        return self.cleaned_data


class RequestForm(forms.Form):
    """Which consents to ask for; nothing is chosen beforehand. `count` is how many people the reader was shown."""

    kinds = forms.MultipleChoiceField(
        label="Какие согласия запросить",
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы одно согласие."},
    )
    count = forms.IntegerField(widget=forms.HiddenInput, required=False)


class PrintForm(forms.Form):
    """Which blanks to print for the chosen people."""

    kinds = forms.MultipleChoiceField(
        label="Какие бланки напечатать",
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Отметьте хотя бы один бланк."},
    )


class ConsentTextForm(forms.Form):
    """The next version of the school's own words."""

    body = forms.CharField(
        label="Текст",
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 22}),
        help_text="Абзацы разделяются пустой строкой; строка с «- » в начале — пункт списка. Слова до двоеточия в "
        "начале абзаца печатаются жирным. В фигурных скобках — то, что портал заполнит сам.",
    )
    note = forms.CharField(
        label="Что изменилось", max_length=300, help_text="Одной фразой: её увидят в списке редакций."
    )

    def clean_body(self) -> str:
        body = self.cleaned_data["body"].replace("\r\n", "\n").strip()
        if faults := word_faults(body):
            raise forms.ValidationError(faults)
        return body

    def clean_note(self) -> str:
        return " ".join(self.cleaned_data["note"].split())


class DutyFilter(forms.Form):
    """Which duties to list; by default those that are not done."""

    LATE, DONE, ALL = "late", "done", "all"

    state = forms.ChoiceField(
        label="Показать",
        required=False,
        choices=[("", "не исполненные"), (LATE, "просроченные"), (DONE, "исполненные"), (ALL, "все")],
    )
    q = forms.CharField(label="Фамилия, имя или отчество", required=False, max_length=100)

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


class DutyForm(forms.Form):
    note = forms.CharField(
        label="Как сделано",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Например: «снимки убраны с сайта и из группы школы, письмо от 14.01.2027».",
    )

    def clean_note(self) -> str:
        return " ".join(self.cleaned_data["note"].split())
