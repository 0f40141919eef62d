"""Input of what happens to a working pair: another mentor, helpers, pauses, a longer term; the school's rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.permissions import today
from mentorship.forms.appointments import PersonChoice
from mentorship.forms.consents import one_line, words
from mentorship.forms.labour import ReasonForm
from mentorship.forms.participants import check_day
from mentorship.models import Category, Extension, Pair, PairRules, Participant
from mentorship.services.extensions import extension_faults
from mentorship.services.pair_changes import replacement_faults
from mentorship.services.pair_company import Help, helper_faults, pause_faults


class AboutPairForm(forms.Form):
    """Something about a pair; texts are folded, days are of this century."""

    def __init__(self, *args: Any, pair: Pair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = pair

    def staff(self) -> Any:
        """Whom the organisation has and who is not in the pair."""
        rows = Participant.objects.filter(organisation=self.pair.organisation).present()
        return rows.exclude(pk__in=[person.pk for person in self.pair.people]).by_name().with_posts()

    def faults(self) -> dict[str, str]:
        """What is wrong: the name of a field → the sentence beside it."""
        return {}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        one_line(data, self)
        for name, field in self.fields.items():
            if isinstance(field, forms.DateField) and name in data:
                self.check(name, data[name])
        if not self.errors:
            for name, sentence in self.faults().items():
                self.add_error(name if name in self.fields else None, sentence)
        return data

    def check(self, name: str, day: dt.date | None) -> None:
        try:
            check_day(day)
        except forms.ValidationError as error:
            self.add_error(name, error)


class ReplaceForm(AboutPairForm):
    """The new mentor and the first day."""

    mentor = PersonChoice(Participant.objects.none(), label="Новый наставник", empty_label="выберите")
    starts_on = forms.DateField(
        label="Первый день с новым наставником",
        widget=date_input(),
        help_text="Прежний наставник работает до дня накануне.",
    )
    reason = words("Почему меняется наставник", length=500, lines=2, help_text="В текст приказа не попадает.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mentor"].queryset = self.staff().exclude(category=Category.PUPIL)  # type: ignore[attr-defined]

    def faults(self) -> dict[str, str]:
        found = replacement_faults(self.pair, self.cleaned_data["mentor"], self.cleaned_data["starts_on"])
        return {"starts_on": " ".join(found)} if found else {}


class HelperForm(AboutPairForm):
    """A colleague who helps the mentor, and the consent that they have signed."""

    participant = PersonChoice(Participant.objects.none(), label="Кто помогает", empty_label="выберите")
    role = forms.CharField(label="Чем помогает", max_length=200, help_text="Например: «разбор открытых уроков».")
    starts_on = forms.DateField(label="С какого дня", widget=date_input())
    ends_on = forms.DateField(label="По какой день", required=False, widget=date_input())
    consent_on = forms.DateField(
        label="Согласие подписано", widget=date_input(), help_text="Без письменного согласия помощник не начинает."
    )
    original_place = forms.CharField(
        label="Где хранится согласие", max_length=200, help_text="Например: «сейф куратора, папка «Согласия»»."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["participant"].queryset = self.staff()  # type: ignore[attr-defined]

    def given(self) -> Help:
        """What a valid form says."""
        return Help(**{name: self.cleaned_data[name] for name in self.fields})

    def faults(self) -> dict[str, str]:
        return helper_faults(self.pair, self.given())


class PauseForm(AboutPairForm):
    """Days on which the pair rests."""

    starts_on = forms.DateField(label="Первый день паузы", widget=date_input())
    ends_on = forms.DateField(
        label="Последний день паузы",
        required=False,
        widget=date_input(),
        help_text="Если пусто — пауза длится, пока её не закончат.",
    )
    reason = forms.CharField(label="Причина", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def faults(self) -> dict[str, str]:
        data = self.cleaned_data
        found = pause_faults(self.pair, data["starts_on"], data["ends_on"])
        return {"starts_on": " ".join(found)} if found else {}


class ExtensionForm(AboutPairForm):
    """A later last day and why."""

    ends_on = forms.DateField(
        label="Новый последний день", widget=date_input(), help_text="Весь срок работы — не больше года."
    )
    reason = forms.CharField(label="Зачем продлевать", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def faults(self) -> dict[str, str]:
        found = extension_faults(self.pair, self.cleaned_data["ends_on"])
        return {"ends_on": " ".join(found)} if found else {}


class AnswerForm(forms.Form):
    """Yes or no of a member of the pair."""

    answer = forms.ChoiceField(
        label="Вы согласны продлить работу?",
        choices=[("yes", "Да, согласен"), ("no", "Нет, не согласен")],
        widget=forms.RadioSelect,
    )


class PaperAnswerForm(AboutPairForm):
    """What somebody of the pair has signed on paper."""

    participant = PersonChoice(Participant.objects.none(), label="Кто подписал", empty_label="выберите")
    answer = forms.ChoiceField(
        label="Что подписано", choices=[("yes", "согласие"), ("no", "отказ")], widget=forms.RadioSelect
    )
    said_on = forms.DateField(label="Дата подписи", initial=today, widget=date_input())
    paper_place = forms.CharField(label="Где хранится бумага", max_length=200)

    def __init__(self, *args: Any, extension: Extension, **kwargs: Any) -> None:
        super().__init__(*args, pair=extension.pair, **kwargs)
        agreed = {mark.participant_id for mark in extension.marks.all()}
        waiting = [person.pk for person in self.pair.people if person.pk not in agreed]
        rows = Participant.objects.filter(pk__in=waiting)
        self.fields["participant"].queryset = rows.by_name().with_posts()  # type: ignore[attr-defined]

    def faults(self) -> dict[str, str]:
        future = self.cleaned_data["said_on"] > today()
        return {"said_on": "День подписи не может быть в будущем."} if future else {}


class EndHelperForm(ReasonForm):
    ends_on = forms.DateField(label="Последний день", initial=today, widget=date_input())


class EndPauseForm(forms.Form):
    ends_on = forms.DateField(label="Последний день паузы", initial=today, widget=date_input())


class DeclineForm(forms.Form):
    reason = forms.CharField(label="Почему не продлеваем", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())


class PairRulesForm(forms.ModelForm):
    class Meta:
        model = PairRules
        fields = ["interviews"]
        widgets = {"interviews": forms.RadioSelect}
