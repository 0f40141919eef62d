"""What a mentor can show for the category «педагог-наставник»: read from approved orders and closed facts alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from accounts.permissions import today
from core.russian import plural, plural_word
from mentorship.documents.portfolio import Evidence, Group, Span
from mentorship.models import (
    Achievement,
    BankCard,
    Consent,
    ConsentKind,
    Course,
    Meeting,
    Pair,
    PairState,
    Participant,
    Programme,
    ProgrammeState,
)

# Forms of mentoring by the codes of the common dictionary; a school's own forms are work with teachers.
WITH_STUDENTS = ("employer-student", "lecturer-teacher")
WITH_PUPILS = ("teacher-pupil", "pupil-pupil")
NAMELESS = "наставляемый"
SPREADING = (Achievement.Kind.PUBLICATION, Achievement.Kind.CONFERENCE)
STRUCK = "отменён с"


def portfolio_of(person: Participant, span: Span) -> list[Group]:
    """The groups of criteria with their evidence within the span; a constant number of queries.

    A mentee is named only while the consent to processing is live.
    """
    pairs = led_pairs(person, span)
    named = nameable({mentee.pk for pair in pairs for mentee in pair.mentees})
    hours, results = hours_of(pairs, span), results_of(person, pairs)

    def lines(chosen: Iterable[Pair]) -> list[Evidence]:
        return [pair_line(pair, named, hours.get(pair.pk, (0, 0)), results.get(pair.pk, "")) for pair in chosen]

    students = [pair for pair in pairs if pair.form.code in WITH_STUDENTS]
    teachers = [pair for pair in pairs if pair.form.code not in (*WITH_STUDENTS, *WITH_PUPILS)]
    return [
        Group(
            "Руководство практикой студентов",
            "Здесь появятся пары со студентами и молодыми специалистами из вуза или колледжа.",
            lines(students),
        ),
        Group("Наставничество педагогов", "Здесь появятся пары и группы, закреплённые приказом.", lines(teachers)),
        Group(
            "Подготовка к профессиональным конкурсам",
            "Здесь появятся конкурсы, в которых ваши наставляемые участвовали, пока работала пара.",
            contest_lines(pairs, named, span),
        ),
        Group(
            "Распространение своего опыта",
            "Здесь появятся публикации, выступления и курсы из вашей карточки.",
            own_lines(person, span),
        ),
        Group("Поощрения", "Здесь появятся награды по приказам.", award_lines(person, span)),
    ]


def led_pairs(person: Participant, span: Span) -> list[Pair]:
    """Pairs that orders have brought into force and that worked within the span, the newest first."""
    rows = Pair.objects.filter(mentor=person, state__in=[PairState.ACTIVE, PairState.CLOSED])
    rows = rows.filter(starts_on__lte=min(span.until or today(), today()))
    if span.since:
        rows = rows.filter(ends_on__gte=span.since)
    return list(rows.for_cards().order_by("-starts_on", "-pk"))


def nameable(people: Iterable[int]) -> frozenset[int]:
    live = Consent.objects.live(today()).filter(participant__in=people, kind=ConsentKind.PROCESSING)
    return frozenset(live.values_list("participant", flat=True))


def name_of(person: Participant, named: frozenset[int]) -> str:
    return person.short_name if person.pk in named else NAMELESS


def within(rows: QuerySet[Any], column: str, span: Span) -> QuerySet[Any]:
    """Rows whose day falls within the span."""
    if span.since:
        rows = rows.filter(**{f"{column}__gte": span.since})
    return rows.filter(**{f"{column}__lte": min(span.until or today(), today())})


def hours_of(pairs: Sequence[Pair], span: Span) -> dict[int, tuple[int, int]]:
    """The held meetings of each pair within the span: how many, and how many minutes in all."""
    held = within(Meeting.objects.held().filter(pair__in=pairs), "day", span)
    rows = held.order_by().values_list("pair").annotate(count=Count("pk"), minutes=Sum("minutes"))
    return {pair: (count, minutes or 0) for pair, count, minutes in rows}


def results_of(person: Participant, pairs: Sequence[Pair]) -> dict[int, str]:
    """How each pair ended: what the summed programme says, otherwise the line of the bank card."""
    summed = Programme.objects.filter(pair__in=pairs, state=ProgrammeState.SUMMED).order_by("pk")
    found = dict(summed.values_list("pair", "results"))
    card = BankCard.objects.mentors().filter(participant=person).first()
    written = card.outcome if card else ""
    return {pair.pk: found.get(pair.pk) or outcome_on(written, pair.ends_on) for pair in pairs}


def outcome_on(written: str, day: dt.date) -> str:
    """The line that the end of a pair has left on a bank card: «31.05.2026 — Адаптация завершена.»"""
    start = f"{day:%d.%m.%Y} — "
    return next((line.removeprefix(start) for line in written.splitlines() if line.startswith(start)), "")


def pair_line(pair: Pair, named: frozenset[int], held: tuple[int, int], result: str) -> Evidence:
    names = ", ".join(name_of(mentee, named) for mentee in pair.mentees)
    work = [f"{pair.form}, {pair.direction}"]
    if held[0]:
        work.append(f"{plural(held[0], 'встреча', 'встречи', 'встреч')}{hour_words(held[1])}")
    if result:
        work.append(f"результат: {result}")
    ended = "" if pair.state == PairState.CLOSED else ", работает"
    when = f"{pair.starts_on:%d.%m.%Y} – {pair.ends_on:%d.%m.%Y}{ended}"
    # A pair that works or has worked always has its approved order.
    paper = f"Приказ {pair.order.requisites}" if pair.order else ""
    return Evidence(names, "; ".join(part.rstrip(". ") for part in work), when, paper)


def hour_words(minutes: int) -> str:
    """«, 12 часов»; hours are whole, rounded down."""
    hours = minutes // 60
    return f", {hours} {plural_word(hours, 'час', 'часа', 'часов')}" if hours else ""


def contest_lines(pairs: Sequence[Pair], named: frozenset[int], span: Span) -> list[Evidence]:
    """Contests of the mentees on the days when their pair worked, each once."""
    chosen = Q(pk__in=[])
    for pair in pairs:
        days = (pair.starts_on, pair.ends_on)
        chosen |= Q(participant__in=[one.pk for one in pair.mentees], held_on__range=days)
    rows = within(Achievement.objects.filter(chosen, kind=Achievement.Kind.CONTEST), "held_on", span)
    return [
        Evidence(
            f"{name_of(row.participant, named)}: {row.title}",
            ", ".join(part for part in (f"{row.get_level_display()} уровень", row.result) if part),
            f"{row.held_on:%d.%m.%Y}",
        )
        for row in rows.select_related("participant")
    ]


def own_lines(person: Participant, span: Span) -> list[Evidence]:
    """Publications and speeches, then courses with their papers."""
    spread = within(Achievement.objects.filter(participant=person, kind__in=SPREADING), "held_on", span)
    courses = within(Course.objects.filter(participant=person), "ended_on", span)
    said = [
        Evidence(
            row.title,
            ", ".join(
                part for part in (row.get_kind_display(), f"{row.get_level_display()} уровень", row.result) if part
            ),
            f"{row.held_on:%d.%m.%Y}",
        )
        for row in spread
    ]
    return said + [
        Evidence(
            f"Курс «{course.title}»",
            ", ".join(part for part in (course.provider, f"{course.hours} ч" if course.hours else "") if part),
            f"{course.ended_on:%d.%m.%Y}",
            course.paper,
        )
        for course in courses
    ]


def award_lines(person: Participant, span: Span) -> list[Evidence]:
    """Awards that still count; the order stands in the line of the card."""
    awards = Achievement.objects.filter(participant=person, kind=Achievement.Kind.AWARD)
    rows = within(awards.exclude(result__contains=STRUCK), "held_on", span)
    return [
        Evidence(
            row.title[:1].upper() + row.title[1:],
            f"{row.get_level_display()} уровень",
            f"{row.held_on:%d.%m.%Y}",
            row.result[:1].upper() + row.result[1:],
        )
        for row in rows
    ]
