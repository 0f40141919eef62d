"""Pages on which a programme is agreed, returned, approved, corrected; what its versions said."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import requires
from core.documents.blocks import read_blocks
from core.transitions import Refused, obstacles_of
from mentorship.documents.programmes import PROGRAMME, programme_html
from mentorship.forms.programmes import MarkForm, ProgrammeApprovalForm, ReasonForm, RemarkForm
from mentorship.models import Programme, ProgrammeState, ProgrammeVersion, differences_between, for_mentee
from mentorship.models.programme_rules import HELD, missing_marks
from mentorship.services.programme_corrections import amend_programme, discard_correction
from mentorship.services.programme_review import (
    agree_programme,
    approve_programme,
    disagree_programme,
    endorse_programme,
    record_mark,
    return_programme,
    submit_programme,
)
from mentorship.views import programme_parts as parts
from mentorship.views.programme_parts import CHANGE, RELATED, VIEW, crumbs_of, form_page

AGREE = "mentorship.programme.agree"


def closed(request: CabinetRequest, programme: Programme, step: str) -> HttpResponse | None:
    """Back to the programme, saying in which state it is, where the step does not lead on from it."""
    if programme.state in programme.TRANSITIONS[step].sources:
        return None
    messages.error(request, str(Refused(obstacles_of(programme, step))))
    return redirect("programme_detail", programme.pk)


@requires(CHANGE, Programme, related=RELATED)
def programme_submit(request: CabinetRequest, programme: Programme) -> HttpResponse:
    if (elsewhere := closed(request, programme, "submit")) is not None:
        return elsewhere
    return form_page(
        request,
        "mentorship/programme_submit.html",
        None,
        lambda data: submit_programme(programme=programme, actor=request.user),
        done="Программа передана на согласование. Участники пары получили письма.",
        programme=programme,
        title="Передать на согласование",
        items=parts.readiness(programme),
        obstacles=obstacles_of(programme, "submit"),
        people=programme.pair.people,
    )


@requires("mentorship.programme.review", Programme, related=RELATED)
def programme_return(request: CabinetRequest, programme: Programme) -> HttpResponse:
    if (elsewhere := closed(request, programme, "return")) is not None:
        return elsewhere
    return form_page(
        request,
        "mentorship/programme_return.html",
        RemarkForm(request.POST or None),
        lambda data: return_programme(programme=programme, remark=data["remark"], actor=request.user),
        done="Программа возвращена на доработку.",
        programme=programme,
        title="Вернуть с замечанием",
    )


@requires(AGREE, Programme, related=RELATED)
def programme_disagree(request: CabinetRequest, programme: Programme) -> HttpResponse:
    if (elsewhere := closed(request, programme, "return")) is not None:
        return elsewhere
    return form_page(
        request,
        "mentorship/programme_disagree.html",
        RemarkForm(request.POST or None),
        lambda data: disagree_programme(programme=programme, remark=data["remark"], actor=request.user),
        done="Программа вернулась на доработку с вашим замечанием.",
        programme=programme,
        title="Не согласен",
    )


def done_at_once(request: CabinetRequest, programme: Programme, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("programme_detail", programme.pk)


@require_POST
@requires(AGREE, Programme, related=RELATED)
def programme_agree(request: CabinetRequest, programme: Programme) -> HttpResponse:
    done = "Ваше согласие с программой записано."
    return done_at_once(request, programme, lambda: agree_programme(programme=programme, actor=request.user), done)


@require_POST
@requires("mentorship.programme.endorse", Programme, related=RELATED)
def programme_endorse(request: CabinetRequest, programme: Programme) -> HttpResponse:
    done = "Отметка методического объединения записана."
    return done_at_once(request, programme, lambda: endorse_programme(programme=programme, actor=request.user), done)


@requires("mentorship.programme.mark", Programme, related=RELATED)
def programme_mark(request: CabinetRequest, programme: Programme) -> HttpResponse:
    people = missing_marks(programme)
    if programme.state != ProgrammeState.REVIEW or not people:
        messages.error(request, "Отмечать некого: программа не на согласовании, или согласны уже все.")
        return redirect("programme_detail", programme.pk)
    return form_page(
        request,
        "mentorship/programme_mark.html",
        MarkForm(request.POST or None, people=people),
        lambda data: record_mark(programme=programme, person=data["person"], day=data["agreed_on"], actor=request.user),
        done="Согласие записано.",
        programme=programme,
        title="Подпись на бумаге",
    )


@sensitive_post_parameters("password")
@requires("mentorship.programme.approve", Programme, related=RELATED)
def programme_approve(request: CabinetRequest, programme: Programme) -> HttpResponse:
    if (elsewhere := closed(request, programme, "approve")) is not None:
        return elsewhere
    held = [HELD.format(title=programme.draft_order.title)] if programme.draft_order else []
    return form_page(
        request,
        "mentorship/programme_approve.html",
        ProgrammeApprovalForm(request.POST if request.method == "POST" else None, request=request),
        lambda data: approve_programme(programme=programme, actor=request.user),
        done="Программа утверждена.",
        programme=programme,
        title="Утвердить",
        obstacles=[*held, *obstacles_of(programme, "approve")],
        marks=parts.mark_items(programme),
        blocks=read_blocks(programme_html(programme, PROGRAMME, proposed=True)),
        draft="",
    )


@requires(CHANGE, Programme, related=RELATED)
def programme_amend(request: CabinetRequest, programme: Programme) -> HttpResponse:
    if (elsewhere := closed(request, programme, "amend")) is not None:
        return elsewhere
    return form_page(
        request,
        "mentorship/programme_amend.html",
        ReasonForm(request.POST or None),
        lambda data: amend_programme(programme=programme, reason=data["reason"], actor=request.user),
        done="Начата корректировка: прежняя редакция действует, пока не утверждена новая.",
        programme=programme,
        title="Скорректировать",
    )


@requires(CHANGE, Programme, related=RELATED)
def programme_discard(request: CabinetRequest, programme: Programme) -> HttpResponse:
    if (elsewhere := closed(request, programme, "discard")) is not None:
        return elsewhere
    return form_page(
        request,
        "mentorship/programme_discard.html",
        None,
        lambda data: discard_correction(programme=programme, actor=request.user),
        done="Корректировка отменена: действует прежняя редакция.",
        programme=programme,
        title="Отменить корректировку",
    )


@requires(VIEW, ProgrammeVersion, related=tuple(f"programme__{name}" for name in RELATED))
def programme_version(request: CabinetRequest, version: ProgrammeVersion) -> HttpResponse:
    """What a version changed against the one before it."""
    programme = version.programme
    earlier = ProgrammeVersion.objects.filter(programme=programme, number=version.number - 1).first()
    reader = parts.reader_in(request, programme)
    before, after = earlier.content if earlier else None, version.content
    if reader is not None:
        before, after = for_mentee(before, reader) if before else None, for_mentee(after, reader)
    context = {
        "programme": programme,
        "version": version,
        "earlier": earlier,
        "differences": differences_between(before, after) if before else [],
        "content": after,
        "crumbs": crumbs_of(programme, f"Редакция {version.number}"),
    }
    return render(request, "mentorship/programme_version.html", context)
