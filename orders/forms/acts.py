"""Input of a local act: its text or its file, one section of it, its agreement marks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.fields import ask_to_choose, date_input
from accounts.models import Organisation
from accounts.permissions import today
from core.uploads import DOCX, PDF, SafeFileField
from orders.forms.clauses import rows_for
from orders.forms.library import check_day
from orders.models import ActMark, LocalAct, Protocol
from orders.models.act_text import Section, lines_of

EITHER = "Акт — это или текст, или файл. Уберите одно из двух."
LONGEST_LINE = 5000
PREFIX = "line-"


class ActForm(forms.ModelForm):
    """A draft; a file chosen here takes the place of the kept one. The kind of a new edition is that of the earlier."""

    new_file = SafeFileField(label="Или готовый файл", kinds=(PDF, DOCX), required=False)
    drop_file = forms.BooleanField(label="Убрать файл", required=False)

    class Meta:
        model = LocalAct
        fields = ["kind", "title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 24})}
        help_texts = {
            "title": "Так, как будет напечатано в приказе: «Положение о наставничестве педагогов…».",
            "text": "Каждый абзац с новой строки. Номера разделов и пунктов пишите сами: «1. Общие положения».",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].disabled = self.instance.replaces_id is not None
        if self.instance.file:
            self.fields["new_file"].label = f"Заменить файл «{self.instance.file_name}»"
        else:
            del self.fields["drop_file"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("new_file") and data.get("drop_file"):
            self.add_error("drop_file", "Выберите одно: новый файл или без файла.")
        has_file = data.get("new_file") or (self.instance.file and not data.get("drop_file"))
        if has_file and data.get("text"):
            self.add_error("text", EITHER)
        elif not has_file and not data.get("text") and not {"text", "new_file"} & set(self.errors):
            self.add_error("text", "Напишите текст акта или приложите файл.")
        return data


class SectionForm(forms.Form):
    """One section, a field for every clause of it; an empty field takes the clause out, a new line adds one."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=16)
    new = forms.CharField(
        label="Новые пункты",
        required=False,
        max_length=LONGEST_LINE * 4,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Каждый с новой строки: встанут в конец раздела.",
    )
    number = forms.BooleanField(
        label="Поставить номера по порядку",
        required=False,
        help_text="Во всём документе. Ссылки на пункты внутри текста проверьте сами.",
    )

    def __init__(self, *args: Any, section: Section, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = {
            f"{PREFIX}{place}": forms.CharField(
                label=label_of(line, place, section),
                initial=line,
                required=False,
                max_length=LONGEST_LINE,
                widget=forms.Textarea(attrs={"rows": 1 if line == section.heading else rows_for(line)}),
            )
            for place, line in enumerate(section.all_lines)
        }
        self.fields = {**lines, **self.fields}

    def refuse(self, sentences: list[str], fingerprint: str) -> None:
        """Say what the service said; sent once more, the form speaks of the text as it is now."""
        self.add_error(None, sentences)
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["fingerprint"] = fingerprint
        self.data = data

    @property
    def lines(self) -> list[str]:
        """Lines of a valid form in their order."""
        typed = [text for name, text in self.cleaned_data.items() if name.startswith(PREFIX)]
        return [line for text in [*typed, self.cleaned_data["new"]] for line in lines_of(text)]


def label_of(line: str, place: int, section: Section) -> str:
    """«Заголовок раздела», «Пункт 1.2», «Абзац 3»."""
    if line == section.heading and place == 0:
        return "Заголовок раздела"
    number = line.split(" ")[0]
    return f"Пункт {number.rstrip('.')}" if number[:1].isdigit() and number.endswith(".") else f"Абзац {place + 1}"


class MarkForm(forms.ModelForm):
    """A mark on paper: from minutes of the portal, or in words of one's own."""

    class Meta:
        model = ActMark
        fields = ["word", "protocol", "title", "name", "paper", "given_on"]
        widgets = {"given_on": date_input()}
        labels = {"given_on": "Дата отметки", "paper": "Номер и дата бумаги"}
        help_texts = {
            "protocol": "Орган, номер и дата возьмутся из него. Если протокола в портале нет, заполните поля ниже.",
            "title": "«Председатель профсоюзного комитета», «Совет родителей».",
            "paper": "«протокол от 28.08.2026 № 2», «письмо от 01.09.2026 № 15». Пусто, если подписан сам акт.",
        }

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        protocol: Any = self.fields["protocol"]
        protocol.queryset = Protocol.objects.filter(organisation=organisation).select_related("body")
        protocol.empty_label = "нет в портале"
        for name in ("title", "given_on"):
            self.fields[name].required = False
        ask_to_choose(self)

    def clean_given_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["given_on"]
        if day and day > today():
            raise forms.ValidationError("Отметку ставят, когда документ уже рассмотрели: дата не может быть в будущем.")
        return check_day(day)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if protocol := data.get("protocol"):
            data["title"] = data.get("title") or protocol.body.name
            data["paper"] = data.get("paper") or f"протокол от {protocol.held_on:%d.%m.%Y} № {protocol.number}"
            data["given_on"] = data.get("given_on") or protocol.held_on
            return data
        if "protocol" in self.errors:
            return data
        if not data.get("title") and "title" not in self.errors:
            self.add_error("title", "Напишите, какой орган или кто поставил отметку, или выберите протокол.")
        if not data.get("given_on") and "given_on" not in self.errors:
            self.add_error("given_on", "Укажите дату отметки.")
        return data


class ActFilter(forms.Form):
    """The filter of the list; states are those of today."""

    DRAFT, IN_FORCE, COMING, ENDED = "draft", "in_force", "coming", "ended"

    q = forms.CharField(label="Название", required=False, max_length=100)
    kind = forms.ChoiceField(label="Вид", required=False, choices=[("", "любой"), *LocalAct.Kind.choices])
    state = forms.ChoiceField(
        label="Состояние",
        required=False,
        choices=[
            ("", "любое"),
            (DRAFT, "проект"),
            (COMING, "ещё не вступил в силу"),
            (IN_FORCE, "действует"),
            (ENDED, "утратил силу"),
        ],
    )
