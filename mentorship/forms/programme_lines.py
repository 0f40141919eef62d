"""Input of the rows of a programme: difficulties, lines, what was done, delays; templates as lines of text."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.permissions import today
from core.uploads import SafeFileField
from mentorship.forms.programmes import RevisionField, one_line
from mentorship.models import Activity, DictionaryEntry, Focus, Participant, Programme, ProgrammeTemplate

MOST_WEEKS = 60
MOST_LINES = 80
LINES_HELP = (
    "Каждое с новой строки: раздел (1–3) | неделя от начала | номер затруднения из списка выше | задание | "
    "планируемый результат."
)
FOCUSES_HELP = (
    "Каждое с новой строки, по порядку номеров. Сильная сторона начинается с плюса: «+ опыт и знание предмета»."
)


class MenteeChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class FocusChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """«порядок на уроке (Ольхин Б. В.)»; a strength says that it is one: the words may be the same."""
        told = [obj.mentee.short_name] if obj.mentee else []
        told += [obj.get_kind_display()] if obj.kind == Focus.Kind.STRENGTH else []
        return f"{obj.text} ({', '.join(told)})" if told else obj.text


class RowForm(forms.ModelForm):
    """A row of a programme; the service writes it, so the instance stays as it was read."""

    revision = RevisionField()
    mentee = MenteeChoice(Participant.objects.none(), label="Для кого", required=False, empty_label="для всех")

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme, self.initial["revision"] = programme, self.instance.revision
        mentees = [one.pk for one in programme.pair.mentees]
        self.fields["mentee"].queryset = Participant.objects.filter(pk__in=mentees)  # type: ignore[attr-defined]
        if len(mentees) < 2 and not self.instance.mentee_id:
            del self.fields["mentee"]
        if self.instance.pk is None:
            del self.fields["revision"]

    def _post_clean(self) -> None:
        """The service writes the row."""

    def values(self) -> dict[str, Any]:
        names = [*self.Meta.fields, "mentee"]  # type: ignore[attr-defined]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class FocusForm(RowForm):
    class Meta:
        model = Focus
        fields = ["kind", "entry", "text"]
        help_texts = {"text": "Пусто — словами из списка."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation = self.programme.organisation
        offered = DictionaryEntry.objects.offered(organisation, DictionaryEntry.Dictionary.DIFFICULTY)
        chosen = DictionaryEntry.objects.filter(pk=self.instance.entry_id)
        entry: Any = self.fields["entry"]
        entry.queryset, entry.empty_label, entry.label = offered | chosen, "нет в списке", "Из списка затруднений"
        self.fields["text"].required = False
        if "mentee" in self.fields:
            self.fields["mentee"].label = "У кого"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["text"] = one_line(data.get("text") or "")
        if not data["text"] and data.get("entry"):
            data["text"] = data["entry"].title
        if not data["text"] and "text" not in self.errors:
            self.add_error("text", "Напишите словами или выберите из списка.")
        return data


class ActivityForm(RowForm):
    focus = FocusChoice(Focus.objects.none(), label="На что нацелено", empty_label="выберите")

    class Meta:
        model = Activity
        fields = ["section", "title", "focus", "due_on", "planned_result"]
        widgets = {
            "due_on": date_input(),
            "title": forms.Textarea(attrs={"rows": 2}),
            "planned_result": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, last = self.programme.starts_on, self.programme.ends_on
        rows = Focus.objects.filter(programme=self.programme).select_related("mentee")
        self.fields["focus"].queryset = rows  # type: ignore[attr-defined]
        self.fields["due_on"].help_text = f"Внутри срока программы: с {first:%d.%m.%Y} по {last:%d.%m.%Y}."

    def clean_due_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["due_on"]
        first, last = self.programme.starts_on, self.programme.ends_on
        if not first <= day <= last:
            raise forms.ValidationError(f"Срок — внутри срока программы: с {first:%d.%m.%Y} по {last:%d.%m.%Y}.")
        return day

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"])


# --- Progress ---------------------------------------------------------------------------------------------------------
class DoForm(forms.Form):
    result = forms.CharField(
        label="Что получилось",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Одной-двумя фразами.",
    )
    done_on = forms.DateField(label="Когда выполнено", widget=date_input())
    file = SafeFileField(label="Файл, если есть", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("done_on", today())


class CheckForm(forms.Form):
    mark = forms.CharField(
        label="Оценка наставника",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Словами: «выполнено полностью, приёмы закреплены».",
    )
    result = forms.CharField(
        label="Фактический результат", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class DelayForm(forms.Form):
    until = forms.DateField(label="Новый срок", widget=date_input())
    reason = forms.CharField(label="Почему", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])


# --- Templates --------------------------------------------------------------------------------------------------------
class TemplateNameForm(forms.Form):
    """What a template made of a programme is called."""

    title = forms.CharField(label="Название шаблона", max_length=150)
    summary = forms.CharField(label="Для кого", max_length=300, required=False)

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"])


class TemplateForm(TemplateNameForm):
    """A template of the school: its difficulties and lines as lines of text."""

    months = forms.IntegerField(label="На сколько месяцев", min_value=3, max_value=12)
    is_active = forms.BooleanField(label="Предлагать при составлении программ", required=False)
    focuses = forms.CharField(
        label="Затруднения и сильные стороны",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=FOCUSES_HELP,
    )
    lines = forms.CharField(
        label="Мероприятия", max_length=40_000, widget=forms.Textarea(attrs={"rows": 16}), help_text=LINES_HELP
    )

    def clean_focuses(self) -> list[dict[str, Any]]:
        found = [read_focus(line) for line in filled(self.cleaned_data["focuses"])]
        if not found:
            raise forms.ValidationError("Запишите хотя бы одно затруднение.")
        if any(not one["text"] or len(one["text"]) > 300 for one in found):
            raise forms.ValidationError("Каждое затруднение — от одного слова до 300 знаков.")
        return found

    def clean_lines(self) -> list[dict[str, Any]]:
        rows = filled(self.cleaned_data["lines"])
        if not rows:
            raise forms.ValidationError("Запишите хотя бы одно мероприятие.")
        if len(rows) > MOST_LINES:
            raise forms.ValidationError(f"Мероприятий не больше {MOST_LINES}.")
        count = len(self.cleaned_data.get("focuses") or ())
        return [read_line(place, row, count) for place, row in enumerate(rows, start=1)]

    def values(self, template: ProgrammeTemplate) -> dict[str, Any]:
        """What the service takes; a difficulty whose words stayed keeps its code of the dictionary."""
        codes = {one["text"]: one["code"] for one in template.focuses}
        focuses = [{**one, "code": codes.get(one["text"], "")} for one in self.cleaned_data["focuses"]]
        names = ("title", "summary", "months", "is_active", "lines")
        return {**{name: self.cleaned_data[name] for name in names}, "focuses": focuses}


def template_initial(template: ProgrammeTemplate) -> dict[str, Any]:
    def said(raw: Any) -> str:
        place = "" if raw["focus"] is None else raw["focus"] + 1
        return f"{raw['section']} | {raw['week']} | {place} | {raw['title']} | {raw['result']}"

    focuses = [
        f"+ {one['text']}" if one["kind"] == Focus.Kind.STRENGTH else str(one["text"]) for one in template.focuses
    ]
    names = ("title", "summary", "months", "is_active")
    values: dict[str, Any] = {name: getattr(template, name) for name in names}
    return {**values, "focuses": "\n".join(focuses), "lines": "\n".join(map(said, template.lines))}


def filled(text: str) -> list[str]:
    return [line for line in (one_line(raw) for raw in text.splitlines()) if line]


def read_focus(line: str) -> dict[str, Any]:
    strength = line.startswith("+")
    kind = Focus.Kind.STRENGTH if strength else Focus.Kind.DIFFICULTY
    return {"kind": kind.value, "code": "", "text": line.removeprefix("+").strip()}


def read_line(place: int, row: str, focuses: int) -> dict[str, Any]:
    """One line of the text as a line of a template; raises ValidationError that names its number."""
    parts = [part.strip() for part in row.split("|", 4)]
    if len(parts) < 4 or not parts[3]:
        raise forms.ValidationError(f"Строка {place}: нужны раздел, неделя, номер затруднения и задание через черту.")
    section, week = number_in(parts[0], 1, 3), number_in(parts[1], 0, MOST_WEEKS)
    focus = number_in(parts[2], 1, focuses) if parts[2] else None
    if section is None or week is None:
        raise forms.ValidationError(f"Строка {place}: раздел — от 1 до 3, неделя — от 0 до {MOST_WEEKS}.")
    if parts[2] and focus is None:
        raise forms.ValidationError(f"Строка {place}: затруднения с номером «{parts[2][:10]}» в списке нет.")
    result = parts[4] if len(parts) > 4 else ""
    if len(parts[3]) > 400 or len(result) > 500:
        raise forms.ValidationError(f"Строка {place}: задание — до 400 знаков, результат — до 500.")
    aim = None if focus is None else focus - 1
    return {"section": section, "week": week, "focus": aim, "title": parts[3], "result": result}


def number_in(text: str, least: int, most: int) -> int | None:
    """The number between the bounds that the text is, or None."""
    if not text.isascii() or not text.isdecimal() or len(text) > 3:
        return None
    return int(text) if least <= int(text) <= most else None
