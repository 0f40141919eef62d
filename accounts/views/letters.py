"""The inbox in the portal: one's own letters only."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.models import Letter
from accounts.permissions import signed_in
from accounts.services.letters import mark_read
from core.paging import page_of


@signed_in("accounts.letter.view")
def inbox(request: CabinetRequest) -> HttpResponse:
    """Letters to the person, newest first; `?unread=1` leaves those not opened yet."""
    only_unread = request.GET.get("unread") == "1"
    letters = Letter.objects.filter(user=request.user).select_related("organisation")
    page = page_of(request, letters.unread() if only_unread else letters)
    crumbs = [("Дела", reverse("home")), ("Письма", "")]
    return render(request, "accounts/inbox.html", {"page_obj": page, "only_unread": only_unread, "crumbs": crumbs})


@signed_in("accounts.letter.view")
def letter_detail(request: CabinetRequest, pk: int) -> HttpResponse:
    """One letter; opening it marks it as read."""
    letter = get_object_or_404(Letter.objects.select_related("organisation"), pk=pk, user=request.user)
    mark_read(letter=letter, actor=request.user)
    crumbs = [("Дела", reverse("home")), ("Письма", reverse("inbox")), (letter.subject, "")]
    return render(request, "accounts/letter_detail.html", {"letter": letter, "crumbs": crumbs})
