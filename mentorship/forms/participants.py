"""Input of participants' cards: who it is, the forms of a name, the filter of the list."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.db.models import Q, QuerySet

from accounts.forms.fields import date_input
from accounts.models import Membership, Organisation, Partner, User
from accounts.permissions import Role, today
from core.russian import gender_of
from mentorship.forms.layouts import Fold
from mentorship.models import Candidate, Category, Participant, candidates_for
from mentorship.models.participants import ADULT_YEARS, FULL_DATE, LEARNERS, birthday
from mentorship.services.participants import CASE_WORDS, NAME_PARTS, OBLIQUE

FIRST_DAY, LAST_DAY = dt.date(1940, 1, 1), dt.date(2100, 12, 31)
GENDERS = [("", "по отчеству"), ("f", "женский"), ("m", "мужской")]
LONGEST_INITIAL = 3
YOUNGEST_YEARS, MOST_NAMESAKES = 6, 10
STAFF = frozenset({Category.TEACHER, Category.HEAD})
PUPILS, ADULTS = frozenset({Category.PUPIL}), frozenset(Category) - {Category.PUPIL}
# Fields that only people of some categories have, and what to say to the others.
OF_PUPILS = "Это бывает только у обучающихся: очистите поле или выберите «Обучающийся»."
OF_ADULTS = "У обучающихся этого не бывает: очистите поле или выберите, кто это на самом деле."
BELONGS = {
    "birth_date": (LEARNERS, FULL_DATE),
    "class_name": (PUPILS, OF_PUPILS),
    "class_teacher": (PUPILS, OF_PUPILS),
    "partner": (
        frozenset({Category.EXTERNAL}),
        "Организация указывается у представителя партнёра: очистите поле или выберите «Представитель партнёра».",
    ),
    **{name: (ADULTS, OF_ADULTS) for name in ("works_since", "qualification", "young_flag")},
}


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


def partners_of(organisation: Organisation, person: Participant) -> QuerySet[Partner]:
    """Partners the organisation works with now, and the one that already stands on the card."""
    return Partner.objects.filter(Q(is_active=True) | Q(pk=person.partner_id), organisation=organisation).by_title()


class ParticipantForm(forms.ModelForm):
    """A card. The instance must know its organisation. What only some categories have stands in groups that unfold."""

    GROUPS: ClassVar[dict[str, tuple[str, ...]]] = {
        "Человек": (*NAME_PARTS, "gender", "category", "birth_year"),
    }
    FOLDS: ClassVar[dict[str, tuple[frozenset[str], tuple[str, ...]]]] = {
        "Педагогу и руководителю: стаж и категория": (STAFF, ("works_since", "qualification", "young_flag")),
        "Обучающемуся: дата рождения и класс": (LEARNERS, ("birth_date", "class_name", "class_teacher")),
        "Представителю партнёра: организация": (frozenset({Category.EXTERNAL}), ("partner",)),
    }
    LAST: ClassVar[dict[str, tuple[str, ...]]] = {"Связь и вход": ("phone", "email", "user", "note")}

    class Meta:
        model = Participant
        fields = [
            "surname",
            "given_name",
            "patronymic",
            "gender",
            "category",
            "birth_year",
            "works_since",
            "qualification",
            "young_flag",
            "birth_date",
            "class_name",
            "class_teacher",
            "partner",
            "phone",
            "email",
            "user",
            "note",
        ]
        widgets = {
            "works_since": date_input(),
            "birth_date": date_input(),
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "patronymic": "Если отчества нет, оставьте пустым.",
            "class_name": "Например: «9 Б».",
            "partner": "Если организации нет в списке, сначала внесите её на странице «Партнёры».",
            "user": "Если человек входит в портал: он увидит свою карточку и свои пары.",
            "note": "Видит только куратор.",
            "phone": "Никогда не показывается на сайте.",
            "email": "Никогда не показывается на сайте.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gender"] = forms.ChoiceField(label="Пол", choices=GENDERS, required=False)
        organisation = self.instance.organisation
        self.offer("user", logins_of(organisation, self.instance), "без входа в портал")
        teachers = User.objects.with_role(organisation, Role.CLASS_TEACHER).by_name()
        self.offer("class_teacher", teachers, "не назначен")
        self.offer("partner", partners_of(organisation, self.instance), "не выбрана")
        self.lay_out()

    def offer(self, name: str, rows: QuerySet, empty: str) -> None:
        field: Any = self.fields[name]
        field.queryset, field.empty_label = rows, empty

    def lay_out(self) -> None:
        """The fields in their groups; the group of the chosen category is unfolded."""
        category = self["category"].value()
        parts: list[Any] = [Fieldset(title, *names) for title, names in self.GROUPS.items()]
        parts += [Fold(title, *names, opened=category in who) for title, (who, names) in self.FOLDS.items()]
        parts += [Fieldset(title, *names) for title, names in self.LAST.items()]
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout(*parts)

    def clean_surname(self) -> str:
        return tidy(self.cleaned_data["surname"])

    def clean_given_name(self) -> str:
        return tidy(self.cleaned_data["given_name"])

    def clean_patronymic(self) -> str:
        return tidy(self.cleaned_data["patronymic"])

    def clean_class_name(self) -> str:
        return " ".join(self.cleaned_data["class_name"].split())

    def clean_works_since(self) -> dt.date | None:
        day = check_day(self.cleaned_data["works_since"])
        if day and day > today():
            raise forms.ValidationError("Стаж не может начаться в будущем.")
        return day

    def clean_birth_date(self) -> dt.date | None:
        born = check_day(self.cleaned_data["birth_date"])
        if born and today() < birthday(born, YOUNGEST_YEARS):
            raise forms.ValidationError("Проверьте год: получается, что человеку меньше шести лет.")
        return born

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("gender"):
            self.guess_gender(data)
        if category := data.get("category"):
            self.refuse_alien_fields(data, category)
            self.settle_age(data, category)
        return data

    def guess_gender(self, data: dict[str, Any]) -> None:
        """The gender by the name, where it tells; otherwise it must be asked, the cases depend on it."""
        parts = [data.get(name, "") for name in NAME_PARTS]
        if not all(parts[:2]):
            return
        gender = gender_of(" ".join(part for part in parts if part))
        if gender is None:
            self.add_error("gender", "По этому имени пол не определить, а от него зависят падежи. Выберите.")
        else:
            data["gender"] = gender.value

    def refuse_alien_fields(self, data: dict[str, Any], category: str) -> None:
        """What people of the category do not have must be empty: otherwise one of the two is a mistake."""
        for name, (who, words) in BELONGS.items():
            if data.get(name) and category not in who:
                self.add_error(name, words)

    def settle_age(self, data: dict[str, Any], category: str) -> None:
        """The date of birth is kept for minors alone; of whoever is 18 already, only the year, known for certain."""
        born = data.get("birth_date")
        if born is None or category not in LEARNERS:
            if "birth_year" in self.changed_data:
                self.instance.came_of_age = False
        elif today() >= birthday(born, ADULT_YEARS):
            data["birth_date"], data["birth_year"], self.instance.came_of_age = None, born.year, True
        elif "birth_year" in self.changed_data and data.get("birth_year") not in (None, born.year):
            self.add_error("birth_year", "Год не совпадает с датой рождения.")
        else:
            data["birth_year"], self.instance.came_of_age = born.year, False


class EditParticipantForm(ParticipantForm):
    """A card that exists. Where the name is another one, the form asks why, so that an earlier name is not lost."""

    MISTAKE, NEW = "mistake", "new"

    name_kind = forms.ChoiceField(
        label="Почему имя другое",
        choices=[(MISTAKE, "Исправляю ошибку: так человека не звали"), (NEW, "Имя сменилось, например после брака")],
        widget=forms.RadioSelect,
        required=False,
    )
    renamed_on = forms.DateField(
        label="Новое имя с",
        required=False,
        widget=date_input(),
        help_text="День из нового документа. Прежнее имя останется на карточке и в поиске.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_renamed():
            self.helper.layout.insert(0, Fieldset("Имя сменилось?", "name_kind", "renamed_on"))
        else:
            del self.fields["name_kind"], self.fields["renamed_on"]

    def is_renamed(self) -> bool:
        """Whether another name has been typed than stands on the card."""
        typed = {name: self.data.get(self.add_prefix(name), "") for name in NAME_PARTS}
        return self.is_bound and any(tidy(text) != getattr(self.instance, name) for name, text in typed.items())

    @property
    def renamed_since(self) -> dt.date | None:
        """The first day of the new name, None where the earlier one was a mistake; the form is valid."""
        return self.cleaned_data.get("renamed_on") if self.cleaned_data.get("name_kind") == self.NEW else None

    def clean_renamed_on(self) -> dt.date | None:
        return check_day(self.cleaned_data["renamed_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "name_kind" in self.fields and "name_kind" not in self.errors:
            if not data.get("name_kind"):
                self.add_error("name_kind", "На карточке другое имя. Выберите, ошибка это или новое имя.")
            elif data["name_kind"] == self.NEW and not data.get("renamed_on") and "renamed_on" not in self.errors:
                self.add_error("renamed_on", "Укажите, с какого дня новое имя.")
        return data


class NewParticipantForm(ParticipantForm):
    """A new card with its first post. `confirmed` is the name whose namesakes the curator has already seen."""

    GROUPS: ClassVar[dict[str, tuple[str, ...]]] = {
        **ParticipantForm.GROUPS,
        "Работа": ("post_title", "post_subjects", "post_department", "post_starts_on", "confirmed"),
    }

    post_title = forms.CharField(
        label="Должность", max_length=200, required=False, help_text="С маленькой буквы: «учитель физики»."
    )
    post_subjects = forms.CharField(label="Предметы", max_length=200, required=False)
    post_department = forms.CharField(label="Кафедра, объединение", max_length=150, required=False)
    post_starts_on = forms.DateField(
        label="В должности с", required=False, widget=date_input(), help_text="Если пусто — с сегодняшнего дня."
    )
    confirmed = forms.CharField(required=False, max_length=250, widget=forms.HiddenInput)

    def clean_post_starts_on(self) -> dt.date | None:
        return check_day(self.cleaned_data["post_starts_on"])

    def ask_again(self) -> None:
        """Send the form back with the name marked as seen."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["confirmed"] = self.instance.full_name  # type: ignore[index]

    def namesakes(self) -> list[Candidate]:
        """Cards that may be of the same person and that the curator has not been shown yet; the form is valid."""
        person = self.instance
        if self.cleaned_data["confirmed"] == person.full_name:
            return []
        name = (person.surname, person.given_name, person.patronymic)
        return candidates_for(person.organisation, *name, person.birth_year)[:MOST_NAMESAKES]


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


class ParticipantFilter(forms.Form):
    """The filter of the list; what cannot be read narrows nothing."""

    WITH, WITHOUT = "with", "without"

    q = forms.CharField(label="Фамилия, имя или отчество", required=False, max_length=100)
    work = forms.CharField(label="Должность, предмет, кафедра или класс", required=False, max_length=100)
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
            ("photo", "нет на фото и видео"),
            ("transfer", "нет на передачу муниципалитету"),
        ],
    )
    young = forms.BooleanField(label="Молодые специалисты", required=False)
    courses = forms.BooleanField(label="Истекают курсы", required=False)
    left = forms.BooleanField(label="Выбывшие", required=False)

    def chosen(self) -> dict[str, Any]:
        """The readable choices: a wrong value counts as none."""
        self.is_valid()
        return self.cleaned_data
