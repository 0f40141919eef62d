"""The page where the text of a draft is corrected clause by clause."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest, key_in
from accounts.permissions import requires
from core.transitions import Refused
from orders import services
from orders.documents import clause_names, order_blocks, order_setup
from orders.forms.clauses import PREFIX, ClausesForm, WordForm
from orders.models import Clause, ClauseRemark, Order
from orders.services.clauses import previewed
from orders.services.drafts import LOCKED
from orders.services.words import NAME, POST, WordInText, grammar_doubts, word_of, words_in
from orders.views.drafts import back
from orders.views.register import crumbs

DRAFT = "orders.order.draft"
SAVED = "Текст сохранён."
PREVIEW = "preview"


@requires(DRAFT, Order, related=("organisation", "series"))
def order_clauses(request: CabinetRequest, order: Order) -> HttpResponse:
    if not order.is_editable:
        return back(request, order, LOCKED)
    clauses = list(order.clauses.standing())
    names = clause_names(clauses)
    data = request.POST if request.method == "POST" else None
    form = ClausesForm(data, clauses=clauses, names=names, initial={"version": order.version})
    if data is not None and data.get("do") != PREVIEW and form.is_valid():
        try:
            return saved(request, order, form)
        except Refused as refusal:
            for sentence in refusal.obstacles:
                messages.error(request, sentence)
    context = {
        "order": order,
        "form": form,
        "rows": rows_of(order, form, clauses, names),
        "removed": order.clauses.filter(removed=True),
        "orphans": form.orphans,
        "crumbs": crumbs(order, "Текст приказа"),
        "blocks": order_blocks(order, previewed(clauses, form.typed, str(form["new"].value() or ""))),
        "draft": order_setup(order).draft,
    }
    return render(request, "orders/order_clauses.html", context)


def rows_of(order: Order, form: ClausesForm, clauses: list[Clause], names: dict[int, str]) -> list[dict[str, Any]]:
    """What the page shows of every clause."""
    remarks, words = open_remarks(order), words_in(order, previewed(clauses, form.typed, ""))
    return [
        row_of(form, clause, names[clause.pk], remarks.get(clause.pk, []), found)
        for clause, found in zip(clauses, words, strict=True)
    ]


def open_remarks(order: Order) -> dict[int, list[ClauseRemark]]:
    """What has been said of the clauses and not answered yet, by the key of the clause."""
    found: dict[int, list[ClauseRemark]] = {}
    for remark in order.clause_remarks.filter(settled_at=None, clause__isnull=False):
        found.setdefault(remark.clause_id or 0, []).append(remark)
    return found


def row_of(
    form: ClausesForm, clause: Clause, name: str, remarks: list[ClauseRemark], words: list[WordInText]
) -> dict[str, Any]:
    """What the page shows of one clause; `stored` is its text in the database where it is not what was typed."""
    field = form[f"{PREFIX}{clause.pk}"]
    stored = clause.text if form.is_bound and field.value() != clause.text else ""
    return {"clause": clause, "name": name, "field": field, "stored": stored, "remarks": remarks, "words": words}


def saved(request: CabinetRequest, order: Order, form: ClausesForm) -> HttpResponse:
    """Write all texts first, so that nothing typed is lost, then do what the button asked."""
    services.edit_clauses(order=order, texts=form.texts, version=form.cleaned_data["version"], actor=request.user)
    verb, _, key = request.POST.get("do", "").partition(":")
    if verb in (NAME, POST) and (address := page_of_word(order, verb, key)):
        messages.success(request, SAVED)
        return redirect(address)
    number = key_in(key)
    clause = order.clauses.filter(pk=number).first() if number is not None else None
    anchor = acted(request, order, verb, clause, form)
    messages.success(request, SAVED)
    return redirect(reverse("order_clauses", args=[order.pk]) + anchor) if verb else redirect("order_detail", order.pk)


def page_of_word(order: Order, kind: str, nominative: str) -> str:
    """Where the forms of a word of the draft are confirmed; empty if it is not in doubt any more."""
    rows = words_in(order, order.clauses.standing())
    found = [one.url for row in rows for one in row if one.url and one.key == f"{kind}:{nominative}"]
    return found[0] if found else ""


def acted(request: CabinetRequest, order: Order, verb: str, clause: Clause | None, form: ClausesForm) -> str:
    """Do what the button asked; returns the anchor of the clause to look at."""
    if form.cleaned_data["new"]:
        clause_added = services.add_clause(order=order, text=form.cleaned_data["new"], actor=request.user)
        return f"#clause-{clause_added.pk}"
    if clause is None:
        return ""
    if verb in ("up", "down"):
        services.move_clause(order=order, clause=clause, up=verb == "up", actor=request.user)
    elif verb in ACTIONS:
        ACTIONS[verb](order=order, clause=clause, actor=request.user)
    return f"#clause-{clause.pk}"


ACTIONS: dict[str, Any] = {
    "remove": services.remove_clause,
    "restore": services.restore_clause,
    "keep": services.keep_clause,
}


@requires(DRAFT, Order, related=("organisation", "series"))
def order_word(request: CabinetRequest, order: Order) -> HttpResponse:
    """How a post or a hand-typed name of the draft declines; a name with a card is confirmed on the card."""
    if not order.is_editable:
        return back(request, order, LOCKED)
    found = word_of(order, request.GET.get("kind", ""), request.GET.get("word", ""))
    if found is None:
        raise Http404
    word, forms = found
    form = WordForm(request.POST if request.method == "POST" else None, initial=forms)
    if form.is_bound and form.is_valid():
        services.confirm_word(
            order=order, kind=word.kind, nominative=word.nominative, forms=form.cleaned_data, actor=request.user
        )
        messages.success(request, "Формы сохранены: так слова будут стоять в этом и в следующих приказах.")
        return redirect("order_clauses", order.pk)
    path = [*crumbs(order, "Текст приказа")[:-1], ("Текст приказа", reverse("order_clauses", args=[order.pk]))]
    context = {
        "form": form,
        "order": order,
        "word": word,
        "doubts": grammar_doubts(word),
        "crumbs": [*path, ("Как склоняется", "")],
    }
    return render(request, "orders/order_word.html", context)
