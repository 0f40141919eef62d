"""Programmes of the demo school in every state: summed up, carried out, agreed, corrected, still a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from mentorship.models import (
    Activity,
    ActivityState,
    Focus,
    Pair,
    PairState,
    Programme,
    ProgrammeTemplate,
)
from mentorship.services.programme_corrections import amend_programme
from mentorship.services.programme_lines import add_activity, change_activity, delete_activity
from mentorship.services.programme_papers import add_comment, add_file
from mentorship.services.programme_progress import ask_delay, check_activity, do_activity, overcome_focus
from mentorship.services.programme_review import (
    approve_programme,
    endorse_programme,
    record_mark,
    return_programme,
    submit_programme,
)
from mentorship.services.programme_templates import save_as_template
from mentorship.services.programmes import complete_programmes, create_programme, publish_programme, write_results

if TYPE_CHECKING:
    from config.demo.story import Story

RESULTS = (
    "За год наставляемый научился планировать урок от результата, провёл четыре открытых занятия и разобрал каждое. "
    "Трудности с порядком на уроке преодолены, осталось научиться беречь время на подведение итогов. "
    "Пара подготовила памятку для тех, кто приходит в школу впервые."
)
DONE = "Сделано, записи лежат в общей папке пары"
MARK = "Выполнено полностью, можно двигаться дальше"


def tell_last_year(story: Story, pairs: Sequence[Pair]) -> None:
    """Told while the pairs of the last year still work: their programmes from the first draft to the last mark."""
    with story.calendar.at(-419):
        made = [composed(story, pair, "young") for pair in pairs]
    with story.calendar.at(-416):
        for programme in made:
            agreed(story, programme)
    with story.calendar.at(-414):
        for programme in made:
            approve_programme(programme=programme, actor=story.director)
    for offset in (-390, -330, -270, -210, -150, -135):
        with story.calendar.at(offset) as day:
            for programme in made:
                carried_out(story, programme, day)
    with story.calendar.at(-134):
        for focus in Focus.objects.filter(programme__in=made).order_by("pk")[:7]:
            overcome_focus(focus=focus, overcome=True, actor=story.curator)


def tell(story: Story) -> None:
    """The end of the last year, then this year on the day of the demo."""
    summed_up(story)
    for mentor in ("Бондаренко", "Константинопольская-Добровольская"):
        at_work(story, mentor)
    approved_by_order(story)
    corrected(story)
    still_agreed(story)
    drafted(story)


def composed(story: Story, pair: Pair, code: str) -> Programme:
    template = ProgrammeTemplate.objects.get(organisation=None, code=code)
    return create_programme(pair=Pair.objects.get(pk=pair.pk), template=template, actor=story.curator)


def pair_of(story: Story, surname: str) -> Pair:
    return Pair.objects.filter(mentor=story.cards[surname], state=PairState.ACTIVE).latest("starts_on")


def agreed(story: Story, programme: Programme) -> None:
    """Handed over and signed on paper by everybody of the pair."""
    submit_programme(programme=programme, actor=story.curator)
    for person in programme.pair.people:
        today = dt.date.today()  # noqa: DTZ011 - the clock of the demo
        record_mark(programme=programme, person=person, day=today, actor=story.curator)


def carried_out(story: Story, programme: Programme, day: dt.date, spare: int = 0) -> None:
    """Lines whose day has come are checked; the last ones of them may be spared."""
    rows = programme.activities.filter(state=ActivityState.PLANNED, approved_due_on__lte=day)
    lines = list(rows.order_by("due_on", "pk"))
    for line in lines[: len(lines) - spare]:
        check_activity(activity=line, mark=MARK, result=DONE, actor=story.curator)


def summed_up(story: Story) -> None:
    last = story.calendar.day(-130)
    rows = Programme.objects.filter(organisation=story.organisation, pair__state=PairState.CLOSED)
    for number, programme in enumerate(rows.order_by("pk")):
        with story.calendar.at(-130):
            words = "Пара завершена: программа выполнена в полном объёме."
            complete_programmes(pair=programme.pair, day=last, reason=words, actor=story.curator)
        with story.calendar.at(-126):
            programme.refresh_from_db()
            write_results(programme=programme, results=RESULTS, actor=story.curator)
            publish_programme(programme=programme, shown=number == 0, actor=story.curator)


def at_work(story: Story, mentor: str) -> None:
    """A programme that is carried out: checked, done, overdue, with a request and a material."""
    with story.calendar.at(-58):
        programme = composed(story, pair_of(story, mentor), "young")
    with story.calendar.at(-56):
        agreed(story, programme)
    with story.calendar.at(-55):
        approve_programme(programme=programme, actor=story.director)
    for offset in (-40, -20):
        with story.calendar.at(offset) as day:
            carried_out(story, programme, day, spare=1)
    with story.calendar.at(-4) as day:
        open_lines = list(programme.activities.filter(state=ActivityState.PLANNED).order_by("due_on", "pk"))
        do_activity(activity=open_lines[0], result="Составили план урока вместе", done_on=day, actor=story.curator)
        with_delay(story, open_lines)
        file = ContentFile(story.scan("План урока").read(), name="План урока.pdf")
        add_file(programme=programme, activity=open_lines[0], file=file, title="План урока", actor=story.curator)
        overcome_focus(
            focus=programme.focuses.filter(kind=Focus.Kind.DIFFICULTY)[0], overcome=True, actor=story.curator
        )
        publish_programme(programme=programme, shown=True, actor=story.curator)


def with_delay(story: Story, lines: list[Activity]) -> None:
    """The mentee asks for another day."""
    learner = lines[-1].programme.pair.mentees[0].user
    if learner is not None:
        until = lines[-3].due_on + dt.timedelta(days=14)
        ask_delay(activity=lines[-3], until=until, reason="Класс уезжает на экскурсию", actor=learner)


def approved_by_order(story: Story) -> None:
    """The programme of the group, approved by an order, with a line for one of its mentees."""
    with story.calendar.at(-50):
        programme = composed(story, pair_of(story, "Соловьёва"), "newcomer")
        mentee = programme.pair.mentees[0]
        values = {
            "section": 3,
            "title": "Провести классный час и разобрать его",
            "mentee": mentee,
            "focus": programme.focuses.all()[0],
            "due_on": programme.starts_on + dt.timedelta(days=40),
            "planned_result": "План и самоанализ",
        }
        add_activity(programme=programme, values=values, actor=story.curator)
    with story.calendar.at(-49):
        agreed(story, programme)
        title = "Об утверждении персонализированной программы наставнической группы"
        order = story.draft("programmes", title, programmes=[programme.pk])
    story.approve(order, "61-од", -48, signed=False)
    with story.calendar.at(-15) as day:
        carried_out(story, programme, day)
        save_as_template(
            programme=programme,
            title="Группа классных руководителей",
            summary="Для новых классных",
            actor=story.curator,
        )


def corrected(story: Story) -> None:
    """In force while the next version is being written."""
    with story.calendar.at(-52):
        programme = composed(story, pair_of(story, "Гнедых"), "reverse")
    with story.calendar.at(-51):
        agreed(story, programme)
    with story.calendar.at(-47):
        approve_programme(programme=programme, actor=story.director)
    with story.calendar.at(-18) as day:
        carried_out(story, programme, day)
    with story.calendar.at(-5):
        amend_programme(programme=programme, reason="Наставляемая готовится к конкурсу", actor=story.curator)
        lines = list(programme.activities.filter(state=ActivityState.PLANNED).order_by("due_on", "pk"))
        values = {"title": "Подготовить конкурсный урок", "due_on": lines[1].due_on + dt.timedelta(days=7)}
        change_activity(activity=lines[1], values=values, seen=lines[1].revision, actor=story.curator)
        delete_activity(activity=lines[2], actor=story.curator)
        text = "Добавьте, пожалуйста, пробное выступление перед коллегами."
        add_comment(programme=programme, activity=lines[1], text=text, actor=story.curator)


def still_agreed(story: Story) -> None:
    """Everybody agrees: it waits for the head."""
    with story.calendar.at(-6):
        ready = composed(story, pair_of(story, "Хасанов"), "newcomer")
        agreed(story, ready)
        union = story.organisation.memberships.filter(role="methodical_union").first()
        if union is not None:
            endorse_programme(programme=ready, actor=union.user)


def drafted(story: Story) -> None:
    with story.calendar.at(-3):
        programme = composed(story, pair_of(story, "Ткач"), "digital")
        agreed(story, programme)
        remark = "Добавьте посещение урока наставника и уточните результат."
        return_programme(programme=programme, remark=remark, actor=story.director)
