"""How the papers of the organisation look, with a sample to open."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import permit, requires
from core.documents.pdf import to_pdf
from core.storage import private_response
from orders.documents import sample_blocks, sheet_of
from orders.forms.letterheads import LetterheadForm
from orders.models import letterhead_of
from orders.services.letterheads import CHANGE, save_letterhead

PATH = ("Приказы", "order_list")


@requires(CHANGE)
def letterhead_edit(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    form = LetterheadForm(request.POST or None, instance=letterhead_of(request.organisation))
    if request.method == "POST" and form.is_valid():
        save_letterhead(form=form, actor=request.user)
        messages.success(request, "Бланк сохранён. Откройте образец и посмотрите, как он ляжет на лист.")
        return redirect("letterhead_edit")
    crumbs = [(PATH[0], reverse(PATH[1])), ("Бланк документов", "")]
    return render(request, "orders/letterhead_edit.html", {"form": form, "crumbs": crumbs})


@requires(CHANGE)
def letterhead_sample(request: CabinetRequest) -> HttpResponseBase:
    permit(request.user, CHANGE, request.organisation)
    setup = sheet_of(letterhead_of(request.organisation), title="Образец бланка")
    content = to_pdf(sample_blocks(request.organisation), replace(setup, draft="ОБРАЗЕЦ"))
    return private_response(
        ContentFile(content), filename="Образец бланка.pdf", content_type="application/pdf", inline=True
    )
