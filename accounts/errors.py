"""Pages for what went wrong: each says what happened and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from accounts.context_processors import low_vision_of

SOON_SECONDS = 60


def reason_of(exception: Exception | None) -> str:
    """The Russian sentence that the code gave with the exception, if it gave one."""
    return str(exception) if exception and exception.args and isinstance(exception.args[0], str) else ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read. Nothing is asked of the request beyond its cookies: its form is unreadable."""
    context = {"reason": reason_of(exception), **low_vision_of(request)}
    return HttpResponse(render_to_string("400.html", context), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: own organisation, wrong role; the reason names who may."""
    return render(request, "403.html", {"reason": reason_of(exception)}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: absent, or another organisation's. The exception's own text may name the path and is not shown."""
    return render(request, "404.html", status=404)


def busy(request: HttpRequest) -> HttpResponse:
    """503: somebody else holds the same rows. Drawn without the database: whatever it would read may be held too."""
    page = render_to_string("503.html", low_vision_of(request))
    return HttpResponse(page, status=503, headers={"Retry-After": str(SOON_SECONDS)})


def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without database, session and context processors, because any of them may be what failed."""
    return HttpResponse(render_to_string("500.html", low_vision_of(request)), status=500)
