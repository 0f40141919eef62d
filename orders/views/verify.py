"""The page that the code on a paper leads to: whether such an order is here, and whether a file is the one we made."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_protect

from accounts.permissions import public
from orders.forms.verify import VerifyForm
from orders.services.verification import Verified, verified


@public
@csrf_protect
def order_verify(request: HttpRequest, token: str) -> HttpResponse:
    found = verified(token)
    form = VerifyForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    same = None
    if found and request.method == "POST" and form.is_valid():
        same = is_ours(found, form)
    context = {"order": found, "form": form, "same": same}
    return render(request, "orders/order_verify.html", context, status=200 if found else 404)


def is_ours(order: Verified, form: VerifyForm) -> bool:
    """Whether the sum of the file is that of one of the order's files."""
    counted = hashlib.sha256()
    for chunk in form.cleaned_data["file"].chunks():
        counted.update(chunk)
    return counted.hexdigest() in order.sums
