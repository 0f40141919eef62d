"""The first sign-in by the code of a slip: the code, then the own password."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.forms.invitations import FirstPasswordForm, JoinForm
from accounts.http import address_of
from accounts.permissions import public
from accounts.services.invitations import (
    WRONG_CODE,
    accept_invitation,
    forget_wrong_codes,
    must_wait,
    note_wrong_code,
    usable_invitation,
)
from accounts.views.sign_in import open_session
from core.transitions import Refused

# The key of the invitation whose code this browser has shown; the code itself is kept nowhere.
SHOWN = "invitation"
MINUTES = 30 * 60
TOO_MANY_REQUESTS = 429


@public
@never_cache
@sensitive_post_parameters("code")
def join(request: HttpRequest) -> HttpResponse:
    """Type the code. A wrong, used, old or cancelled one gets the same sentence; after several comes a pause."""
    if request.user.is_authenticated:
        messages.info(request, "Вы уже вошли в портал. Чтобы войти по чужому приглашению, сначала выйдите.")
        return redirect("home")
    form, address = JoinForm(request.POST or None), address_of(request)
    if request.method == "POST" and must_wait(address):
        return render(request, "accounts/join.html", {"waiting": True}, status=TOO_MANY_REQUESTS)
    if request.method == "POST" and form.is_valid():
        request.session.cycle_key()
        request.session[SHOWN] = form.invitation.pk
        request.session.set_expiry(MINUTES)
        return redirect("join_password")
    if form.is_wrong:
        note_wrong_code(address)
    return render(request, "accounts/join.html", {"form": form})


@public
@never_cache
@sensitive_post_parameters()
def join_password(request: HttpRequest) -> HttpResponse:
    """See the own name and login, choose a password, be signed in."""
    invitation = usable_invitation(pk=request.session.get(SHOWN, 0))
    if invitation is None:
        messages.error(request, WRONG_CODE)
        return redirect("join")
    form = FirstPasswordForm(invitation.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = accept_invitation(invitation=invitation, password=form.cleaned_data["new_password1"])
        except Refused:
            messages.error(request, WRONG_CODE)
            return redirect("join")
        forget_wrong_codes(address_of(request))
        del request.session[SHOWN]
        open_session(request, person)
        messages.success(request, f"Вы вошли. В следующий раз входите по логину {person.username} и своему паролю.")
        return redirect("home")
    return render(request, "accounts/join_password.html", {"form": form, "invitation": invitation})
