"""People of the programme: one card for a person, dated posts, names as the documents need them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Concat, Lower

from accounts.models import Organisation, Partner, User
from accounts.permissions import PermittedQuerySet, Reach, Role, Standing, today
from core.russian import Case, decline_name, needs_check, plural, plural_word, short_name
from core.storage import PrivateStorage, random_name

NAME_PART = RegexValidator(
    r"^[А-ЯЁа-яёA-Za-z][А-ЯЁа-яёA-Za-z\-’' .]*$",
    "Имя пишется буквами; можно дефис, апостроф и пробел.",
)
YOUNG_YEARS = 3
ADULT_YEARS, OWN_SIGNATURE_YEARS = 18, 14


class Category(models.TextChoices):
    TEACHER = "teacher", "Педагог"
    HEAD = "head", "Руководитель"
    PUPIL = "pupil", "Обучающийся"
    STUDENT = "student", "Студент"
    EXTERNAL = "external", "Представитель партнёра"


# Those of whom the full date of birth may be kept, while they are minors.
LEARNERS = frozenset({Category.PUPIL, Category.STUDENT})
FULL_DATE = "Полная дата нужна только у обучающихся и студентов: укажите один год рождения."


class Qualification(models.TextChoices):
    NONE = "", "без категории"
    CONFORMITY = "conformity", "соответствие занимаемой должности"
    FIRST = "first", "первая"
    HIGHEST = "highest", "высшая"
    METHODIST = "methodist", "педагог-методист"
    MENTOR = "mentor", "педагог-наставник"


def plain(text: Any) -> Func:
    """SQL of a text as it is compared and sorted: small letters, Ё as Е."""
    return Func(Lower(text), Value("ё"), Value("е"), function="translate", output_field=models.TextField())


def words_of(*fields: str) -> Concat:
    """SQL of several texts in one line, divided by spaces."""
    first, *rest = fields
    return Concat(first, *(part for field in rest for part in (Value(" "), field)), output_field=models.TextField())


def russian_order(*fields: str) -> list[Any]:
    """ORDER BY expressions that put Ё beside Е whatever the database's own collation."""
    return [plain(F(field)) for field in fields]


class ParticipantQuerySet(PermittedQuerySet["Participant"]):
    def by_name(self) -> Self:
        return self.order_by(*russian_order("surname", "given_name", "patronymic"), "pk")

    def present(self) -> Self:
        """People who have not left."""
        return self.filter(left_on=None)

    def found(self, text: str) -> Self:
        """Search by any part of the name or of an earlier one; every word must be there, Ё and Е alike."""
        rows = self.alias(plain_name=plain(words_of("surname", "given_name", "patronymic")))
        earlier = words_of("past_names__surname", "past_names__given_name", "past_names__patronymic")
        bearers = self.model._base_manager.filter(past_names__isnull=False).alias(plain_name=plain(earlier))
        for word in text.lower().replace("ё", "е").split():
            borne = bearers.filter(plain_name__contains=word).order_by().values("pk")
            rows = rows.filter(Q(plain_name__contains=word) | Q(pk__in=borne))
        return rows

    def working(self, text: str, day: dt.date) -> Self:
        """Search by post, subject, department or class; every word must be there."""
        posts = Post.objects.on(day).filter(participant=OuterRef("pk"))
        rows = self.alias(plain_class=plain(F("class_name")))
        for word in text.lower().replace("ё", "е").split():
            rows = rows.filter(Exists(posts.about(word)) | Q(plain_class__contains=word))
        return rows

    def grown_up(self, day: dt.date) -> Self:
        """People whose date of birth is still kept although they are adults on the day."""
        years_ago = day.replace(year=day.year - ADULT_YEARS, day=28 if (day.month, day.day) == (2, 29) else day.day)
        return self.filter(birth_date__lte=years_ago)

    def young(self, day: dt.date) -> Self:
        """Young specialists, by the same rule as `Participant.is_young`."""
        since = day.replace(year=day.year - YOUNG_YEARS, day=min(day.day, 28 if day.month == 2 else day.day))
        return self.filter(Q(young_flag=True) | Q(category=Category.TEACHER, works_since__gt=since))

    def locked(self) -> Self:
        """The rows locked in the order of their keys until the end of the transaction.

        Whoever approves an order about people and whoever withdraws a consent takes this lock, so that they follow
        one another. New rows that only point at the person are not held up.
        """
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)

    def with_posts(self) -> Self:
        """With the posts of today, the main one first, as `current_posts`."""
        return self.prefetch_related(
            Prefetch("posts", Post.objects.on(today()).order_by("-is_main", "pk"), to_attr="current_posts")
        )


def here_on(day: dt.date, person: str = "") -> Q:
    """People who have not left by the day; the last day still counts. `person` is the path to the person."""
    path = f"{person}__left_on" if person else "left_on"
    return Q(**{path: None}) | Q(**{f"{path}__gte": day})


def led_cards(standing: Standing) -> Q:
    """One's own card and those of the people one leads today: a mentor's mentees, a class teacher's pupils.

    Only within the organisation of the role: whoever has left a school leads nobody there.
    """
    if standing.role == Role.CLASS_TEACHER:
        return Q(class_teacher=standing.user_id, organisation=standing.organisation_id)
    learning = Q(
        organisation=standing.organisation_id,
        memberships_in_pairs__mentor__user=standing.user_id,
        memberships_in_pairs__state="active",
        memberships_in_pairs__starts_on__lte=standing.day,
        memberships_in_pairs__ends_on__gte=standing.day,
    )
    return Q(user=standing.user_id) | learning


def led_pupils(standing: Standing) -> Q:
    """Rows about the pupils of a class teacher's class; the row has a `participant`."""
    return Q(participant__class_teacher=standing.user_id, participant__organisation=standing.organisation_id)


def own_and_pupils(standing: Standing) -> Q:
    """Rows about oneself and about the pupils of a class teacher's class: a mentor's mentees are not among them."""
    return led_pupils(standing) if standing.role == Role.CLASS_TEACHER else Q(participant__user=standing.user_id)


def birthday(born: dt.date, years: int) -> dt.date:
    """The day on which somebody becomes so many years old; who was born on 29 February does so on 1 March."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return dt.date(born.year + years, 3, 1)


class Participant(models.Model):
    """A person who takes part or may: the card that a school keeps.

    A person who works in two schools has a card in each: every school answers for the data it collected itself.
    `birth_date` is kept only while the person is a minor; the day they come of age it gives way to `birth_year`.

    `forms` are the five oblique forms of the full name, case value → text; `forms_checked` says that somebody has
    looked at them, so that orders may use them without a question.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="participants", verbose_name="организация"
    )
    user = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="participants", verbose_name="логин"
    )
    surname = models.CharField("фамилия", max_length=80, validators=[NAME_PART])
    given_name = models.CharField("имя", max_length=60, validators=[NAME_PART])
    patronymic = models.CharField("отчество", max_length=60, blank=True, validators=[NAME_PART])
    gender = models.CharField("пол", max_length=1, choices=[("f", "женский"), ("m", "мужской")])
    category = models.CharField("кто это", max_length=10, choices=Category, default=Category.TEACHER)
    birth_year = models.PositiveSmallIntegerField(
        "год рождения", null=True, blank=True, validators=[MinValueValidator(1920), MaxValueValidator(2020)]
    )
    birth_date = models.DateField(
        "дата рождения",
        null=True,
        blank=True,
        help_text="Только для несовершеннолетних: видят куратор и классный руководитель, в 18 лет останется год.",
    )
    came_of_age = models.BooleanField("есть 18 лет", default=False, editable=False)
    class_name = models.CharField("класс", max_length=20, blank=True)
    class_teacher = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="class_pupils",
        verbose_name="классный руководитель",
        help_text="Только для обучающихся: видит карточку и записывает согласия.",
    )
    partner = models.ForeignKey(
        Partner,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participants",
        verbose_name="организация-партнёр",
        help_text="Для представителей партнёра.",
    )
    works_since = models.DateField("педагогический стаж с", null=True, blank=True)
    qualification = models.CharField("категория", max_length=12, choices=Qualification, blank=True, default="")
    young_flag = models.BooleanField(
        "считать молодым специалистом", default=False, help_text="Отметьте, если стаж больше трёх лет, но статус есть."
    )
    forms = models.JSONField("формы имени", default=dict)
    forms_checked = models.BooleanField("формы проверены", default=False)
    phone = models.CharField("телефон", max_length=60, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    note = models.TextField("заметка куратора", blank=True, max_length=2000)
    photo = models.ImageField("фотография", storage=PrivateStorage(), upload_to=random_name, blank=True)
    left_on = models.DateField("последний день в организации", null=True, blank=True)
    left_reason = models.CharField("основание выбытия", max_length=300, blank=True)
    # Keys of the cards that were merged into this one: approved orders and the history still speak of them.
    former_keys = models.JSONField("объединённые карточки", default=list, editable=False)

    objects = ParticipantQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation", Reach.OWN: "user", Reach.LED: led_cards}
    # The history can never be cleaned: it says that these were filled or changed, not what stood there.
    VEILED = ("birth_date", "phone", "email", "note")

    class Meta:
        verbose_name = "участник"
        verbose_name_plural = "участники"
        indexes = [
            models.Index(fields=["organisation", "surname"], name="participant_bank"),
            # The list in its order; with the columns behind the expressions nothing but the index is read on the way.
            models.Index(
                F("organisation"),
                *russian_order("surname", "given_name", "patronymic"),
                F("id"),
                include=["surname", "given_name", "patronymic"],
                condition=Q(left_on=None),
                name="participant_by_name",
            ),
            models.Index(fields=["organisation"], condition=Q(left_on=None), name="participant_present"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                condition=Q(user__isnull=False),
                name="participant_user_once",
                violation_error_message="Этот логин уже связан с другой карточкой.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def former_cards(self) -> list[Participant]:
        """The cards merged into this one, for asking the history about them: nothing of them is stored but keys."""
        return [Participant(pk=key) for key in self.former_keys]

    @property
    def short_name(self) -> str:
        """«Иванова А. П.» with non-breaking spaces."""
        return short_name(self.full_name, surname_first=True)

    @property
    def post(self) -> str:
        """The main post of today in words, empty if there is none."""
        posts = getattr(self, "current_posts", None)
        if posts is None:
            posts = list(self.posts.on(today()).order_by("-is_main", "pk")[:1])
        return posts[0].title if posts else ""

    def experience_on(self, day: dt.date) -> int | None:
        """Full years of teaching by the day, None where unknown."""
        if self.works_since is None:
            return None
        since = self.works_since
        return day.year - since.year - ((day.month, day.day) < (since.month, since.day))

    def experience_words(self, day: dt.date) -> str:
        """«17 лет, высшая категория»; only what is known."""
        years = self.experience_on(day)
        known = ""
        if years is not None:
            known = plural(years, "год", "года", "лет") if years > 0 else "меньше года"
        word = " категория" if self.qualification in (Qualification.FIRST, Qualification.HIGHEST) else ""
        level = f"{self.get_qualification_display()}{word}" if self.qualification else ""
        return ", ".join(part for part in (known, level) if part)

    @property
    def is_pupil(self) -> bool:
        return self.category == Category.PUPIL

    @property
    def may_be_minor(self) -> bool:
        """Whether a representative may have signed some paper of the person, now or earlier."""
        return self.category == Category.PUPIL or self.birth_date is not None

    def is_minor_on(self, day: dt.date) -> bool:
        """Whether a representative answers for the person; a pupil of unknown age counts as a minor."""
        if self.birth_date:
            return day < birthday(self.birth_date, ADULT_YEARS)
        if self.category != Category.PUPIL:
            return False
        if self.birth_year is None:
            return True
        years = day.year - self.birth_year
        return years < ADULT_YEARS or (years == ADULT_YEARS and not self.came_of_age)

    def signs_too_on(self, day: dt.date) -> bool:
        """Whether a minor is old enough to sign beside the representative: 14 and over."""
        if not self.is_minor_on(day):
            return False
        if self.birth_date:
            return day >= birthday(self.birth_date, OWN_SIGNATURE_YEARS)
        return self.birth_year is not None and day.year - self.birth_year > OWN_SIGNATURE_YEARS

    @property
    def form_doubts(self) -> list[str]:
        """Why the oblique forms of the name must be looked at by a person; empty once somebody has."""
        return [] if self.forms_checked else needs_check(self.full_name)

    def name_in(self, case: Case) -> str:
        """The full name in a case: the kept form, otherwise by the grammar."""
        return self.forms.get(case.value) or decline_name(self.full_name, case, gender=self.gender)

    @property
    def is_young(self) -> bool:
        """A young specialist: by the curator's mark, or up to three years of teaching."""
        experience = self.experience_on(today())
        return self.young_flag or (
            self.category == Category.TEACHER and experience is not None and experience < YOUNG_YEARS
        )


class PostQuerySet(PermittedQuerySet["Post"]):
    def on(self, day: dt.date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def about(self, word: str) -> Self:
        """Posts whose title, subjects or department contain the word, given in small letters with Е for Ё."""
        told = plain(words_of("title", "subjects", "department"))
        return self.alias(told=told).filter(told__contains=word)


class Post(models.Model):
    """A post of a person from a day to a day, in this school or another one."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="posts")
    title = models.CharField("должность", max_length=200)
    subjects = models.CharField("предметы", max_length=200, blank=True)
    department = models.CharField("кафедра, объединение", max_length=150, blank=True)
    load = models.DecimalField(
        "нагрузка, ставок",
        max_digits=4,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(3))],
    )
    workplace = models.CharField(
        "место работы", max_length=200, blank=True, help_text="Заполните, если это работа в другой организации."
    )
    is_main = models.BooleanField("основная", default=True)
    starts_on = models.DateField("с", default=today)
    ends_on = models.DateField("по", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "participant__organisation", Reach.OWN: "participant__user"}

    class Meta:
        verbose_name = "должность"
        verbose_name_plural = "должности"
        ordering = ["-is_main", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="post_period",
                violation_error_message="Должность не может закончиться раньше, чем началась.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def load_words(self) -> str:
        """«1 ставка», «0,5 ставки»; empty where unknown."""
        if self.load is None:
            return ""
        number = f"{self.load.normalize():f}".replace(".", ",")
        whole = self.load == self.load.to_integral_value()
        return f"{number} {plural_word(int(self.load), 'ставка', 'ставки', 'ставок') if whole else 'ставки'}"
