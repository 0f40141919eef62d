"""Notices of refusal and of cancelling: a blank to print, and the notice as it was given."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.template.loader import render_to_string

from accounts.permissions import today
from core.russian import plural_word
from core.uploads import safe_name
from mentorship.documents.letterhead import day_or_blank, paper_sheet, printed, signer_facts, worker_facts
from mentorship.models import NOTICE_DAYS, Notice, Pair, PairState, Participant, earliest_end

TITLES = {
    Notice.Side.EMPLOYEE: "Уведомление об отказе от работы наставника",
    Notice.Side.EMPLOYER: "Уведомление об отмене поручения наставнику",
}

TEMPLATES = {
    Notice.Side.EMPLOYEE: "mentorship/documents/notice_employee.html",
    Notice.Side.EMPLOYER: "mentorship/documents/notice_employer.html",
}


@dataclass(frozen=True)
class NoticeFacts:
    """What the paper says; without days it is a blank to fill in by hand. No pair: all work as a mentor."""

    side: Notice.Side
    pair: Pair | None = None
    given_on: dt.date | None = None
    ends_on: dt.date | None = None
    reason: str = ""


def working_pairs(person: Participant, pair: Pair | None) -> list[Pair]:
    """The pairs that a notice of the person speaks of."""
    led = Pair.objects.filter(mentor=person, state=PairState.ACTIVE).for_cards().order_by("starts_on", "pk")
    return [one for one in led if pair is None or one == pair]


def notice_html(person: Participant, said: NoticeFacts) -> str:
    """The notice in the restricted markup of documents."""
    day = said.given_on or today()
    pairs = working_pairs(person, said.pair)
    context = {
        "organisation": person.organisation,
        "signer": signer_facts(person.organisation, day),
        "worker": worker_facts(person),
        "pairs": [line_of(pair) for pair in pairs],
        "all_work": said.pair is None,
        "several": len(pairs) > 1,
        "date": day_or_blank(said.given_on),
        "ends_on": day_or_blank(said.ends_on),
        "reason": said.reason,
        "is_blank": said.given_on is None,
        "earliest": earliest_end(day),
        "today": day,
        "days": f"{NOTICE_DAYS} {plural_word(NOTICE_DAYS, 'рабочий день', 'рабочих дня', 'рабочих дней')}",
    }
    return render_to_string(TEMPLATES[said.side], context)


def line_of(pair: Pair) -> str:
    """«Петров Борис Викторович, вхождение в профессию, приказ от 01.09.2026 № 5»."""
    names = ", ".join(mentee.full_name for mentee in pair.mentees)
    order = f", приказ {pair.order.requisites}" if pair.order else ""
    return f"{names} — {pair.direction}{order}"


def notice_blank_file(person: Participant, side: Notice.Side, form: str, *, pair: Pair | None) -> tuple[str, bytes]:
    """A blank with the people and pairs in it: the name of the file and its content; `form` is pdf or docx."""
    html = notice_html(person, NoticeFacts(side, pair))
    return named(person, side, form), printed(html, form, paper_sheet(person.organisation, TITLES[side]))


def notice_file(notice: Notice, form: str) -> tuple[str, bytes]:
    """The notice as it was recorded, once more as a file."""
    person, side = notice.participant, Notice.Side(notice.side)
    return named(person, side, form), printed(notice.text, form, paper_sheet(person.organisation, TITLES[side]))


def named(person: Participant, side: Notice.Side, form: str) -> str:
    return safe_name(f"{TITLES[side]} — {person.short_name.rstrip('.')}.{form}")
