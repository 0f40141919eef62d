"""Which organisation the signed-in person works in now."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.models import Organisation

CHOSEN = "organisation"


def current_organisation(request: HttpRequest) -> Organisation | None:
    """The chosen organisation of the person's standings, otherwise their first; None for strangers."""
    standings = request.user.standings if request.user.is_authenticated else []
    numbers = list(dict.fromkeys(standing.organisation_id for standing in standings))
    if not numbers:
        return None
    chosen = request.session.get(CHOSEN)
    return Organisation.objects.get(pk=chosen if chosen in numbers else numbers[0])


class CurrentOrganisation:
    """Sets `request.organisation`, read from the database only when something asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.organisation = SimpleLazyObject(lambda: current_organisation(request))  # type: ignore[attr-defined]
        return self.get_response(request)
