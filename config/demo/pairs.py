"""The life of pairs in the demo school: a mentor replaced, a pair ended, an extension asked for, a pause, a helper, a
substitute, payments being prepared."""

from __future__ import annotations

from typing import Any

from config.demo.story import Story
from mentorship.models import ConsentKind, Initiator, Pair, PairState
from mentorship.services.extensions import ask_extension, record_answer
from mentorship.services.pair_changes import prepare_replacement
from mentorship.services.pair_company import Help, add_helper, pause_pair
from mentorship.services.pair_endings import close_run_out


def tell(story: Story) -> None:
    led, ended = two_more(story)
    replaced(story, led)
    finished(story, ended)
    extended(story)
    accompanied(story)
    substituted(story)
    paid(story)


def working(story: Story, mentor: str) -> Pair:
    return Pair.objects.get(mentor=story.cards[mentor], state=PairState.ACTIVE)


def two_more(story: Story) -> list[Pair]:
    """Two pairs fixed by one order: one will change its mentor, the other will end."""
    with story.calendar.at(-62):
        pairs = [
            story.pair("Власенко", ["Орлова"], "new-team", -60, 150, form="teacher-teacher", goal="Войти в коллектив"),
            story.pair("Сковорода", ["Зайцев"], "certification", -60, 150, form="teacher-teacher"),
        ]
        order = story.pairs_order(pairs)
    story.approve(order, "12-п", -61)
    return [Pair.objects.get(pk=pair.pk) for pair in pairs]


def replaced(story: Story, pair: Pair) -> None:
    with story.calendar.at(-16):
        first = story.calendar.day(-13)
        new = prepare_replacement(pair=pair, mentor=story.cards["Шевчук"], starts_on=first, actor=story.curator)
        story.agree("Орлова", ConsentKind.PAIR, pair=new)
        reason = "наставник получил классное руководство в другой смене"
        order = story.draft("replacement", "О замене наставника", pairs=[new.pk], reason=reason)
    story.approve(order, "14-п", -14)


def finished(story: Story, pair: Pair) -> None:
    """By agreement of both, two months before the term; the other pair of the same order goes on."""
    with story.calendar.at(-13):
        choices: dict[str, Any] = {
            "pairs": [pair.pk],
            "ground": "parties",
            "initiator": Initiator.BOTH.value,
            "reason": "аттестация пройдена раньше срока",
            "last_day": story.calendar.day(-11).isoformat(),
        }
        order = story.draft("ending", "О завершении работы наставнической пары", **choices)
    story.approve(order, "15-п", -12)
    with story.calendar.at(-8):
        close_run_out()


def extended(story: Story) -> None:
    """The mentor has signed, the mentee has not answered yet."""
    pair = working(story, "Константинопольская-Добровольская")
    with story.calendar.at(-5) as day:
        ends_on, reason = story.calendar.day(230), "Не успеваем разобрать все разделы до конца срока"
        extension = ask_extension(pair=pair, ends_on=ends_on, reason=reason, actor=story.curator)
        record_answer(
            extension=extension,
            participant=pair.mentor,
            agrees=True,
            said_on=day,
            paper_place="сейф куратора, папка «Продления»",
            actor=story.curator,
        )


def accompanied(story: Story) -> None:
    """A colleague helps one mentor; another pair rests."""
    with story.calendar.at(-20) as day:
        given = Help(story.cards["Ильина"], "разбор открытых уроков", day, day, "сейф куратора, папка «Согласия»")
        add_helper(pair=working(story, "Константинопольская-Добровольская"), given=given, actor=story.curator)
    with story.calendar.at(-3) as day:
        rest: dict[str, Any] = {"starts_on": day, "ends_on": None, "reason": "курсы повышения квалификации"}
        pause_pair(pair=working(story, "Хасанов"), actor=story.curator, **rest)


def substituted(story: Story) -> None:
    pair = working(story, "Соловьёва")
    with story.calendar.at(-6):
        choices: dict[str, Any] = {
            "pairs": [pair.pk],
            "substitute": story.cards["Петренко"].pk,
            "starts_on": story.calendar.day(-4).isoformat(),
            "last_day": story.calendar.day(14).isoformat(),
            "reason": "отпуск",
        }
        order = story.draft("substitution", "О временном замещении наставника", **choices)
    story.approve(order, "16-п", -5)


def paid(story: Story) -> None:
    """Still a draft: the accountant has to look at it."""
    with story.calendar.at(-1):
        people = sorted(story.cards[name].pk for name in ("Бондаренко", "Хасанов", "Соловьёва"))
        until = story.calendar.day(190).isoformat()
        title = "О выплатах наставникам"
        story.draft("payments", title, people=people, payment="monthly", until=until)
