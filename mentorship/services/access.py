"""Who sees what of a person: declared once by field, filled with the names of those who hold the roles today; and who
has opened the card."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from accounts.models import Membership, User
from accounts.permissions import GRANTS, Reach, Role, today
from mentorship.models import CardView, Consent, ConsentKind, Pair, Participant, PublicField, Resource

VIEW, LIST, CHANGE = (f"mentorship.participant.{verb}" for verb in ("view", "list", "change"))
HISTORY, ACCESS = "mentorship.participant.history", "mentorship.participant.access"
BANK, NEEDS = "mentorship.bank.view", "mentorship.bank.led"
PAIR = "mentorship.pair.view"
KEPT_DAYS = 365


@dataclass(frozen=True)
class ShownField:
    """A part of the data and the actions that show it; `only` narrows the roles where a page shows it to fewer;
    `of_minors`: it is kept of minors alone."""

    title: str
    detail: str
    actions: tuple[str, ...]
    only: frozenset[str] = frozenset(Role.values)
    of_minors: bool = False

    @property
    def reach(self) -> dict[str, Reach]:
        """The roles that see it besides the person, with how far they reach."""
        rows = [GRANTS[action].reach for action in self.actions]
        return {role: how for row in rows for role, how in row.items() if role in self.only}


# What the pages show and to whom. A test opens them in every role and compares.
SHOWN = (
    ShownField("Имя, должность, стаж, категория", "основные сведения карточки", (VIEW,)),
    ShownField(
        "Телефон и электронная почта",
        "на сайт не попадают никогда",
        (VIEW,),
        frozenset({Role.CURATOR, Role.MENTOR, Role.CLASS_TEACHER}),
    ),
    ShownField("Год рождения и прежние имена", "прежнее имя остаётся в старых приказах", (LIST,)),
    ShownField(
        "Дата рождения",
        "только пока нет 18 лет, потом остаётся год",
        (VIEW,),
        frozenset({Role.CURATOR, Role.CLASS_TEACHER}),
        of_minors=True,
    ),
    ShownField("Фотография", "пока действует согласие на съёмку", (VIEW,)),
    ShownField("Курсы, конкурсы, конференции", "и их документы", (LIST,)),
    ShownField("Заметка куратора", "служебная", (CHANGE,)),
    ShownField("Согласия и отказы", "когда подписаны, до какого дня действуют, скан", ("mentorship.consent.view",)),
    ShownField(
        "Трудовые документы наставника",
        "дополнительное соглашение, уведомления и их сканы",
        ("mentorship.addendum.view", "mentorship.notice.view"),
    ),
    ShownField("Карточки в банках", "компетенции, пожелания, время", (BANK,)),
    ShownField("Затруднения и запрос", "с чем нужна помощь", (BANK, NEEDS)),
    ShownField("Собеседования", "запись разговора и заключение", ("mentorship.interview.view",)),
    ShownField("Пары и группы", "с кем, до какого дня, по какому приказу", (PAIR,)),
    ShownField("События карточки", "кто и что в ней изменил", (HISTORY,)),
    ShownField("Эта страница", "кто видит карточку и кто её открывал", (ACCESS,)),
)


@dataclass(frozen=True)
class Watcher:
    """A role that sees a part of the data, with the people who hold it today (none: nobody holds it)."""

    role: str
    people: list[str]


@dataclass(frozen=True)
class Visible:
    """A part of the data with everybody who sees it besides the person."""

    field: ShownField
    watchers: list[Watcher]


def seen_by(person: Participant) -> list[Visible]:
    """The table «что — кто видит» of a person on this day; three queries."""
    holders, leaders = holders_of(person), leaders_of(person)
    partners = {**leaders, Role.MENTEE: learners_of(person)}
    fields = [field for field in SHOWN if person.may_be_minor or not field.of_minors]
    return [Visible(one, watchers_of(one, holders, partners if PAIR in one.actions else leaders)) for one in fields]


def watchers_of(field: ShownField, holders: dict[str, list[str]], near: dict[str, list[str]]) -> list[Watcher]:
    """Roles that reach the whole organisation, whoever holds them, and those who work with this very person."""
    found = []
    for role, reach in field.reach.items():
        if reach in (Reach.ORGANISATION, Reach.TERRITORY):
            found.append(Watcher(str(Role(role).label), holders.get(role, [])))
        elif near.get(role) and (reach is Reach.LED or PAIR in field.actions):
            found.append(Watcher(str(Role(role).label), near[role]))
    return found


def holders_of(person: Participant) -> dict[str, list[str]]:
    """Names of those who hold a role in the person's organisation today, by role; one query."""
    rows = Membership.objects.on(today()).filter(organisation=person.organisation_id, user__is_active=True)
    found: dict[str, list[str]] = {}
    for role, name in rows.order_by("user__full_name", "pk").values_list("role", "user__full_name"):
        found.setdefault(role, []).append(name)
    return found


def leaders_of(person: Participant) -> dict[str, list[str]]:
    """Names of those who lead the person today: the class teacher, the mentors of pairs in force; one query."""
    working = Pair.objects.in_force(today()).filter(members__mentee=person, mentor__user__isnull=False)
    mentors = working.order_by("starts_on", "pk").values_list("mentor__user__full_name", flat=True)
    teacher = [person.class_teacher.full_name] if person.class_teacher else []
    return {Role.MENTOR: list(dict.fromkeys(mentors)), Role.CLASS_TEACHER: teacher}


def learners_of(person: Participant) -> list[str]:
    """Names of those who work in one pair or group with the person today and sign in, mentors aside; one query."""
    pairs = Pair.objects.of(person).in_force(today()).order_by().values("pk")
    users = User.objects.filter(participants__memberships_in_pairs__pair__in=pairs)
    return list(users.exclude(pk=person.user_id).order_by("full_name").distinct().values_list("full_name", flat=True))


@dataclass(frozen=True)
class Publicity:
    """What the open section shows of the person now: fields with yes or no, and since when.

    `places` are all resources that the consent names, `limits` the signer's own conditions: (the field, the words).
    `transfer_since`: the day of the live consent to hand data to the municipality.
    """

    fields: list[tuple[str, bool]]
    places: list[str]
    limits: list[tuple[str, str]]
    since: dt.date | None
    is_minor: bool
    transfer_since: dt.date | None

    @property
    def shows_anything(self) -> bool:
        return any(shown for _, shown in self.fields)


def publicity_of(person: Participant) -> Publicity:
    """By the newest live consents of the day; one query. Minors are never named, whatever has been signed."""
    kinds = (ConsentKind.DISSEMINATION, ConsentKind.TRANSFER)
    rows = Consent.objects.filter(participant=person, kind__in=kinds).live(today())
    papers = {paper.kind: paper for paper in reversed(rows)}
    paper, transfer = papers.get(ConsentKind.DISSEMINATION), papers.get(ConsentKind.TRANSFER)
    minor = person.is_minor_on(today())
    shown = paper.shown_fields if paper and Resource.SECTION in paper.resources and not minor else []
    if PublicField.NAME not in shown:
        shown = []
    return Publicity(
        fields=[(str(one.label), one in shown) for one in PublicField],
        places=[str(one.label) for one in Resource if paper and one in paper.resources],
        limits=paper.limits if paper else [],
        since=paper.signed_on if paper else None,
        is_minor=minor,
        transfer_since=transfer.signed_on if transfer else None,
    )


# --- Who has opened the card ------------------------------------------------------------------------------------------
def note_view(*, person: Participant, actor: User) -> None:
    """Remember that somebody other than the owner has opened the card today; once a day, one query, no entry in the
    history: this is the record itself."""
    if person.user_id != actor.pk:
        CardView.objects.bulk_create([CardView(participant=person, user=actor, day=today())], ignore_conflicts=True)


def views_of(person: Participant) -> QuerySet[CardView]:
    """Who has opened the card within a year, the latest first, with their roles of today in the organisation."""
    since = today() - dt.timedelta(days=KEPT_DAYS)
    held = Membership.objects.on(today()).filter(organisation=person.organisation_id).order_by("pk")
    rows = CardView.objects.filter(participant=person, day__gte=since).select_related("user")
    return rows.prefetch_related(Prefetch("user__memberships", held, to_attr="roles_here"))
