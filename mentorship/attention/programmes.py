"""What programmes bring to the home pages: pairs without one, what waits for agreement or approval, lines of a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.attention import Entry, Tab, register, register_tab
from accounts.models import Organisation
from accounts.permissions import holds, may
from core.russian import plural
from mentorship.models import (
    Activity,
    ActivityState,
    Pair,
    PairMember,
    Programme,
    ProgrammeMark,
    ProgrammeState,
)
from mentorship.models.needs import sentence
from mentorship.services.programmes import without_programme

MOST = 10
SOON = dt.timedelta(days=7)
PAIRS = ("пара", "пары", "пар")
LINES = ("мероприятие", "мероприятия", "мероприятий")


@register
def pairs_without_programme(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: working pairs without an approved programme (BR-24), those without any draft first."""
    if not may(user, "mentorship.pair.change", organisation):
        return
    lacking = without_programme(organisation, day).for_cards().order_by("starts_on", "pk")
    drafts = dict(Programme.objects.filter(organisation=organisation).current().values_list("pair", "pk"))
    found = list(lacking[: MOST + 1])
    for pair in found[:MOST]:
        number = drafts.get(pair.pk)
        if number is None:
            url = f"{reverse('programme_new')}?pair={pair.pk}"
            words = "Пара работает, а персонализированной программы у неё нет."
            yield Entry(pair.title, url, words, "Составить программу", "нет программы", "no", pair.starts_on)
    if len(found) > MOST:
        rest, url = plural(lacking.count() - MOST, *PAIRS), reverse("programme_list")
        yield Entry(f"Ещё {rest} без утверждённой программы", url, action="Открыть программы")


@register
def own_pair_without_programme(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For a mentor: the own pair has no programme yet."""
    if not holds(user, "mentorship.activity.check"):
        return
    own = Pair.objects.filter(organisation=organisation, mentor__user=user).in_force(day)
    busy = Programme.objects.current().order_by().values("pair")
    for pair in own.exclude(pk__in=busy).for_cards()[:MOST]:
        url = f"{reverse('programme_new')}?pair={pair.pk}"
        words = "Составьте её по шаблону: мероприятия уже будут со сроками."
        yield Entry(f"Нет программы: {pair.title}", url, words, "Составить программу", "нет программы", "wait")


@register
def programmes_to_agree(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the people of a pair: its programme waits for their word."""
    if not holds(user, "mentorship.programme.agree"):
        return
    rows = Programme.objects.permitted(user, "mentorship.programme.agree").filter(
        organisation=organisation, state=ProgrammeState.REVIEW
    )
    given = ProgrammeMark.objects.filter(programme=OuterRef("pk"), participant__user=user)
    for one in rows.exclude(Exists(given)).for_cards()[:MOST]:
        url, words = reverse("programme_detail", args=[one.pk]), "Прочитайте и отметьте, согласны ли вы."
        yield Entry(f"Согласуйте: {one.title}", url, words, "Прочитать", "ждёт вас", "wait")


@register
def programmes_to_approve(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the head: programmes with every mark; for the curator those that still wait for somebody."""
    approves = may(user, "mentorship.programme.approve", organisation)
    if not approves and not may(user, "mentorship.pair.change", organisation):
        return
    rows = Programme.objects.filter(organisation=organisation, state=ProgrammeState.REVIEW, draft_order=None)
    ready, waiting = split_by_marks(
        list(rows.for_cards().prefetch_related("marks").order_by("submitted_at", "pk")[:50])
    )
    for one in ready[:MOST]:
        name = "programme_approve" if approves else "programme_detail"
        url, words = reverse(name, args=[one.pk]), f"{sentence(one.pair.title)} Согласны все участники."
        yield Entry(one.title, url, words, "Утвердить" if approves else "Открыть", "ждёт утверждения", "wait", None,
                    waiting=not approves)  # fmt: skip
    for one in waiting[:MOST] if not approves else []:
        url = reverse("programme_detail", args=[one.pk])
        yield Entry(one.title, url, one.pair.title, "Открыть", "на согласовании", "wait", waiting=True)


def split_by_marks(rows: list[Programme]) -> tuple[list[Programme], list[Programme]]:
    """Those with a mark of everybody of the pair, and the rest."""
    ready: list[Programme] = []
    waiting: list[Programme] = []
    for one in rows:
        marked = {mark.participant_id for mark in one.marks.all()}
        complete = all(person.pk in marked for person in one.pair.people)
        (ready if complete else waiting).append(one)
    return ready, waiting


@register
def returned_programmes(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For whoever composes: drafts that came back with a remark."""
    if not holds(user, "mentorship.programme.change"):
        return
    rows = Programme.objects.permitted(user, "mentorship.programme.change").filter(
        organisation=organisation, state=ProgrammeState.DRAFT
    )
    for one in rows.exclude(return_reason="").for_cards()[:MOST]:
        url = reverse("programme_detail", args=[one.pk])
        yield Entry(one.title, url, one.return_reason, "Исправить", "возвращена", "no")


# --- Lines of a plan --------------------------------------------------------------------------------------------------
@register
def own_lines(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For a mentee: what is overdue, returned or due within a week."""
    if not holds(user, "mentorship.activity.do"):
        return
    learning = PairMember.objects.filter(pair=OuterRef("programme__pair"), mentee__user=user)
    rows = open_lines(user, "mentorship.activity.do", organisation, day).filter(Exists(learning))
    rows = rows.filter(Q(mentee=None) | Q(mentee__user=user), state=ActivityState.PLANNED, delay_until_asked=None)
    soon = [one for one in rows.order_by("approved_due_on", "pk")[:100] if one.due <= day + SOON or one.return_reason]
    for line in soon[:MOST]:
        yield line_entry(line, day)
    if len(soon) > MOST:
        url = reverse("programme_detail", args=[soon[MOST].programme_id])
        yield Entry(f"Ещё {plural(len(soon) - MOST, *LINES)} программы", url, action="Открыть программу")


def open_lines(user: Any, action: str, organisation: Organisation, day: dt.date) -> Any:
    """Lines of the programmes in force; nothing is asked of a pair that rests."""
    working = Pair.objects.filter(organisation=organisation).working(day).order_by()
    rows = Activity.objects.permitted(user, action).filter(programme__pair__in=working)
    return rows.in_force().select_related("programme")


def line_entry(line: Activity, day: dt.date) -> Entry:
    url, late = reverse("activity_do", args=[line.pk]), line.is_overdue_on(day)
    if line.return_reason:
        words = f"Наставник вернул: {line.return_reason}"
        return Entry(line.title, url, words, "Отметить", "вернули", "late" if late else "no", line.due, late)
    words = line.planned_result
    return Entry(line.title, url, words, "Отметить", "просрочено" if late else "по программе", "late" if late else "go",
                 line.due, late)  # fmt: skip


@register
def lines_to_check(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For a mentor: lines that mentees have done, delays they ask for, lines that nobody has marked in time."""
    if not holds(user, "mentorship.activity.check"):
        return
    rows = open_lines(user, "mentorship.activity.check", organisation, day).filter(programme__pair__mentor__user=user)
    for line in rows.filter(state=ActivityState.DONE).order_by("done_on", "pk")[:MOST]:
        url = reverse("activity_check", args=[line.pk])
        yield Entry(line.title, url, line.actual_result, "Проверить", "ждёт проверки", "wait", line.due)
    for line in rows.filter(state=ActivityState.PLANNED, delay_until_asked__isnull=False)[:MOST]:
        url = reverse("activity_detail", args=[line.pk])
        words = f"Просят перенести на {line.delay_until_asked:%d.%m.%Y}: {line.delay_reason}"
        yield Entry(line.title, url, words, "Ответить", "просьба", "wait", line.due)
    late = list(rows.overdue(day).filter(delay_until_asked=None)[: MOST + 1])
    if late:
        url, words = reverse("programme_detail", args=[late[0].programme_id]), f"Первое: «{late[0].title}»."
        count = plural(len(late), *LINES) if len(late) <= MOST else f"Больше {MOST} мероприятий"
        yield Entry(f"{count} программы просрочено", url, words, "Открыть программу", "просрочено", "late", late[0].due,
                    late=True)  # fmt: skip


HINT = "Планы пар и групп: что делается, к какому сроку и что получилось"
register_tab(Tab("Программы", "programme_list", "mentorship.programme.view", 22, HINT, ("/cabinet/programmes/",)))
