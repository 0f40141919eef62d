"""Pages of the words that people sign: versions in use, the next version, what a version changed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.models import Organisation
from accounts.permissions import requires, today
from core.documents.blocks import read_blocks
from core.documents.parts import Block
from core.transitions import Refused
from mentorship.documents.consent_bodies import PLACEHOLDERS, product_words
from mentorship.documents.consents import paper_html
from mentorship.forms.consent_lists import ConsentTextForm
from mentorship.models import Consent, ConsentKind, ConsentText, Participant
from mentorship.services.consent_texts import CHANGE, add_consent_text
from mentorship.views.consents import kind_or_404


@dataclass(frozen=True)
class TextRow:
    """A kind with the version in use, how many have signed it, and how many an older one."""

    kind: ConsentKind
    text: ConsentText | None
    signed: int
    older: int


@requires(CHANGE)
def consent_text_list(request: CabinetRequest) -> HttpResponse:
    organisation = request.organisation
    live = Consent.objects.live(today()).filter(participant__organisation=organisation).order_by()
    counted = live.values_list("kind", "text").annotate(Count("participant", distinct=True))
    signed = {(kind, text): people for kind, text, people in counted}
    texts = [(kind, ConsentText.objects.in_use(organisation.pk, kind, today())) for kind in ConsentKind]
    rows = [text_row(kind, text, signed) for kind, text in texts]
    own = ConsentText.objects.filter(organisation=organisation) | ConsentText.objects.filter(organisation=None)
    context = {
        "rows": rows,
        "versions": own.permitted(request.user, CHANGE),
        "crumbs": [("Согласия", reverse("consent_list")), ("Тексты согласий", "")],
    }
    return render(request, "mentorship/consent_text_list.html", context)


def text_row(kind: ConsentKind, text: ConsentText | None, signed: dict[tuple[str, int | None], int]) -> TextRow:
    now = text.pk if text else None
    of_kind = {number: people for (one, number), people in signed.items() if one == kind}
    return TextRow(kind, text, of_kind.pop(now, 0), sum(of_kind.values()))


@requires(CHANGE)
def consent_text_new(request: CabinetRequest, kind: str) -> HttpResponse:
    """The next version of the school's own words; «Посмотреть» shows the paper and keeps what is typed."""
    purpose, organisation = kind_or_404(kind), request.organisation
    current = ConsentText.objects.in_use(organisation.pk, kind, today())
    body = current.body if current else product_words(kind)
    form = ConsentTextForm(request.POST or None, initial={"body": body})
    preview: list[Block] = []
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            preview = preview_of(organisation, purpose, form.cleaned_data["body"])
        elif (text := added(request, purpose, form)) is not None:
            messages.success(request, f"Редакция {text.version} записана: с этого дня бланки печатаются с ней.")
            return redirect("consent_text_detail", text.pk)
    context = {
        "form": form,
        "kind": purpose,
        "preview": preview,
        "placeholders": [(f"{{{name}}}", one.help) for name, one in PLACEHOLDERS.items()],
        "crumbs": [*text_crumbs(), (purpose.label, "")],
    }
    return render(request, "mentorship/consent_text_new.html", context)


def added(request: CabinetRequest, kind: ConsentKind, form: ConsentTextForm) -> ConsentText | None:
    try:
        return add_consent_text(
            organisation=request.organisation, kind=kind.value, actor=request.user, **form.cleaned_data
        )
    except Refused as refusal:
        form.add_error("body", refusal.obstacles)
        return None


def preview_of(organisation: Organisation, kind: ConsentKind, body: str) -> list[Block]:
    """The paper of an invented person with these words."""
    sample: Any = Participant(
        organisation=organisation, surname="Образцова", given_name="Анна", patronymic="Ивановна", gender="f"
    )
    sample.current_posts = []
    return read_blocks(paper_html(sample, kind, None, today(), ConsentText(kind=kind, version=0, body=body), {}))


@requires(CHANGE, ConsentText, related=("organisation", "created_by"))
def consent_text_detail(request: CabinetRequest, text: ConsentText) -> HttpResponse:
    organisation = request.organisation
    if text.organisation_id not in (None, organisation.pk):
        raise Http404
    versions = ConsentText.objects.for_school(organisation.pk, text.kind)
    before = versions.filter(version__lt=text.version).order_by("-version").first()
    people = Consent.objects.filter(text=text, participant__organisation=organisation).order_by()
    context = {
        "text": text,
        "before": before,
        "changes": list(difference(before.body, text.body)) if before else [],
        "paragraphs": paragraphs(text.body),
        "signed": people.values("participant").distinct().count(),
        "in_use": ConsentText.objects.in_use(organisation.pk, text.kind, today()) == text,
        "crumbs": [*text_crumbs(), (str(text), "")],
    }
    return render(request, "mentorship/consent_text_detail.html", context)


def paragraphs(body: str) -> list[str]:
    return [one.strip() for one in re.split(r"\n+", body) if one.strip()]


def difference(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Paragraph by paragraph what stayed («same»), went («gone») and came («new»)."""
    before, after = paragraphs(old), paragraphs(new)
    for step, first, last, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            yield from (("same", line) for line in before[first:last])
        else:
            yield from (("gone", line) for line in before[first:last])
            yield from (("new", line) for line in after[start:end])


def text_crumbs() -> list[tuple[str, str]]:
    return [("Согласия", reverse("consent_list")), ("Тексты согласий", reverse("consent_text_list"))]
