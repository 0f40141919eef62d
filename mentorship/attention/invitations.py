"""What this app adds to the pages of accounts: participants without a login, and the people of a partner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accounts.attention import Panel, register_page_panels
from accounts.models import Organisation, Partner
from accounts.permissions import today
from mentorship.models import Participant
from mentorship.services.invitations import to_invite

INVITE, VIEW = "mentorship.participant.invite", "mentorship.participant.view"
MOST = 100


def people_without_login(user: Any, organisation: Organisation) -> Iterator[Panel]:
    """On the list of those who have not come in yet: how many could be invited besides; one query."""
    rows = Participant.objects.permitted(user, INVITE).filter(organisation=organisation)
    if count := to_invite(rows, today()).count():
        yield Panel("Без логина", "mentorship/includes/to_invite.html", count)


def people_of_partner(user: Any, partner: Partner) -> Iterator[Panel]:
    """On the page of a partner: its people who take part, by name."""
    rows = Participant.objects.permitted(user, VIEW).filter(partner=partner).present()
    if people := list(rows.by_name().with_posts()[:MOST]):
        yield Panel("Кто участвует от партнёра", "mentorship/includes/partner_people.html", people)


register_page_panels("invitation_list", people_without_login)
register_page_panels("partner_detail", people_of_partner)
