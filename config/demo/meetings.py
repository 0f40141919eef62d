"""Meetings of the demo school: journals of both years, a pair that has gone quiet, plans, answers, a calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from accounts.models import Term, User
from config.demo.story import Story
from mentorship.models import Audience, Meeting, MeetingKind, Pair
from mentorship.models.meeting_law import LADDER
from mentorship.services.feeds import make_feed
from mentorship.services.meeting_notes import add_note
from mentorship.services.meeting_plans import Plan, plan_meetings
from mentorship.services.meetings import Entry, cancel_meeting, confirm_meeting, record_meeting
from mentorship.services.pulses import answer_pulse


class Talk(NamedTuple):
    """What one meeting was about."""

    goal: str
    done: str
    result: str = ""
    next_step: str = ""


FIRST = (
    Talk(
        "Познакомиться и договориться, как работать",
        "Обсудили ожидания, выбрали день встреч, посмотрели расписание.",
        "Встречаемся по вторникам после шестого урока.",
        "Выбрать урок для первого посещения",
    ),
    Talk(
        "Побывать на уроке друг друга",
        "Посмотрели по одному уроку и разобрали их по карте наблюдения.",
        "Видно, что получается: контакт с классом и темп.",
        "Составить список трудных мест",
    ),
    Talk(
        "Составить план работы",
        "Разложили трудности по месяцам, выбрали три задания.",
        "План готов, его увидит куратор.",
        "Подготовить конспект открытого урока",
    ),
)
USUAL = (
    Talk(
        "Разобрать урок с новой темой",
        "Прошли конспект по шагам, убрали лишнее объяснение.",
        "Урок укладывается в сорок минут.",
        "Провести урок по новому конспекту",
    ),
    Talk(
        "Договориться, как проверять тетради",
        "Сравнили две проверенные стопки, выбрали единые пометки.",
        "Проверка занимает вдвое меньше времени.",
        "Показать пометки классу",
    ),
    Talk(
        "Подготовиться к разговору с родителями",
        "Проиграли разговор по ролям, записали спокойные фразы.",
        "Встреча с родителями прошла без обид.",
        "Записать, что сработало",
    ),
    Talk(
        "Посмотреть, как идёт групповая работа",
        "Наблюдали две группы, считали, кто говорит.",
        "Молчат одни и те же: поменяем роли.",
        "Раздать роли на следующем уроке",
    ),
)
LAST = Talk(
    "Подвести итоги",
    "Перечитали план: что сделано, что оставить на потом.",
    "План выполнен, молодой учитель ведёт уроки уверенно.",
)
PLACES = ("Кабинет 12", "В школе", "По видео")


def tell(story: Story) -> None:
    holidays(story)
    former_pairs(story)
    working_pairs(story)
    signed_in_pairs(story)
    answers(story)


def holidays(story: Story) -> None:
    """The days between the quarters."""
    quarters = list(Term.objects.filter(organisation=story.organisation, kind=Term.Kind.QUARTER))
    one = dt.timedelta(days=1)
    for name, before, after in zip(("Осенние", "Зимние", "Весенние"), quarters, quarters[1:], strict=False):
        Term.objects.create(
            organisation=story.organisation,
            kind=Term.Kind.HOLIDAY,
            name=f"{name} каникулы",
            starts_on=before.ends_on + one,
            ends_on=after.starts_on - one,
        )


def pair_of(story: Story, mentor: str, state: str) -> Pair:
    rows = Pair.objects.select_related("mentor", "organisation").filter(mentor=story.cards[mentor], state=state)
    return rows.latest("starts_on")


def written(story: Story, pair: Pair, offset: int, kind: str, talk: Talk, actor: User | None = None) -> Meeting:
    """An entry of the day, written by the curator from paper where nobody signs in."""
    with story.calendar.at(offset, hour=16) as day:
        number = Meeting.objects.filter(pair=pair).count()
        entry = Entry(
            day=day,
            kind=kind,
            minutes=(45, 60, 30)[number % 3],
            place=PLACES[number % 3],
            **talk._asdict(),
        )
        return record_meeting(pair=pair, entry=entry, actor=again(actor or story.curator))


def again(user: User) -> User:
    """The person with the roles of the day that the story has come to."""
    return User.objects.get(pk=user.pk)


def journal(story: Story, pair: Pair, offsets: Sequence[int], *, ended: bool = False) -> list[Meeting]:
    """The ladder of kinds over the days; an ended journal has its final meeting."""
    kinds = LADDER[:3]
    found = []
    for number, offset in enumerate(offsets):
        final = ended and number == len(offsets) - 1
        kind = MeetingKind.FINAL if final else kinds[number] if number < len(kinds) else MeetingKind.REGULAR
        talk = LAST if final else FIRST[number] if number < len(FIRST) else USUAL[number % len(USUAL)]
        found.append(written(story, pair, offset, kind, talk))
    return found


def former_pairs(story: Story) -> None:
    for mentor in ("Шевчук", "Петренко"):
        journal(story, pair_of(story, mentor, "closed"), range(-413, -140, 21), ended=True)


def working_pairs(story: Story) -> None:
    """One pair has gone a little quiet, another one long ago; the rest go on."""
    days = {
        "Якушева": range(-190, -10, 30),
        "Гнедых": (-62, -50),
        "Хасанов": (-61, -47, -38, -27),
        "Соловьёва": (-63, -44, -28, -12),
        "Ткач": (-18, -4),
    }
    for mentor, offsets in days.items():
        journal(story, pair_of(story, mentor, "active"), offsets)


def signed_in_pairs(story: Story) -> None:
    """Two pairs whose people sign in. In one only the mentor does, and the entries wait for a word; in the other both
    write, agree and once do not."""
    mentor, learner, other = (User.objects.get(username=name) for name in ("mentor", "mentee", "konstant"))
    own = pair_of(story, "Бондаренко", "active")
    talks, kinds = [*FIRST, *USUAL], [*LADDER[:3], *[MeetingKind.REGULAR] * 4]
    for offset, kind, talk in zip((-63, -56, -49, -38, -24, -10), kinds, talks, strict=False):
        written(story, own, offset, kind, talk, mentor)
    both = pair_of(story, "Константинопольская-Добровольская", "active")
    for number, (offset, kind) in enumerate(zip((-60, -52, -40, -29, -17), kinds, strict=False)):
        author, asked = (learner, other) if number == 3 else (other, learner)
        meeting = written(story, both, offset, kind, talks[number], author)
        with story.calendar.at(offset + 1, hour=9):
            disputed = number == 4
            words = "Встреча была в среду и шла полчаса." if disputed else ""
            confirm_meeting(meeting=meeting, agrees=not disputed, text=words, actor=again(asked))
    newest = written(story, both, -3, MeetingKind.REGULAR, talks[6], other)
    notes(story, newest, other)
    notes(story, Meeting.objects.filter(pair=own).latest("day"), mentor)
    plans(story, own, mentor)


def notes(story: Story, meeting: Meeting, mentor: User) -> None:
    with story.calendar.at(-3, hour=18):
        author = again(mentor)
        shared = "Карта наблюдения лежит в методическом кабинете, синяя папка."
        add_note(meeting=meeting, audience=Audience.PAIR, text=shared, actor=author)
        own = "Не торопить с открытым уроком: сначала уверенность."
        add_note(meeting=meeting, audience=Audience.AUTHOR, text=own, actor=author)


def plans(story: Story, pair: Pair, mentor: User) -> None:
    """A series ahead, one meeting called off, one whose day has passed without a word, an address of the calendar."""
    with story.calendar.at(-2, hour=12) as day:
        author = again(mentor)
        missed = Plan(day=day, kind=MeetingKind.REGULAR, time=dt.time(14, 30), minutes=45, place="Кабинет 12")
        plan_meetings(pair=pair, plan=missed, actor=author)
        first = story.calendar.day(5)
        series = Plan(
            day=first,
            kind=MeetingKind.REGULAR,
            time=dt.time(15, 10),
            minutes=45,
            place="Кабинет 12",
            goal="Разобрать открытый урок",
            every=14,
            until=first + dt.timedelta(days=90),
        )
        planned, _ = plan_meetings(pair=pair, plan=series, actor=author)
        cancel_meeting(meeting=planned[1], reason="Городской семинар в этот день", actor=author)
        make_feed(actor=author)


def answers(story: Story) -> None:
    """The mentee asks for more meetings; the curator has not read it yet."""
    pair = pair_of(story, "Константинопольская-Добровольская", "active")
    with story.calendar.at(-33):
        values = {"useful": 5, "often": 2, "trust": 5}
        text = "Хотелось бы встречаться чаще, хотя бы раз в две недели."
        answer_pulse(pair=pair, values=values, text=text, actor=User.objects.get(username="mentee"))
