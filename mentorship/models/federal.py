"""The federal forms of the two banks: their columns declared once, and the rows read from the cards of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, Q

from accounts.models import Organisation
from mentorship.models.banks import BankCard, BankRole
from mentorship.models.consents import Consent, ConsentKind
from mentorship.models.pairs import Pair, PairMember, PairState
from mentorship.models.participants import Category, Participant, Post

TITLES = {BankRole.MENTOR: "Банк наставников", BankRole.MENTEE: "Банк наставляемых"}
NAME = 1


@dataclass(frozen=True)
class Programme:
    """The other side of one pair of the card's person."""

    other: Participant
    pair: Pair

    @property
    def is_early(self) -> bool:
        """Whether the pair ended before its planned last day."""
        return self.pair.planned_ends_on is not None and self.pair.ends_on < self.pair.planned_ends_on


@dataclass(frozen=True)
class Line:
    """Everything that a row of a form is made of; `programmes` are those in force, else the last ones completed."""

    card: BankCard
    school: str
    contacts: str
    programmes: list[Programme]

    @property
    def person(self) -> Participant:
        return self.card.participant

    def told(self, fact: Callable[[Programme], str]) -> str:
        """One fact of the programmes: said once where it is the same for all, else with whose it is."""
        facts = [fact(one) for one in self.programmes]
        if len(set(facts)) < 2:
            return facts[0] if facts else ""
        return ";\n".join(f"{text} ({one.other.short_name})" for one, text in zip(self.programmes, facts, strict=True))


@dataclass(frozen=True)
class Column:
    """`width` is percent of the sheet's width."""

    title: str
    width: float
    read: Callable[[Line], str]


@dataclass(frozen=True)
class BankTable:
    """A form with its rows: texts in the order of `columns`, numbered from 1.

    `people`: whose row it is, {number: key of the participant, post}, in the order of the rows.
    """

    role: BankRole
    as_of: dt.date
    columns: list[str]
    rows: list[list[str]]
    people: list[dict[str, Any]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return TITLES[self.role]

    @property
    def widths(self) -> list[float]:
        """Percent of each column; equal ones for a snapshot whose columns are no longer those of the form."""
        known = {column.title: column.width for column in COLUMNS[self.role]}
        return [known.get(title, 100 / len(self.columns)) for title in self.columns]


def day_words(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


def workplace(person: Participant, school: str) -> str:
    """«МБОУ «Школа № 17», учитель физики»: where the person works or learns, and as what."""
    if person.category == Category.PUPIL:
        return f"{school}, {person.class_name}" if person.class_name else school
    post: Post | None = next(iter(person.current_posts), None)  # type: ignore[attr-defined]
    elsewhere = person.partner.title if person.partner else ""
    place = (post.workplace if post else "") or elsewhere or school
    return f"{place}, {post.title}" if post else place


def year_of_birth(line: Line) -> str:
    """The year alone, of minors too."""
    born = line.person.birth_date
    year = line.person.birth_year or (born.year if born else None)
    return str(year or "")


def words_of(entries: Any) -> str:
    return ", ".join(entry.title for entry in entries.all())


def completion(line: Line) -> str:
    """What the federal form calls the mark: a word and a day for the last programme completed."""
    closed = [one for one in line.programmes if one.pair.state == PairState.CLOSED]
    if not closed:
        return ""
    word = "завершена досрочно" if closed[0].is_early else "пройдена"
    return f"{word} {day_words(closed[0].pair.ends_on)}"


def names_of_others(line: Line) -> str:
    return ";\n".join(dict.fromkeys(one.other.full_name for one in line.programmes))


def form_of_pair(one: Programme) -> str:
    return one.pair.form.title


def begun(line: Line) -> str:
    return line.told(lambda one: day_words(one.pair.starts_on))


def ended(line: Line) -> str:
    return line.told(lambda one: day_words(one.pair.ends_on))


def workplaces_of_others(line: Line) -> str:
    return line.told(lambda one: workplace(one.other, line.school))


# The columns of the federal form in their order and words; the first is the number, filled when the rows are sorted.
COLUMNS: dict[BankRole, list[Column]] = {
    BankRole.MENTEE: [
        Column("№ п/п", 3.4, lambda line: ""),
        Column("ФИО наставляемого", 9.1, lambda line: line.person.full_name),
        Column("Контактные данные для связи (данные представителя)", 9.5, lambda line: line.contacts),
        Column("Год рождения наставляемого", 5.5, year_of_birth),
        Column("Основной запрос наставляемого", 11, lambda line: line.card.request or words_of(line.card.difficulties)),
        Column("Дата вхождения в программу", 6, begun),
        Column("ФИО наставника", 9, names_of_others),
        Column("Форма наставничества", 8, lambda line: line.told(form_of_pair)),
        Column("Место работы/учебы наставника", 9.5, workplaces_of_others),
        Column("Дата завершения программы", 6.5, ended),
        Column("Результаты программы", 9, lambda line: line.card.outcome),
        Column(
            "Ссылка на кейс/отзыв наставника, размещённые на сайте организации", 7.5, lambda line: line.card.story_url
        ),
        Column("Отметка о прохождении программы", 6, completion),
    ],
    BankRole.MENTOR: [
        Column("№ п/п", 3.4, lambda line: ""),
        Column("ФИО наставника", 7.5, lambda line: line.person.full_name),
        Column("Контактные данные для связи", 8, lambda line: line.contacts),
        Column("Место работы/учебы наставника", 6.5, lambda line: workplace(line.person, line.school)),
        Column("Основные компетенции наставника", 9.1, lambda line: words_of(line.card.competences)),
        Column("Важные для программы достижения наставника", 7.6, lambda line: line.card.achievements),
        Column("Интересы наставника", 5.5, lambda line: line.card.interests),
        Column("Желаемый возраст наставляемых", 5.5, lambda line: line.card.wishes),
        Column("Ресурс времени на программу наставничества", 5.5, lambda line: line.card.time_resource),
        Column("Дата вхождения в программу", 5.5, begun),
        Column("ФИО наставляемого (наставляемых)", 7, names_of_others),
        Column("Форма наставничества", 5.8, lambda line: line.told(form_of_pair)),
        Column("Место работы/учебы наставляемого", 6.5, workplaces_of_others),
        Column("Дата завершения программы", 5.5, ended),
        Column("Результаты программы", 5.8, lambda line: line.card.outcome),
        Column(
            "Ссылка на кейс/отзыв наставляемого, размещённые на сайте организации",
            5.3,
            lambda line: line.card.story_url,
        ),
    ],
}


def bank_table(organisation: Organisation, role: BankRole, day: dt.date, categories: Sequence[str] = ()) -> BankTable:
    """The form of a bank on the day: cards in the bank whose people have a live consent to processing, by name.

    `categories` leave only people of these kinds. Costs the same number of queries for any number of rows.
    """
    cards = BankCard.objects.filter(participant__organisation=organisation, role=role, entered_on__lte=day)
    rows = cards.standing().consented(day)
    if categories:
        rows = rows.filter(participant__category__in=categories)
    lines = lines_of(list(rows.by_name().for_cards().select_related("participant__partner")), organisation, day)
    columns = COLUMNS[role]
    return BankTable(
        role,
        day,
        [column.title for column in columns],
        [[str(number), *(column.read(line) for column in columns[1:])] for number, line in enumerate(lines, 1)],
        [{"number": line.person.pk, "post": line.person.post} for line in lines],
    )


def lines_of(cards: list[BankCard], organisation: Organisation, day: dt.date) -> list[Line]:
    people = [card.participant for card in cards]
    programmes = programmes_of(people, day)
    signers = representatives_of(people, day)
    return [
        Line(
            card=card,
            school=organisation.name,
            contacts=contacts_of(card.participant, signers.get(card.participant_id, "")),
            programmes=shown(programmes.get((card.role, card.participant_id), [])),
        )
        for card in cards
    ]


def programmes_of(people: Iterable[Participant], day: dt.date) -> dict[tuple[str, int], list[Programme]]:
    """Programmes that an order of that day or earlier has fixed, by (role, person), the earliest first."""
    keys = {person.pk for person in people}
    posts = Post.objects.on(day).order_by("-is_main", "pk")
    rows = (
        PairMember.objects.filter(Q(mentor__in=keys) | Q(mentee__in=keys))
        .filter(state__in=[PairState.ACTIVE, PairState.CLOSED], pair__order__date__lte=day)
        .order_by("starts_on", "pk")
        .select_related("pair__form", "mentor__partner", "mentee__partner")
        .prefetch_related(
            *(Prefetch(f"{side}__posts", posts, to_attr="current_posts") for side in ("mentor", "mentee"))
        )
    )
    found: dict[tuple[str, int], list[Programme]] = {}
    for row in rows:
        found.setdefault((BankRole.MENTOR, row.mentor_id), []).append(Programme(row.mentee, row.pair))
        found.setdefault((BankRole.MENTEE, row.mentee_id), []).append(Programme(row.mentor, row.pair))
    return found


def shown(programmes: Sequence[Programme]) -> list[Programme]:
    """Those that go on; where none does, those that ended last."""
    active = [one for one in programmes if one.pair.state == PairState.ACTIVE]
    if active or not programmes:
        return active
    last = max(one.pair.ends_on for one in programmes)
    return [one for one in programmes if one.pair.ends_on == last]


def representatives_of(people: Iterable[Participant], day: dt.date) -> dict[int, str]:
    """«мать Ивина Анна Петровна» of the live consent to processing, for those for whom somebody signed; one query."""
    minors = [person.pk for person in people if person.is_minor_on(day)]
    rows = Consent.objects.live(day).filter(participant__in=minors, kind=ConsentKind.PROCESSING)
    return {
        consent.participant_id: " ".join(part for part in (consent.relation, consent.representative) if part)
        for consent in rows.exclude(representative="").order_by("signed_on", "pk")
    }


def contacts_of(person: Participant, representative: str) -> str:
    """A minor is reached through the representative, whose telephone and address the card keeps."""
    return "\n".join(part for part in (representative, person.phone, person.email) if part)
