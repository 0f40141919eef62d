"""Input of participants' cards: names, posts, forms of a name, the filter of the list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.forms.fields import date_input
from accounts.models import Membership, Organisation, User
from accounts.permissions import today
from core.russian import gender_of
from mentorship.models import Category, Participant, Post
from mentorship.services.participants import CASE_WORDS, OBLIQUE

FIRST_DAY, LAST_DAY = dt.date(1940, 1, 1), dt.date(2100, 12, 31)
GENDERS = [("", "по отчеству"), ("f", "женский"), ("m", "мужской")]
LONGEST_INITIAL = 3


def tidy(text: str) -> str:
    """One space between words; a name typed in capitals alone or in small letters alone gets ordinary ones.

    Particles stay small: «Гусейн оглы», «де Сент-Экзюпери».
    """
    words = text.split()
    if len(words) == 1 and words[0].islower():
        return capitalised(words[0])
    return " ".join(capitalised(word) if is_shouted(word) else word for word in words)


def is_shouted(word: str) -> bool:
    return word.isupper() and len(word) >= LONGEST_INITIAL and "." not in word


def capitalised(word: str) -> str:
    return "-".join(piece.capitalize() for piece in word.split("-"))


def check_day(day: dt.date | None) -> dt.date | None:
    """Refuse a year that nobody can mean."""
    if day and not FIRST_DAY <= day <= LAST_DAY:
        raise forms.ValidationError("Проверьте год.")
    return day


def logins_of(organisation: Organisation, person: Participant) -> QuerySet[User]:
    """Logins of the organisation that no other card of it has."""
    taken = Participant.objects.filter(organisation=organisation, user__isnull=False).exclude(pk=person.pk)
    held = Membership.objects.on(today()).filter(organisation=organisation)
    return User.objects.filter(pk__in=held.values("user")).exclude(pk__in=taken.values("user"))


class ParticipantForm(forms.ModelForm):
    """A card. The instance must know its organisation."""

    class Meta:
        model = Participant
        fields = [
            "surname",
            "given_name",
            "patronymic",
            "gender",
            "category",
            "works_since",
            "qualification",
            "young_flag",
            "birth_year",
            "birth_date",
            "phone",
            "email",
            "user",
            "note",
            "left_on",
        ]
        widgets = {
            "works_since": date_input(),
            "birth_date": date_input(),
            "left_on": date_input(),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "patronymic": "Если отчества нет, оставьте пустым.",
            "user": "Если человек входит в портал: он увидит свою карточку и свои пары.",
            "note": "Видит только куратор.",
            "left_on": "Заполните, когда человек уйдёт. Карточка и история останутся.",
            "phone": "Никогда не показывается на сайте.",
            "email": "Никогда не показывается на сайте.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gender"] = forms.ChoiceField(label="Пол", choices=GENDERS, required=False)
        user = self.fields["user"]
        user.queryset = logins_of(self.instance.organisation, self.instance)  # type: ignore[attr-defined]
        user.empty_label = "без входа в портал"  # type: ignore[attr-defined]
        if self.instance.pk is None:
            del self.fields["left_on"]
        self.order_fields(self.Meta.fields)

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

    def clean_birth_date(self) -> dt.date | None:
        return check_day(self.cleaned_data["birth_date"])

    def clean_left_on(self) -> dt.date | None:
        return check_day(self.cleaned_data["left_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("gender"):
            self.guess_gender(data)
        return data

    def guess_gender(self, data: dict[str, Any]) -> None:
        """The gender by the name, where it tells; otherwise it must be asked, the cases depend on it."""
        parts = [data.get(name, "") for name in ("surname", "given_name", "patronymic")]
        if not all(parts[:2]):
            return
        gender = gender_of(" ".join(part for part in parts if part))
        if gender is None:
            self.add_error("gender", "По этому имени пол не определить, а от него зависят падежи. Выберите.")
        else:
            data["gender"] = gender.value


class NewParticipantForm(ParticipantForm):
    """A new card with its first post. `confirmed` is the name that the curator has already seen namesakes of."""

    post_title = forms.CharField(
        label="Должность", max_length=200, required=False, help_text="С маленькой буквы: «учитель физики»."
    )
    post_subjects = forms.CharField(label="Предметы", max_length=200, required=False)
    post_starts_on = forms.DateField(
        label="В должности с", required=False, widget=date_input(), help_text="Если пусто — с сегодняшнего дня."
    )
    confirmed = forms.CharField(required=False, max_length=250, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = ["surname", "given_name", "patronymic", "gender", "category"]
        self.order_fields([*named, "post_title", "post_subjects", "post_starts_on"])

    def clean_post_starts_on(self) -> dt.date | None:
        return check_day(self.cleaned_data["post_starts_on"])

    def ask_again(self) -> None:
        """Send the form back with the name marked as seen."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["confirmed"] = self.instance.full_name  # type: ignore[index]

    def namesakes(self) -> list[Participant]:
        """People of the organisation with the same name whom the curator has not been shown yet; the form is valid."""
        if self.cleaned_data["confirmed"] == self.instance.full_name:
            return []
        person = self.instance
        same = Participant.objects.filter(organisation=person.organisation)
        return list(same.namesakes(person.surname, person.given_name, person.patronymic).with_posts()[:10])


class NameFormsForm(forms.Form):
    """Five oblique forms of a name."""

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        kwargs["initial"] = participant.forms
        super().__init__(*args, **kwargs)
        for case in OBLIQUE:
            self.fields[case.value] = forms.CharField(label=CASE_WORDS[case], max_length=210)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        return {name: " ".join(text.split()) for name, text in data.items()}


class PostForm(forms.ModelForm):
    class Meta:
        model = Post
        fields = ["title", "subjects", "is_main", "starts_on"]
        widgets = {"starts_on": date_input()}
        labels = {"starts_on": "С какого дня"}
        help_texts = {
            "title": "С маленькой буквы: «учитель физики».",
            "is_main": "Под этой должностью человек стоит в приказах.",
        }

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_starts_on(self) -> dt.date | None:
        return check_day(self.cleaned_data["starts_on"])


class EndPostForm(forms.Form):
    ends_on = forms.DateField(label="Последний день в должности", widget=date_input())

    def clean_ends_on(self) -> dt.date | None:
        return check_day(self.cleaned_data["ends_on"])


class ParticipantFilter(forms.Form):
    """The filter of the list; what cannot be read narrows nothing."""

    WITH, WITHOUT = "with", "without"

    q = forms.CharField(label="Фамилия, имя или отчество", required=False, max_length=100)
    category = forms.ChoiceField(label="Кто", required=False, choices=[("", "все"), *Category.choices])
    pair = forms.ChoiceField(
        label="Пары", required=False, choices=[("", "не важно"), (WITH, "есть пара"), (WITHOUT, "нет пары")]
    )
    consent = forms.ChoiceField(
        label="Согласия",
        required=False,
        choices=[
            ("", "не важно"),
            ("processing", "нет на обработку данных"),
            ("mentor", "нет на работу наставником"),
            ("dissemination", "нет на публикацию"),
        ],
    )
    young = forms.BooleanField(label="Молодые специалисты", required=False)
    left = forms.BooleanField(label="Выбывшие", required=False)

    def chosen(self) -> dict[str, Any]:
        """The readable choices: a wrong value counts as none."""
        self.is_valid()
        return self.cleaned_data
