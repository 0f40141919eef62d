"""The labour papers of a mentor on the card and on the page of a pair: the addendum, notices of an early end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.http import CabinetRequest
from accounts.permissions import may, today
from mentorship.models import (
    EMPLOYEES,
    Addendum,
    Chip,
    Consent,
    ConsentKind,
    Notice,
    Pair,
    PairState,
    Participant,
    bases_of,
    chip_of_notice,
    labour_rules_of,
)
from mentorship.views.card_parts import register_part

ADDENDUM, NOTICE = "mentorship.addendum.view", "mentorship.notice.view"
OPEN = (PairState.FORMING, PairState.ACTIVE)


def labour_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """The papers of whoever works or has agreed to work as a mentor, for those who may see them."""
    user = request.user
    if person.category not in EMPLOYEES or not may(user, ADDENDUM, person):
        return None
    addenda = list(Addendum.objects.filter(participant=person))
    notices = list(Notice.objects.filter(participant=person).select_related("pair"))
    led = list(Pair.objects.filter(mentor=person, state__in=OPEN))
    agreed = Consent.objects.filter(participant=person, kind=ConsentKind.MENTOR, answer=Consent.Answer.GIVEN).exists()
    if not (addenda or notices or led or agreed):
        return None
    return {
        "person": person,
        "basis": bases_of([person], today())[person.pk],
        "addenda": [(one, Chip(*one.state_on(today()))) for one in addenda],
        "notices": notice_rows(notices, led),
        "leads": any(pair.state == PairState.ACTIVE for pair in led),
        "may_record": may(user, "mentorship.addendum.record", person),
        "may_notice": may(user, "mentorship.notice.record", person),
    }


def notice_rows(notices: Sequence[Notice], led: Sequence[Pair]) -> list[tuple[Notice, Chip]]:
    """Each notice with its state, worked out from the pairs that the person leads."""
    return [
        (notice, Chip(*chip_of_notice(notice, [pair for pair in led if notice.covers(pair)], today())))
        for notice in notices
    ]


def labour_of_pair(request: CabinetRequest, pair: Pair) -> dict[str, Any] | None:
    """What the mentor's work in the pair rests on, and notices that are to end it; nothing once the pair is over."""
    mentor, user = pair.mentor, request.user
    if pair.state not in OPEN or not may(user, ADDENDUM, mentor):
        return None
    notices = [one for one in Notice.objects.standing().filter(participant=mentor) if one.covers(pair)]
    return {
        "person": mentor,
        "pair": pair,
        "query": f"?pair={pair.pk}",
        "basis": bases_of([mentor], today())[mentor.pk],
        "notices": notice_rows(notices, [pair]),
        "employed": mentor.category in EMPLOYEES,
        "leads": pair.state == PairState.ACTIVE,
        "may_record": may(user, "mentorship.addendum.record", mentor),
        "may_notice": may(user, "mentorship.notice.record", mentor),
        "may_rule": may(user, "mentorship.labour.rules", pair.organisation),
        "required": labour_rules_of(pair.organisation).addendum_required,
    }


register_part("mentorship/includes/card_labour.html", labour_part, 22)
