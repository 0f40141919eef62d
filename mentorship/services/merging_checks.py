"""What stands in the way of merging two cards of one person, and what the curator should know before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q

from accounts.permissions import today
from mentorship.models import (
    PURPOSES,
    BankSnapshot,
    Consent,
    ConsentKind,
    Pair,
    PairMember,
    PairRequest,
    PairState,
    Participant,
)
from mentorship.sameness import Lookalike, has_latin_lookalikes
from orders.models import Order, OrderState

FIXED = (PairState.ACTIVE, PairState.CLOSED)
ALIEN = "Объединить можно две разные карточки одной организации."
SUBSTITUTE = (
    "Одна из карточек в заявлении об освобождении замещает другую: по заявлению это разные люди. Разберитесь, чьё оно."
)
TAKEN = (
    "У этих карточек есть закреплённые приказами пары с теми же людьми, по тому же направлению и в те же дни: одному "
    "человеку они принадлежать не могут. Разберитесь, какая из пар оформлена ошибочно."
)


def merge_obstacles(kept: Participant, absorbed: Participant) -> list[str]:
    """Why the two cards cannot become one now, each with what to do; a constant number of queries."""
    if kept.pk == absorbed.pk or kept.organisation_id != absorbed.organisation_id:
        return [ALIEN]
    return [
        *login_obstacles(kept, absorbed),
        *pair_obstacles(kept, absorbed),
        *consent_obstacles(kept, absorbed),
        *request_obstacles(kept, absorbed),
    ]


def login_obstacles(kept: Participant, absorbed: Participant) -> list[str]:
    if kept.user is None or absorbed.user is None or kept.user == absorbed.user:
        return []
    return [
        f"У карточек разные логины: «{kept.user.username}» и «{absorbed.user.username}». Узнайте, каким человек "
        "пользуется, и уберите другой: «Изменить» на его карточке, поле «Логин» — «без входа в портал»."
    ]


def pair_obstacles(kept: Participant, absorbed: Participant) -> list[str]:
    """A pair of the two themselves, a group with both, and periods that only two different people may have."""
    together = Pair.objects.of(kept).filter(pk__in=Pair.objects.of(absorbed).order_by().values("pk"))
    pairs = together.exclude(state=PairState.DISSOLVED).select_related("mentor").prefetch_related("members__mentee")
    found = [
        f"Обе карточки стоят в одной паре или группе: {pair.title} ({pair.get_state_display()}). {advice_about(pair)}"
        for pair in pairs
    ]
    return found or ([TAKEN] if periods_clash(kept, absorbed) else [])


def advice_about(pair: Pair) -> str:
    if pair.state == PairState.FORMING:
        return "Уберите из неё одну из карточек или расформируйте её."
    return "По приказу это разные люди: такие карточки не объединяют."


def periods_clash(kept: Participant, absorbed: Participant) -> bool:
    """Whether the database would find two fixed periods of one mentor, mentee and direction overlapping."""
    fixed = PairMember.objects.filter(state__in=FIXED)
    for side, other in (("mentor", "mentee"), ("mentee", "mentor")):
        own = fixed.filter(**{side: kept}).values_list(other, "direction", "starts_on", "ends_on")
        coming = list(fixed.filter(**{side: absorbed}).values_list(other, "direction", "starts_on", "ends_on"))
        for who, direction, starts_on, ends_on in own:
            if any((who, direction) == one[:2] and starts_on <= one[3] and one[2] <= ends_on for one in coming):
                return True
    return False


def consent_obstacles(kept: Participant, absorbed: Participant) -> list[str]:
    """A consent that lives on one card while the other keeps a later refusal or withdrawal: which one speaks must be
    settled first, otherwise a consent taken back would come to life again."""
    papers = list(Consent.objects.filter(participant__in=(kept, absorbed)))
    living = [paper for paper in papers if paper.is_live_on(today())]
    disputes = [dispute(live, other) for live in living for other in papers if overrules(other, live, papers)]
    return list(dict.fromkeys(disputes))


def overrules(other: Consent, live: Consent, papers: Sequence[Consent]) -> bool:
    """Whether the person said no on the other card after this consent, and has not said yes there since."""
    day = taken_back_on(other)
    same = (other.kind, other.pair_id) == (live.kind, live.pair_id) and other.participant_id != live.participant_id
    return same and day is not None and day >= live.signed_on and not outlived(other, day, papers)


def taken_back_on(consent: Consent) -> dt.date | None:
    """The day on which the person said no: by refusing or by withdrawing."""
    return consent.signed_on if consent.answer == Consent.Answer.REFUSED else consent.withdrawn_on


def outlived(consent: Consent, day: dt.date, papers: Sequence[Consent]) -> bool:
    """Whether the same card says yes again from that day on: then nothing is taken back."""
    return any(
        one.participant_id == consent.participant_id
        and (one.kind, one.pair_id) == (consent.kind, consent.pair_id)
        and one.is_live_on(today())
        and one.signed_on >= day
        for one in papers
    )


def dispute(live: Consent, other: Consent) -> str:
    purpose = PURPOSES[ConsentKind(live.kind)]
    what = "отказ" if other.answer == Consent.Answer.REFUSED else "отзыв"
    day = taken_back_on(other)
    return (
        f"Согласия спорят ({purpose}): на одной карточке действует согласие от {live.signed_on:%d.%m.%Y}, на другой "
        f"позже записан {what} — {day:%d.%m.%Y}. Отзовите это согласие или запишите новое, "
        "подписанное позже."
    )


def request_obstacles(kept: Participant, absorbed: Participant) -> list[str]:
    """Nobody stands in for oneself."""
    both = [kept.pk, absorbed.pk]
    rows = PairRequest.objects.filter(author__in=both, substitute__in=both)
    return [SUBSTITUTE] if rows.exists() else []


def merge_warnings(kept: Participant, absorbed: Participant) -> list[str]:
    """What the curator should know before; nothing of it forbids."""
    orders = orders_about(absorbed)
    waiting = [order for order in orders if order.state == OrderState.SUBMITTED]
    found = [
        f"{order}: ждёт утверждения. После объединения верните его на доработку и передайте директору заново."
        for order in waiting
    ]
    found += [f"{one}: выберите имя русскими буквами." for person in (kept, absorbed) for one in latin_in(person)]
    if any(order.state == OrderState.APPROVED for order in orders):
        found.append("В утверждённых приказах останется имя, которое в них записано.")
    return found


def latin_in(person: Participant) -> list[Lookalike]:
    return has_latin_lookalikes(person.full_name)


def orders_about(person: Participant) -> list[Order]:
    """Orders that name the card or one merged into it, in their facts or in a bank they approve; the newest first."""
    named, listed = Q(), Q()
    for key in (person.pk, *person.former_keys):
        named |= Q(facts__people__contains=[{"number": key}])
        listed |= Q(people__contains=[{"number": key}])
    banks = BankSnapshot.objects.filter(listed, organisation=person.organisation_id, order__isnull=False)
    rows = Order.objects.filter(named | Q(pk__in=banks.order_by().values("order")), organisation=person.organisation_id)
    return list(rows.order_by("-date", "-pk"))
