"""What files of the lists look like: people, pairs, banks, consents, interviews, terms of the law.

The file of people has the columns of the import: mended in Excel it can be loaded again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from core.sheets.exports import ExportColumn
from mentorship.models import PERSONAL, PURPOSES, BankCard, BankRole, Pair, Participant, states_of, words_of_cards
from mentorship.models.participants import today
from mentorship.sheets.columns import BY_NAME

Value = Callable[[Any], Any]


def named(name: str, value: Value) -> ExportColumn:
    """A column that the import knows by this name."""
    return ExportColumn(BY_NAME[name].title, value)


def of_post(field: str) -> Value:
    """The field of the main post of today, empty for whoever has none."""
    return lambda person: getattr(person.current_posts[0], field) if person.current_posts else ""


PEOPLE = (
    named("surname", lambda person: person.surname),
    named("given_name", lambda person: person.given_name),
    named("patronymic", lambda person: person.patronymic),
    named("gender", lambda person: person.get_gender_display()),
    named("category", lambda person: person.get_category_display()),
    named("post_title", of_post("title")),
    named("subjects", of_post("subjects")),
    named("department", of_post("department")),
    named("load", of_post("load")),
    named("workplace", of_post("workplace")),
    named("works_since", lambda person: person.works_since),
    named("qualification", lambda person: person.get_qualification_display() if person.qualification else ""),
    named("young_flag", lambda person: True if person.young_flag else ""),
    named("birth_year", lambda person: person.birth_year),
    named("class_name", lambda person: person.class_name),
    named("partner", lambda person: person.partner.title if person.partner else ""),
    named("phone", lambda person: person.phone),
    named("email", lambda person: person.email),
    ExportColumn("Последний день в организации", lambda person: person.left_on),
)


def mentees(pair: Pair) -> str:
    return ", ".join(member.mentee.full_name for member in pair.members.all())


PAIRS = (
    ExportColumn("Наставник", lambda pair: pair.mentor.full_name),
    ExportColumn("Наставляемые", mentees),
    ExportColumn("Форма", lambda pair: pair.form.title),
    ExportColumn("Виды", lambda pair: ", ".join(kind.title for kind in pair.kinds.all())),
    ExportColumn("Направление", lambda pair: pair.direction.title),
    ExportColumn("Цель", lambda pair: pair.goal),
    ExportColumn("Начало", lambda pair: pair.starts_on),
    ExportColumn("Окончание", lambda pair: pair.ends_on),
    ExportColumn("Состояние", lambda pair: pair.get_state_display()),
    ExportColumn("Приказ", lambda pair: str(pair.order) if pair.order else ""),
)


def with_words(cards: Sequence[BankCard]) -> list[tuple[BankCard, Any]]:
    """Cards of a bank with what the list says of them."""
    words = words_of_cards(cards, today())
    return [(card, words[card.pk]) for card in cards]


def topics(card: BankCard) -> str:
    words = card.competences if card.role == BankRole.MENTOR else card.difficulties
    return ", ".join(word.title for word in words.all())


BANKS = (
    ExportColumn("Фамилия, имя, отчество", lambda row: row[0].participant.full_name),
    ExportColumn("Банк", lambda row: BankRole(row[0].role).label),
    ExportColumn("Должность", lambda row: row[0].participant.post),
    ExportColumn("Компетенции или затруднения", lambda row: topics(row[0])),
    ExportColumn("Мест свободно", lambda row: row[1].free if row[0].role == BankRole.MENTOR else None),
    ExportColumn("Состояние", lambda row: row[0].get_state_display()),
    ExportColumn("Замечания", lambda row: ", ".join(chip.word for chip in row[1].chips)),
    ExportColumn("В банке с", lambda row: row[0].entered_on),
    ExportColumn("Сведения на", lambda row: row[0].actual_on),
)


def with_states(people: Sequence[Participant]) -> list[tuple[Participant, Any]]:
    """People with the state of each of their consents."""
    states = states_of(people, today())
    return [(person, states[person.pk]) for person in people]


def state_words(kind: str) -> Value:
    return lambda row: row[1][kind].words


CONSENTS = (
    ExportColumn("Фамилия, имя, отчество", lambda row: row[0].full_name),
    *(ExportColumn(PURPOSES[kind], state_words(kind)) for kind in PERSONAL),
)
INTERVIEWS = (
    ExportColumn("Фамилия, имя, отчество", lambda card: card.participant.full_name),
    ExportColumn("Банк", lambda card: BankRole(card.role).label),
    ExportColumn("Назначено на", lambda card: card.planned_on),
    ExportColumn("Проведено в этом году", lambda card: card.held_on),
)
DUTIES = (
    ExportColumn("О ком", lambda duty: duty.consent.participant.full_name),
    ExportColumn("Что сделать", lambda duty: duty.get_kind_display()),
    ExportColumn("Основание от", lambda duty: duty.since),
    ExportColumn("Срок", lambda duty: duty.due_on),
    ExportColumn("Сделано", lambda duty: duty.done_on),
    ExportColumn("Как сделано", lambda duty: duty.note),
)

MEETINGS = (
    ExportColumn("День", lambda meeting: meeting.day),
    ExportColumn("Наставник", lambda meeting: meeting.pair.mentor.full_name),
    ExportColumn("Наставляемые", lambda meeting: mentees(meeting.pair)),
    ExportColumn("Вид", lambda meeting: meeting.get_kind_display()),
    ExportColumn("Состояние", lambda meeting: meeting.word()[0]),
    ExportColumn("Минут", lambda meeting: meeting.minutes),
    ExportColumn("Место", lambda meeting: meeting.place),
    ExportColumn("Цель", lambda meeting: meeting.goal),
    ExportColumn("Что сделано", lambda meeting: meeting.done),
    ExportColumn("Результат", lambda meeting: meeting.result),
    ExportColumn("Следующий шаг", lambda meeting: meeting.next_step),
    ExportColumn("Почему отменена", lambda meeting: meeting.cancel_reason),
    ExportColumn("Записал", lambda meeting: meeting.entered_by.full_name),
)
