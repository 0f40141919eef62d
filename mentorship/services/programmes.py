"""Actions on personalised programmes as wholes: drafted, corrected, completed, summed up, shown to everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Forbidden, Reach, permit, row_of, today
from core.journal import record
from core.transitions import Refused, move
from mentorship.models import (
    Activity,
    BankCard,
    BankRole,
    DictionaryEntry,
    Focus,
    Pair,
    PairState,
    Programme,
    ProgrammeState,
    ProgrammeTemplate,
    plus_months,
)
from mentorship.models.programme_rules import lines_of
from mentorship.models.rules import SHORTEST_MONTHS
from mentorship.services.programme_corrections import drop_correction
from mentorship.services.programme_templates import lay_day, lines_from, school_calendar

CHANGE = "mentorship.programme.change"
ONE_DAY = dt.timedelta(days=1)
ONE_AT_A_TIME = "У этой пары уже есть программа: откройте её и продолжите."
OVER = "Пара уже не работает: программу составляют для пары, которая оформляется или действует."


def keeps(user: Any, organisation_id: int, action: str = CHANGE) -> bool:
    """Whether the user may do the action on every programme of the organisation, not only on their own."""
    reach = row_of(action).reach
    return any(
        reach.get(one.role) is Reach.ORGANISATION and one.organisation_id == organisation_id for one in user.standings
    )


def open_for_programme(user: Any, organisation: Any) -> Any:
    """Pairs without a current programme for which the user may compose one: the curator any, a mentor their own."""
    busy = Programme.objects.current().order_by().values("pair")
    rows = Pair.objects.filter(organisation=organisation).exclude(pk__in=busy)
    if keeps(user, organisation.pk):
        return rows.filter(state__in=[PairState.FORMING, PairState.ACTIVE])
    return rows.in_force(today()).filter(mentor__user=user)


def sources_for(user: Any, organisation: Any) -> Any:
    """Programmes that the user may take as a basis: the curator any of the school, a mentor those they have led."""
    rows = Programme.objects.filter(organisation=organisation).exclude(state=ProgrammeState.DROPPED)
    return rows if keeps(user, organisation.pk) else rows.filter(pair__mentor__user=user)


@transaction.atomic
def create_programme(
    *, pair: Pair, actor: User, template: ProgrammeTemplate | None = None, source: Programme | None = None
) -> Programme:
    """Draft a programme of a pair: its words from the pair and the bank cards of its mentees, its lines from a
    template or from another programme. One current programme of a pair at most."""
    permit(actor, CHANGE, pair)
    pair = Pair.objects.locked().get(pk=pair.pk)
    if pair.mentor.user_id != actor.pk and not keeps(actor, pair.organisation_id):
        raise Forbidden(CHANGE)
    if pair.state not in (PairState.FORMING, PairState.ACTIVE):
        raise Refused([OVER])
    if Programme.objects.filter(pair=pair).current().exists():
        raise Refused([ONE_AT_A_TIME])
    programme = header_of(pair, template, source)
    programme.save()
    programme.forms.set([pair.form])
    programme.kinds.set(pair.kinds.all())
    programme.directions.set([pair.direction])
    own = focuses_of(programme)
    if template:
        lay_template(programme, template, own)
    elif source:
        lay_source(programme, source)
    based = f" по шаблону «{template}»" if template else f" на основе программы «{source}»" if source else ""
    record("mentorship.programme.create", programme, actor=actor, text=f"Составлен проект программы{based}.")
    return programme


def header_of(pair: Pair, template: ProgrammeTemplate | None, source: Programme | None) -> Programme:
    """The unsaved header: the pair's own goal first, then that of what it is made of."""
    given: dict[str, Any] = template.content if template else {}
    if source:
        given = {name: getattr(source, name) for name in ("goal", "tasks", "expected", "frequency", "mode")}
    months = template.months if template else None
    starts_on, ends_on = term_for(pair, months)
    programme = Programme(
        organisation=pair.organisation,
        pair=pair,
        title=pair.direction.title[:1].upper() + pair.direction.title[1:],
        request=requests_of(pair),
        starts_on=starts_on,
        ends_on=ends_on,
        mode=given.get("mode", Programme.Mode.ONSITE),
    )
    for name in ("tasks", "expected", "frequency"):
        setattr(programme, name, given.get(name, ""))
    programme.goal = pair.goal or given.get("goal", "")
    return programme


def term_for(pair: Pair, months: int | None) -> tuple[dt.date, dt.date]:
    """From today, or earlier where three months would not be left of the pair's term; as long as the template."""
    latest = plus_months(pair.ends_on + ONE_DAY, -SHORTEST_MONTHS)
    starts_on = max(pair.starts_on, min(today(), latest))
    ends_on = min(pair.ends_on, plus_months(starts_on, months) - ONE_DAY) if months else pair.ends_on
    return starts_on, ends_on


def cards_of(pair: Pair) -> list[BankCard]:
    """The mentees' cards in the bank, in the order of the pair."""
    order = [mentee.pk for mentee in pair.mentees]
    rows = BankCard.objects.filter(participant__in=order, role=BankRole.MENTEE).prefetch_related("difficulties")
    return sorted(rows, key=lambda card: order.index(card.participant_id))


def requests_of(pair: Pair) -> str:
    return "; ".join(card.request for card in cards_of(pair) if card.request)[:500]


def focuses_of(programme: Programme) -> list[Focus]:
    """What the bank cards of the mentees say: each difficulty, and what they do well; saved."""
    found: list[Focus] = []
    for card in cards_of(programme.pair):
        whose: dict[str, Any] = {"programme": programme, "mentee": card.participant}
        for word in card.difficulties.all():
            found.append(Focus(**whose, entry=word, text=word.title, position=len(found)))
        if card.achievements:
            strength = Focus.Kind.STRENGTH
            found.append(Focus(**whose, kind=strength, text=card.achievements[:300], position=len(found)))
    return Focus.objects.bulk_create(found)


def lay_template(programme: Programme, template: ProgrammeTemplate, own: list[Focus]) -> None:
    """The difficulties and lines of a template; a difficulty that a card already names is not written twice."""
    words = {
        word.code: word
        for word in DictionaryEntry.objects.filter(dictionary="difficulty", organisation=None).exclude(code="")
    }
    known = {one.entry_id: one for one in own if one.entry_id}
    focuses: list[Focus | None] = []
    for raw in template.focuses:
        one: dict[str, Any] = dict(raw)
        word = words.get(one["code"])
        same = known.get(word.pk) if word else None
        if same is None:
            position = len(own) + len(focuses)
            same = Focus(programme=programme, kind=one["kind"], entry=word, text=one["text"], position=position)
            same.save()
        focuses.append(same)
    Activity.objects.bulk_create(lines_from(template, programme, focuses))


def lay_source(programme: Programme, source: Programme) -> None:
    """The common lines of another programme on the same distance from the first day; nothing about its people."""
    first, last = programme.starts_on, programme.ends_on
    calendar = school_calendar(programme.organisation, first, last)
    whole, now = (source.ends_on - source.starts_on).days + 1, (last - first).days + 1
    stretch = min(1.0, now / whole)
    aims = {one.entry_id: one for one in programme.focuses.all() if one.entry_id}
    kept: dict[int, Focus] = {}
    for old in source.focuses.all():
        if old.entry_id in aims:
            kept[old.pk] = aims[old.entry_id]
        elif old.mentee_id is None:
            text, position = old.text, len(kept) + len(aims)
            kept[old.pk] = Focus(programme=programme, kind=old.kind, entry=old.entry, text=text, position=position)
            kept[old.pk].save()
    lines = [one for one in lines_of(source) if one.mentee_id is None]
    Activity.objects.bulk_create(
        Activity(
            programme=programme,
            section=line.section,
            focus=kept.get(line.focus_id or 0),
            title=line.title,
            planned_result=line.planned_result,
            due_on=lay_day((line.due_on - source.starts_on).days // 7, first, last, calendar, stretch),
            position=position,
        )
        for position, line in enumerate(lines)
    )


def complete_programmes(*, pair: Pair, day: dt.date, reason: str, actor: User | None) -> None:
    """End the current programme of a pair that ends: completed where a version was approved, dropped otherwise.

    Called by whatever ends the pair and has asked the permission; `reason` is said in the history. A correction that
    was being prepared is given up: what was in force is what was completed.
    """
    complete_rows(Programme.objects.locked().filter(pair=pair).current(), day=day, reason=reason, actor=actor)


def complete_rows(rows: Iterable[Programme], *, day: dt.date, reason: str, actor: User | None) -> None:
    """Complete or drop the locked programmes; the caller has asked the permission."""
    for programme in rows:
        values: dict[str, Any] = {"draft_order": None}
        if programme.version:
            drop_correction(programme)
            move(programme, "complete", actor=actor, text=reason, completed_on=day, **values)
        else:
            Programme.objects.filter(pk=programme.pk).update(**values)
            programme.draft_order = None
            move(programme, "drop", actor=actor, text=reason)


@transaction.atomic
def drop_programme(*, programme: Programme, reason: str, actor: User) -> None:
    """Give up a programme that was never approved; it stays in the bank as one that did not come about."""
    permit(actor, "mentorship.programme.end", programme)
    programme = Programme.objects.locked().get(pk=programme.pk)
    move(programme, "drop", actor=actor, text=reason)


@transaction.atomic
def write_results(*, programme: Programme, results: str, actor: User) -> None:
    """Write what the pair has come to: while it works as a draft of the results, afterwards for good («итоги»).

    Only the results of a summed programme may be shown to everybody.
    """
    permit(actor, CHANGE, programme)
    programme = Programme.objects.locked().get(pk=programme.pk)
    if programme.state == ProgrammeState.COMPLETED:
        move(programme, "sum_up", actor=actor, results=results)
        return
    if not programme.is_in_force:
        raise Refused([f"Итоги пишут по утверждённой программе, а эта — «{programme.get_state_display()}»."])
    Programme.objects.filter(pk=programme.pk).update(results=results)
    record("mentorship.programme.results", programme, actor=actor, text="Записаны предварительные итоги программы.")


@transaction.atomic
def publish_programme(*, programme: Programme, shown: bool, actor: User) -> None:
    """Show the description of a programme in the open section, or hide it; names follow consents by themselves."""
    permit(actor, "mentorship.programme.publish", programme)
    programme = Programme.objects.locked().get(pk=programme.pk)
    if shown and not programme.version:
        raise Refused(["В открытом разделе показывают только утверждённые программы."])
    if programme.is_public == shown:
        return
    Programme.objects.filter(pk=programme.pk).update(is_public=shown)
    text = "Программа показана в открытом разделе." if shown else "Программа убрана из открытого раздела."
    record("mentorship.programme.publish", programme, actor=actor, text=text)


def without_programme(organisation: Any, day: dt.date) -> Any:
    """BR-24: working pairs without an approved programme in force."""
    ready = Programme.objects.in_force().order_by().values("pair")
    return Pair.objects.filter(~Q(pk__in=ready), organisation=organisation).in_force(day)
