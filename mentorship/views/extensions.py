"""Pages of extensions: asking, one's own word, a word on paper, giving up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.http import CabinetRequest
from accounts.permissions import requires
from core.transitions import Refused
from mentorship.forms.pair_changes import AnswerForm, DeclineForm, ExtensionForm, PaperAnswerForm
from mentorship.models import Extension, Pair, longest_end
from mentorship.services.extensions import (
    AGREE,
    ASK,
    MANAGE,
    answer_extension,
    ask_extension,
    decline_extension,
    first_day_of_work,
    record_answer,
)
from mentorship.views.pairs import pair_crumbs

RELATED = ("pair__mentor", "pair__organisation", "asked_by")


@requires(ASK, Pair, related=("mentor", "organisation", "replaces"))
def extension_new(request: CabinetRequest, pair: Pair) -> HttpResponse:
    form = ExtensionForm(request.POST or None, pair=pair)
    if request.method == "POST" and form.is_valid():
        try:
            ask_extension(pair=pair, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Предложение записано. Нужно согласие наставника и каждого наставляемого.")
            return redirect("pair_detail", pair.pk)
    latest = longest_end(first_day_of_work(pair))
    context = {"form": form, "pair": pair, "latest": latest, "crumbs": [*pair_crumbs(pair), ("Продлить", "")]}
    return render(request, "mentorship/extension_new.html", context)


@requires(AGREE, Extension, related=RELATED)
def extension_answer(request: CabinetRequest, extension: Extension) -> HttpResponse:
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agrees = form.cleaned_data["answer"] == "yes"
        try:
            answer_extension(extension=extension, agrees=agrees, actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Ваш ответ записан.")
            return redirect("pair_detail", extension.pair_id)
    return page(request, "mentorship/extension_answer.html", extension, form, "Согласие на продление")


@requires(MANAGE, Extension, related=RELATED)
def extension_paper(request: CabinetRequest, extension: Extension) -> HttpResponse:
    form = PaperAnswerForm(request.POST or None, extension=extension)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            record_answer(
                extension=extension,
                participant=data["participant"],
                agrees=data["answer"] == "yes",
                said_on=data["said_on"],
                paper_place=data["paper_place"],
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Подпись записана.")
            return redirect("pair_detail", extension.pair_id)
    return page(request, "mentorship/extension_paper.html", extension, form, "Подпись на бумаге")


@requires(MANAGE, Extension, related=RELATED)
def extension_decline(request: CabinetRequest, extension: Extension) -> HttpResponse:
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decline_extension(extension=extension, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Записано: пару не продлевают.")
            return redirect("pair_detail", extension.pair_id)
    return page(request, "mentorship/extension_decline.html", extension, form, "Не продлевать")


def page(request: CabinetRequest, template: str, extension: Extension, form: object, title: str) -> HttpResponse:
    crumbs = [*pair_crumbs(extension.pair), (title, "")]
    return render(request, template, {"form": form, "extension": extension, "pair": extension.pair, "crumbs": crumbs})
