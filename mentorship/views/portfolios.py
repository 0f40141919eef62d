"""The portfolio of a mentor on the screen and on paper; past pairs and the way to it on the card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.http import CabinetRequest
from accounts.permissions import may, requires, today
from mentorship.documents.consents import FORMATS
from mentorship.documents.portfolio import TITLE, Span, portfolio_file
from mentorship.forms.portfolios import SpanForm
from mentorship.models import BankCard, BankRole, Pair, PairState, Participant
from mentorship.services.portfolios import outcome_on, portfolio_of
from mentorship.views.card_parts import register_part
from mentorship.views.consents import card_crumbs, sent

VIEW = "mentorship.portfolio.view"


@dataclass(frozen=True)
class PastPair:
    """A pair that is over as its own person remembers it: no names of the other side."""

    pair: Pair
    role: str
    outcome: str


@requires(VIEW, Participant, related=("organisation",))
def portfolio(request: CabinetRequest, person: Participant) -> HttpResponse:
    form = SpanForm(request.GET)
    span = form.span()
    query = {name: day.isoformat() for name, day in (("since", span.since), ("until", span.until)) if day}
    context = {
        "person": person,
        "form": form,
        "groups": portfolio_of(person, span),
        "span": span,
        "query": f"?{urlencode(query)}" if query else "",
        "crumbs": [*card_crumbs(request, person), ("Портфолио", "")],
        "title": TITLE,
    }
    return render(request, "mentorship/portfolio.html", context)


@requires(VIEW, Participant, related=("organisation",))
def portfolio_paper(request: CabinetRequest, person: Participant, form: str) -> HttpResponseBase:
    if form not in FORMATS:
        raise Http404
    span: Span = SpanForm(request.GET).span()
    return sent(portfolio_file(person, portfolio_of(person, span), span, form), form)


def past_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """The pairs of the person that are over, and the portfolio of whoever has led one."""
    user = request.user
    own = person.user_id == user.pk
    if not own and not may(user, "mentorship.pair.change", person):
        return None
    fixed = Pair.objects.of(person).filter(state__in=[PairState.ACTIVE, PairState.CLOSED], starts_on__lte=today())
    pairs = list(fixed.select_related("order"))
    cards = {card.role: card.outcome for card in BankCard.objects.filter(participant=person)} if pairs else {}
    rows = [past_pair(pair, person, cards) for pair in pairs if pair.state == PairState.CLOSED]
    shows = any(pair.mentor_id == person.pk for pair in pairs) and may(user, VIEW, person)
    return {"person": person, "rows": rows, "portfolio": shows} if rows or shows else None


def past_pair(pair: Pair, person: Participant, outcomes: dict[str, str]) -> PastPair:
    role = BankRole.MENTOR if pair.mentor_id == person.pk else BankRole.MENTEE
    written = outcome_on(outcomes.get(role, ""), pair.ends_on) or pair.closing_reason
    return PastPair(pair, role.label, written)


register_part("mentorship/includes/card_past.html", past_part, 21)
