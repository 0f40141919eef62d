"""Input of programmes: what a new one is made of, its header, agreement, results; the filter of the bank."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.forms.reauthentication import ReauthenticationForm
from accounts.models import Organisation
from accounts.permissions import today
from core.russian import plural, school_year
from core.uploads import SafeFileField
from mentorship.models import DictionaryEntry, Pair, Participant, Programme, ProgrammeState, ProgrammeTemplate

STALE = "Страница устарела. Откройте её заново."
LONGEST_REVISION = 10**9
EVERYBODY = ("", "все")
MONTHS = ("месяц", "месяца", "месяцев")
Dictionary = DictionaryEntry.Dictionary
WORDS = {"forms": Dictionary.FORM, "kinds": Dictionary.KIND, "directions": Dictionary.DIRECTION}


def one_line(text: str) -> str:
    return " ".join(text.split())


class RevisionField(forms.IntegerField):
    """The revision of the row that the page showed."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"invalid": STALE, "required": STALE, "max_value": STALE, "min_value": STALE}
        super().__init__(
            min_value=0, max_value=LONGEST_REVISION, widget=forms.HiddenInput, error_messages=messages, **kwargs
        )


class PairChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title}, с {obj.starts_on:%d.%m.%Y} по {obj.ends_on:%d.%m.%Y}"


class ProgrammeStartForm(forms.Form):
    """A pair and what its programme begins with: «template:3», «programme:5» or nothing."""

    pair = PairChoice(Pair.objects.none(), label="Для какой пары", empty_label="выберите")
    base = forms.ChoiceField(label="С чего начать", required=False, widget=forms.RadioSelect)

    def __init__(
        self, *args: Any, pairs: Any, templates: list[ProgrammeTemplate], sources: list[Programme], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pair"].queryset = pairs  # type: ignore[attr-defined]
        self.bases: dict[str, Any] = {f"template:{one.pk}": one for one in templates}
        self.bases |= {f"programme:{one.pk}": one for one in sources}
        choices = [(f"template:{one.pk}", f"Шаблон «{one}», {plural(one.months, *MONTHS)}") for one in templates]
        choices += [(f"programme:{one.pk}", f"Программа из банка: «{one}», {one.pair.title}") for one in sources]
        self.fields["base"].choices = [*choices, ("", "Пустая программа")]  # type: ignore[attr-defined]

    def chosen_base(self) -> dict[str, Any]:
        """The keyword of `create_programme` that the choice means."""
        found = self.bases.get(self.cleaned_data.get("base", ""))
        if isinstance(found, ProgrammeTemplate):
            return {"template": found}
        return {"source": found} if found else {}


class ProgrammeForm(forms.ModelForm):
    """The header of a programme."""

    revision = RevisionField()

    class Meta:
        model = Programme
        fields = [
            "title",
            "starts_on",
            "ends_on",
            "forms",
            "kinds",
            "directions",
            "mode",
            "frequency",
            "request",
            "goal",
            "tasks",
            "expected",
        ]
        widgets = {
            "starts_on": date_input(),
            "ends_on": date_input(),
            "forms": forms.CheckboxSelectMultiple,
            "kinds": forms.CheckboxSelectMultiple,
            "directions": forms.CheckboxSelectMultiple,
            **{name: forms.Textarea(attrs={"rows": 2}) for name in ("request", "goal")},
            **{name: forms.Textarea(attrs={"rows": 4}) for name in ("tasks", "expected")},
        }
        help_texts = {
            "ends_on": "Последний день. Срок — от трёх месяцев до года, внутри срока пары.",
            "frequency": "Например: «раз в неделю, по вторникам».",
            "request": "С чем пришёл наставляемый, его словами.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["revision"] = self.instance.revision
        for name, dictionary in WORDS.items():
            offered = DictionaryEntry.objects.offered(self.instance.organisation, dictionary)
            chosen = getattr(self.instance, name).all()
            self.fields[name].queryset = (offered | chosen).distinct()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("title", "frequency", "request", "goal"):
            if name in data:
                data[name] = one_line(data[name])
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "Окончание не может быть раньше начала.")
        return data

    def _post_clean(self) -> None:
        """The service writes the row: the instance stays as it was read, for the page to show."""

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class RemarkForm(forms.Form):
    remark = forms.CharField(
        label="Что исправить",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Наставник и куратор увидят эти слова на странице программы и в письме.",
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Почему", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self) -> str:
        return one_line(self.cleaned_data["reason"])


class MarkForm(forms.Form):
    """Whose agreement was signed on paper, and on which day."""

    person = forms.TypedChoiceField(label="Кто подписал")
    agreed_on = forms.DateField(label="Когда подписано", widget=date_input())

    def __init__(self, *args: Any, people: list[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(one.pk): one for one in people}
        field: Any = self.fields["person"]
        field.choices = [("", "выберите"), *((key, one.full_name) for key, one in by_key.items())]
        field.coerce, field.empty_value = by_key.__getitem__, None
        self.initial.setdefault("agreed_on", today())

    def clean_agreed_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["agreed_on"]
        if day > today():
            raise forms.ValidationError("День не может быть в будущем.")
        if day.year < today().year - 1:
            raise forms.ValidationError("Проверьте год: лист подписан до составления программы.")
        return day


class ProgrammeApprovalForm(ReauthenticationForm):
    """Nothing but the password, if it is due."""

    PURPOSE = "утверждение программы"


class ResultsForm(forms.Form):
    results = forms.CharField(
        label="Что получилось",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Чему научился наставляемый, что преодолено, что дальше. Без имён: итоги могут показать на сайте.",
    )


class CommentForm(forms.Form):
    text = forms.CharField(label="Замечание или вопрос", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class MaterialForm(forms.Form):
    title = forms.CharField(label="Название", max_length=200, required=False, help_text="Пусто — по имени файла.")
    file = SafeFileField(label="Файл")


class ProgrammeFilter(forms.Form):
    """The filter of the bank; what cannot be read narrows nothing."""

    q = forms.CharField(label="Название или фамилия", required=False, max_length=100)
    sort = forms.ChoiceField(
        label="Вид", required=False, choices=[EVERYBODY, ("one", "индивидуальные"), ("group", "групповые")]
    )
    direction = forms.ChoiceField(label="Направление", required=False)
    form = forms.ChoiceField(label="Форма", required=False)
    state = forms.ChoiceField(label="Состояние", required=False, choices=[EVERYBODY, *ProgrammeState.choices])
    year = forms.ChoiceField(label="Учебный год", required=False)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = DictionaryEntry.objects.of(organisation).filter(dictionary__in=[Dictionary.FORM, Dictionary.DIRECTION])
        for name, dictionary in (("direction", Dictionary.DIRECTION), ("form", Dictionary.FORM)):
            chosen = [(str(one.pk), one.title) for one in words if one.dictionary == dictionary]
            self.fields[name].choices = [EVERYBODY, *chosen]  # type: ignore[attr-defined]
        day = today()
        years = [school_year(day.replace(year=day.year - back, day=1)) for back in range(5)]
        self.fields["year"].choices = [EVERYBODY, *((one[:4], one) for one in years)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data
