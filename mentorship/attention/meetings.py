"""What meetings bring to the home pages: the next one, those without a word, long silence, questions, the timesheet.

Reminders are rules over the data and keep no marks. One that may come once stands in the queue for seven days: among
any seven days there is one Monday, and so one letter. In school holidays nobody is reminded of anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.attention import Entry, Panel, Tab, register, register_panels, register_tab
from accounts.models import Organisation
from accounts.permissions import holds, may
from core.russian import plural, short_name
from mentorship.attention.pairs import card_of
from mentorship.models import (
    Meeting,
    Pair,
    Participant,
    Pulse,
    lights_of,
    meeting_rules_of,
    with_last_meeting,
)
from mentorship.models.meeting_rules import holidays_of, within
from mentorship.models.meetings import CHANGE
from mentorship.models.pulses import asked_on, asking_open
from mentorship.services.pulses import SEE

MOST = 5
ONCE = dt.timedelta(days=7)
PAIRS = ("пара", "пары", "пар")
ANSWERS = ("ответ", "ответа", "ответов")


def own_pairs(me: Participant, day: dt.date) -> list[Any]:
    """The pairs of the person that work on the day, with the day of the last meeting."""
    return list(with_last_meeting(Pair.objects.of(me).in_force(day).for_cards()))


def is_quiet(organisation: Organisation, day: dt.date) -> bool:
    """Whether the school rests on the day."""
    return within(day, holidays_of(organisation))


@register
def meetings_without_a_word(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For a mentor: planned meetings whose day has passed."""
    me = card_of(user, organisation) if holds(user, CHANGE) else None
    if me is None or is_quiet(organisation, day):
        return
    rows = Meeting.objects.missed(day).filter(pair__in=led_by(me, day))
    for meeting in rows.for_rows().order_by("day", "pk")[:MOST]:
        url = f"{reverse('meeting_new')}?meeting={meeting.pk}"
        title = f"Как прошла встреча {meeting.day:%d.%m.%Y}?"
        words = f"{meeting.pair.title}: запишите её; если её не было, перенесите или отмените."
        yield Entry(title, url, words, "Записать", "нет записи", "wait", meeting.day)


def led_by(me: Participant, day: dt.date) -> Any:
    return Pair.objects.filter(mentor=me).working(day).order_by()


@register
def long_silence(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For a mentor, once: the pair has not met longer than the school finds right."""
    me = card_of(user, organisation) if holds(user, CHANGE) else None
    pairs = [pair for pair in own_pairs(me, day) if pair.mentor_id == me.pk] if me else []
    if not pairs or is_quiet(organisation, day):
        return
    before, lights = lights_of(pairs, day - ONCE), lights_of(pairs, day)
    for pair in pairs:
        kind, chip = lights[pair.pk]
        if kind in ("wait", "late") and before[pair.pk][0] == "ok":
            url = f"{reverse('meeting_plan')}?pair={pair.pk}"
            words = "Давно не было встреч: запланируйте ближайшую."
            yield Entry(pair.title, url, words, "Запланировать", chip, "wait")


@register
def silent_pairs(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: pairs that the mentor's reminder has not moved, in one line."""
    if not may(user, "mentorship.pair.change", organisation) or is_quiet(organisation, day):
        return
    working = Pair.objects.filter(organisation=organisation).in_force(day).for_cards()
    pairs = list(with_last_meeting(working))
    lights = lights_of(pairs, day)
    silent = [pair for pair in pairs if lights[pair.pk][0] == "late"]
    if not silent:
        return
    first = silent[0] if len(silent) == 1 else None
    url = f"{reverse('meeting_list')}?pair={silent[0].pk}"
    title = f"Давно не встречались: {first.title if first else plural(len(silent), *PAIRS)}"
    names = "; ".join(f"{pair.title} — {lights[pair.pk][1]}" for pair in silent[:MOST])
    more = f" и ещё {len(silent) - MOST}" if len(silent) > MOST else ""
    yield Entry(title, url, f"{names}{more}. Спросите, нужна ли помощь.", "Открыть журнал", "нет встреч", "late")


@register
def meetings_to_confirm(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the other side, once: what was written about a meeting. Nobody is asked again: silence is an answer too."""
    me = card_of(user, organisation)
    if me is None or is_quiet(organisation, day):
        return
    since = timezone.make_aware(dt.datetime.combine(day - ONCE + dt.timedelta(days=1), dt.time()))
    rows = Meeting.objects.held().filter(pair__in=Pair.objects.of(me).working(day).order_by(), entered_at__gte=since)
    for meeting in rows.for_rows().order_by("day", "pk"):
        heard = {one.participant_id for one in meeting.confirmations.all()}
        if me in meeting.confirmers() and me.pk not in heard:
            url = reverse("meeting_confirm", args=[meeting.pk])
            title = f"Встреча {meeting.day:%d.%m.%Y}: всё верно?"
            author = short_name(meeting.entered_by.full_name, surname_first=True)
            words = f"Запись сделана: {author} Можно дополнить или не отвечать."
            yield Entry(title, url, words, "Посмотреть", "не подтверждена", "go")


@register
def questions_of_the_pulse(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For both sides, once an asking: how the work goes; to answer is a matter of free will."""
    me = card_of(user, organisation)
    pairs = list(Pair.objects.of(me).working(day).for_cards()) if me else []
    open_now = [(pair, asked) for pair in pairs if (asked := asking_open(pair.starts_on, day))]
    if not open_now or me is None or is_quiet(organisation, day) or not meeting_rules_of(organisation).asks:
        return
    done = set(Pulse.objects.filter(participant=me).values_list("pair", "asked_on"))
    for pair, asked in open_now:
        if (pair.pk, asked) not in done:
            words = f"{pair.title}: три вопроса, ответ увидит только куратор. Можно не отвечать."
            yield Entry("Как идёт работа?", reverse("pulse_answer", args=[pair.pk]), words, "Ответить")


@register
def low_answers(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: answers that ask for a talk and that nobody has read yet."""
    if not may(user, SEE, organisation):
        return
    count = Pulse.objects.filter(pair__organisation=organisation).low().unseen().count()
    if count:
        title = f"Работа пар: {plural(count, *ANSWERS)} просит разговора"
        title = title if count % 10 == 1 and count % 100 != 11 else title.replace("просит", "просят")
        words = "Кому-то не подходят встречи или неспокойно вместе. Поговорите с каждой стороной отдельно."
        yield Entry(title, f"{reverse('pulse_list')}?low=on", words, "Прочитать", "низкая оценка", "no")


@register_panels
def next_meetings(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Panel]:
    """For a mentor or a mentee: the next meeting of each pair, and one button that writes an entry."""
    me = card_of(user, organisation)
    pairs = own_pairs(me, day) if me else []
    if not pairs:
        return
    coming = first_of_each(Meeting.objects.planned().filter(pair__in=pairs, day__gte=day).order_by("day", "time", "pk"))
    lights = lights_of(pairs, day)
    said = set(Pulse.objects.filter(participant=me).values_list("pair", "asked_on"))
    data = [
        {
            "pair": pair,
            "next": coming.get(pair.pk),
            "kind": lights[pair.pk][0],
            "word": lights[pair.pk][1],
            "asked": (asked := asked_on(pair.starts_on, day)) and (pair.pk, asked) not in said,
        }
        for pair in pairs
    ]
    yield Panel("Встречи", "mentorship/includes/next_meeting.html", data)


def first_of_each(meetings: Iterable[Meeting]) -> dict[int, Meeting]:
    found: dict[int, Meeting] = {}
    for meeting in meetings:
        found.setdefault(meeting.pair_id, meeting)
    return found


MEETINGS_HINT = "Журнал встреч: что было, что впереди, кто подтвердил"
register_tab(Tab("Встречи", "meeting_list", "mentorship.meeting.view", 22, MEETINGS_HINT))
register_tab(Tab("Табель", "timesheet", "mentorship.timesheet.view", 23, "Часы наставников за месяц"))
