"""Pages of notices that end a mentor's work early: the blank, recording, what has to follow, taking back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import may, requires, today
from core.documents.blocks import read_blocks
from core.models import JournalEntry
from core.storage import brought_response
from core.transitions import Refused
from mentorship.documents.consents import FORMATS
from mentorship.documents.notices import notice_blank_file, notice_file
from mentorship.forms.labour import NoticeForm, RevokeForm
from mentorship.models import Chip, Notice, Pair, Participant, chip_of_notice, earliest_end
from mentorship.services.notices import RECORD, record_notice, revoke_notice
from mentorship.views.consents import card_crumbs, named_pair, pair_or_card, sent
from orders.models import Order

VIEW = "mentorship.notice.view"
RELATED = ("participant__organisation", "pair__mentor", "recorded_by")


@dataclass(frozen=True)
class Ending:
    """A pair that an order has to end: the draft there is, or where to make one."""

    pair: Pair
    draft: Order | None
    draft_url: str


@requires(VIEW, Participant, related=("organisation",))
def notice_blank(request: CabinetRequest, person: Participant, side: str, form: str) -> HttpResponseBase:
    """The notice to print and sign; `?pair=5` names the pair that it is about."""
    if form not in FORMATS or side not in Notice.Side.values:
        raise Http404
    return sent(notice_blank_file(person, Notice.Side(side), form, pair=named_pair(request, person)), form)


@requires(RECORD, Participant, related=("organisation",))
def notice_new(request: CabinetRequest, person: Participant) -> HttpResponse:
    about = named_pair(request, person)
    initial = {"pair": about.pk if about else None, "ends_on": earliest_end(today())}
    form = NoticeForm(request.POST or None, request.FILES or None, participant=person, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            notice = record_notice(participant=person, given=form.given(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Уведомление записано. Ниже — какие пары прекращает приказ.")
            return redirect("notice_detail", notice.pk)
    crumbs = [*card_crumbs(request, person), ("Уведомление", "")]
    context = {"form": form, "person": person, "back": pair_or_card(about, person), "crumbs": crumbs}
    return render(request, "mentorship/notice_new.html", {**context, "earliest": earliest_end(today())})


@requires(VIEW, Notice, related=RELATED)
def notice_detail(request: CabinetRequest, notice: Notice) -> HttpResponse:
    """What was given, and which pairs an order still has to end."""
    user, pairs = request.user, notice.pairs_to_end() if notice.revoked_on is None else []
    may_draft = may(user, "orders.order.draft", notice.participant.organisation)
    context = {
        "notice": notice,
        "person": notice.participant,
        "state": Chip(*chip_of_notice(notice, pairs, today())),
        "endings": endings(notice, pairs),
        "may_draft": may_draft,
        "may_see_orders": may(user, "orders.order.view", notice.participant.organisation),
        "blocks": read_blocks(notice.text),
        "may_revoke": notice.revoked_on is None and may(user, RECORD, notice),
        "history": JournalEntry.objects.about(notice)[:20] if may_draft else None,
        "crumbs": [*card_crumbs(request, notice.participant), ("Уведомление", "")],
    }
    return render(request, "mentorship/notice_detail.html", context)


def endings(notice: Notice, pairs: list[Pair]) -> list[Ending]:
    """Each pair with the order that is to end it; a constant number of queries."""
    drafts = drafts_about(notice, pairs) if pairs else {}
    return [Ending(pair, drafts.get(pair.pk), draft_url(notice, pair)) for pair in pairs]


def drafts_about(notice: Notice, pairs: list[Pair]) -> dict[int, Order]:
    """Drafts that end the pairs or give their mentees another mentor; pk of the pair → order."""
    school = notice.participant.organisation_id
    ending = Order.objects.open().filter(organisation=school, kind="ending")
    found = {key: order for order in ending for key in order.params.get("pairs", [])}
    changing = Pair.objects.forming().filter(replaces__in=[pair.pk for pair in pairs], order__isnull=False)
    for pair in changing.select_related("order"):
        if pair.replaces_id and pair.order:
            found[pair.replaces_id] = pair.order
    return found


def draft_url(notice: Notice, pair: Pair) -> str:
    """The page of an order that ends the one pair, by the day and at the initiative that the notice names."""
    party = "отказ наставника" if notice.is_refusal else "отмена поручения наставнику"
    said: dict[str, Any] = {
        "pairs": pair.pk,
        "last_day": notice.ends_on.isoformat(),
        "ground": "parties" if notice.is_refusal else "curator",
        "initiator": "mentor" if notice.is_refusal else "",
        "reason": f"{party}, уведомление от {notice.given_on:%d.%m.%Y}",
    }
    return f"{reverse('order_draft', args=['ending'])}?{urlencode(said)}"


@requires(VIEW, Notice, related=RELATED)
def notice_paper(request: CabinetRequest, notice: Notice, form: str) -> HttpResponseBase:
    """The notice as a file."""
    if form not in FORMATS:
        raise Http404
    return sent(notice_file(notice, form), form)


@requires(VIEW, Notice)
def notice_scan(request: CabinetRequest, notice: Notice) -> HttpResponseBase:
    return brought_response(notice.scan, notice.scan_name, inline="show" in request.GET)


@requires(RECORD, Notice, related=RELATED)
def notice_revoke(request: CabinetRequest, notice: Notice) -> HttpResponse:
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_notice(notice=notice, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Уведомление отозвано: работа продолжается.")
            return redirect("notice_detail", notice.pk)
    crumbs = [*card_crumbs(request, notice.participant), ("Отозвать уведомление", "")]
    return render(request, "mentorship/notice_revoke.html", {"form": form, "notice": notice, "crumbs": crumbs})
