"""Sign-in, sign-out, and passwords."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login as start_session
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.forms.sign_in import NewPasswordForm, OwnPasswordForm, ResetForm, SignInForm
from accounts.http import CabinetRequest, safe_next
from accounts.models import User
from accounts.permissions import public, requires, signed_in
from accounts.services.passwords import issue_password, obstacles_to_password, send_reset_link
from accounts.services.reauthentication import note_password
from core.transitions import Refused

DEMO_LOGINS = {
    "curator": "куратор",
    "director": "директор",
    "mentor": "наставник",
    "mentee": "наставляемый",
    "teacher": "педагог",
    "psychologist": "педагог-психолог",
    "inspector": "проверяющий",
    "accountant": "бухгалтер",
    "municipality": "муниципальный координатор",
    "admin": "администратор",
}


@public
@never_cache
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    """Sign in and return to the page that asked for it. Too many wrong attempts are answered by django-axes."""
    target = safe_next(request, reverse("home"))
    if request.user.is_authenticated:
        return redirect(target)
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        open_session(request, form.get_user())
        return redirect(target)
    context = {"form": form, "next": target, "sends_email": settings.SENDS_EMAIL, "demo": demo_notice()}
    return render(request, "accounts/login.html", context)


def open_session(request: HttpRequest, person: User) -> None:
    """Let the person in. The session ends by the hours since the sign-in, not since the last click: a forgotten
    browser in a staff room closes by itself."""
    start_session(request, person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    request.session.set_expiry(timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE))
    note_password(request.session)


def demo_notice() -> dict[str, Any] | None:
    """The logins of the teaching copy with their roles; never in production."""
    if settings.PRODUCTION:
        return None
    found = set(User.objects.filter(username__in=DEMO_LOGINS).values_list("username", flat=True))
    logins = [{"login": login, "role": role} for login, role in DEMO_LOGINS.items() if login in found]
    return {"logins": logins, "password": settings.DEMO_PASSWORD} if logins else None


@public
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    end_session(request)
    messages.success(request, "Вы вышли из портала.")
    return redirect(settings.LOGIN_URL)


@never_cache
@sensitive_post_parameters()
@signed_in("accounts.cabinet.open")
def password_change(request: CabinetRequest) -> HttpResponse:
    """Change the own password; other browsers of the person are signed out, this one stays."""
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        note_password(request.session)
        messages.success(request, "Пароль изменён.")
        return redirect("home")
    crumbs = [("Дела", reverse("home")), ("Пароль", "")]
    return render(request, "accounts/password_change.html", {"form": form, "crumbs": crumbs})


@public
def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a letter with a link. The answer is the same for a known and an unknown address."""
    form = ResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_reset_link(email=form.cleaned_data["email"])
        return redirect("password_reset_done")
    return render(request, "accounts/password_reset.html", {"form": form, "sends_email": settings.SENDS_EMAIL})


@public
def password_reset_done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_reset_done.html")


@public
def password_reset_confirm(request: HttpRequest, uidb64: str, token: str) -> HttpResponseBase:
    """The page behind the link of the letter: Django's own, which keeps the token out of the address."""
    return enter_new_password(request, uidb64=uidb64, token=token)


enter_new_password = PasswordResetConfirmView.as_view(
    form_class=NewPasswordForm,
    template_name="accounts/password_reset_confirm.html",
    success_url=reverse_lazy("password_reset_complete"),
)


@public
def password_reset_complete(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_reset_complete.html")


@never_cache
@requires("accounts.user.password", User)
def password_issue(request: CabinetRequest, person: User) -> HttpResponse:
    """Ask first, then show the one-time password; leaving the page loses it for good."""
    context: dict[str, Any] = {
        "person": person,
        "obstacles": obstacles_to_password(person, request.user),
        "crumbs": [
            ("Пользователи", reverse("user_list")),
            (person.full_name, reverse("user_edit", args=[person.pk])),
            ("Одноразовый пароль", ""),
        ],
    }
    if request.method == "POST":
        try:
            context["password"] = issue_password(person=person, actor=request.user)
        except Refused as refusal:
            context["obstacles"] = refusal.obstacles
    return render(request, "accounts/password_issue.html", context)
