"""Which organisation the signed-in person works in now, and what is said when two people change the same thing."""

from __future__ import annotations

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from accounts.errors import busy
from accounts.models import Organisation

CHOSEN = "organisation"
# Codes of PostgreSQL: waited too long for a lock, a deadlock, transactions that cannot follow one another.
CONTENTION = {"55P03", "40P01", "40001"}


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


class AnswerContention:
    """Turns a lost race for the same rows into a page that asks to repeat; the request has been rolled back by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Called outside of the transaction of the request. Any other failure stays what it is."""
        code = getattr(exception.__cause__, "pgcode", None)
        return busy(request) if isinstance(exception, OperationalError) and code in CONTENTION else None
