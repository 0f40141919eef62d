"""The page that the code on a paper leads to: whether such an order is here, and whether a file is the one we made."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_protect

from accounts.permissions import public
from orders.forms.verify import VerifyForm
from orders.services.verification import verified


@public
@csrf_protect
def order_verify(request: HttpRequest, token: str) -> HttpResponse:
    found = verified(token)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = VerifyForm(*sent, sums=found.sums if found else ())
    context = {"order": found, "form": form, "same": bool(found) and form.is_valid()}
    return render(request, "orders/order_verify.html", context, status=200 if found else 404)
