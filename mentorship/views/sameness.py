"""Pages of possible duplicates: the list, the verdict «разные люди», comparing and merging two cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import permitted_or_refuse, requires
from core.journal import reading
from core.paging import page_of
from core.transitions import Refused
from mentorship.forms.merging import MergeForm
from mentorship.models import Participant
from mentorship.models.sameness import Double, doubles_in, in_groups
from mentorship.sameness import Lookalike, has_latin_lookalikes
from mentorship.services.merging import MERGE, compared_fields, differences_of, merge_participants
from mentorship.services.merging_checks import merge_obstacles, merge_warnings, orders_about
from mentorship.services.merging_rows import what_moves
from mentorship.services.sameness import tell_apart

GROUPS_ON_A_PAGE = 20
RELATED = ("user", "organisation", "class_teacher", "partner")


@dataclass(frozen=True)
class Suspicion:
    """Two cards that may be of one person, as the list shows them."""

    first: Participant
    second: Participant
    reason: str

    @property
    def first_latin(self) -> list[Lookalike]:
        return has_latin_lookalikes(self.first.full_name)

    @property
    def second_latin(self) -> list[Lookalike]:
        return has_latin_lookalikes(self.second.full_name)


@dataclass(frozen=True)
class Line:
    """A line of the comparison: both values and, where they differ, the field of the choice."""

    label: str
    kept: str
    absorbed: str
    field: BoundField | None


@requires(MERGE)
def duplicate_list(request: CabinetRequest) -> HttpResponse:
    groups = in_groups(doubles_in(request.organisation))
    page = page_of(request, cast("QuerySet", groups), GROUPS_ON_A_PAGE)
    crumbs = [("Участники", reverse("participant_list")), ("Возможные повторы", "")]
    context = {"page_obj": page, "groups": with_people(page.object_list), "crumbs": crumbs}
    return render(request, "mentorship/duplicate_list.html", context)


def with_people(groups: Any) -> list[list[Suspicion]]:
    """The groups of a page with their cards and posts; two queries."""
    keys = {key for group in groups for double in group for key in (double.first, double.second)}
    people = Participant.objects.filter(pk__in=keys).with_posts().in_bulk()

    def shown(double: Double) -> Suspicion:
        return Suspicion(people[double.first], people[double.second], double.reason)

    return [[shown(double) for double in group] for group in groups]


@require_POST
@requires(MERGE, Participant)
def duplicate_dismiss(request: CabinetRequest, person: Participant, other: int) -> HttpResponse:
    namesake = permitted_or_refuse(request.user, Participant, MERGE, pk=other)
    try:
        tell_apart(first=person, second=namesake, actor=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.obstacles))
    else:
        messages.success(request, f"Записано: {person.short_name} и {namesake.short_name} — разные люди.")
    return redirect("duplicate_list")


@requires(MERGE, Participant, related=RELATED)
def participant_merge(request: CabinetRequest, kept: Participant, other: int) -> HttpResponse:
    absorbed = permitted_or_refuse(request.user, Participant, MERGE, related=RELATED, pk=other)
    obstacles = merge_obstacles(kept, absorbed)
    data = request.POST if request.method == "POST" else None
    form = MergeForm(data, differences=differences_of(kept, absorbed), kept=kept, absorbed=absorbed)
    if request.method == "POST" and form.is_valid():
        try:
            merged = merge_participants(
                kept=kept,
                absorbed=absorbed,
                choices=form.choices(),
                actor=request.user,
                remember_name=form.remembers_name,
            )
        except Refused as refusal:
            obstacles = refusal.obstacles
        else:
            return after_merging(request, merged)
    context = {"kept": kept, "absorbed": absorbed, "form": form, "obstacles": obstacles}
    return render(request, "mentorship/participant_merge.html", {**context, **comparison(kept, absorbed, form)})


def comparison(kept: Participant, absorbed: Participant, form: MergeForm) -> dict[str, Any]:
    """Both cards side by side, what follows, and what the curator should know."""
    names = compared_fields()
    own_words, coming_words = (reading(one, names, veiled=False) for one in (kept, absorbed))
    values = zip(names, own_words.items(), coming_words.values(), strict=True)
    lines = [
        Line(label, own, coming, form[name] if name in form.fields else None)
        for name, (label, own), coming in values
        if own != "—" or coming != "—"
    ]
    crumbs = [
        ("Участники", reverse("participant_list")),
        ("Возможные повторы", reverse("duplicate_list")),
        ("Сравнение карточек", ""),
    ]
    return {
        "lines": lines,
        "moves": what_moves(absorbed),
        "orders": orders_about(absorbed),
        "warnings": merge_warnings(kept, absorbed),
        "crumbs": crumbs,
    }


def after_merging(request: CabinetRequest, person: Participant) -> HttpResponse:
    messages.success(request, "Карточки объединены. Что было и что стало, записано в событиях карточки.")
    if person.form_doubts:
        messages.warning(request, "Проверьте, как склоняется имя: без этого оно не попадёт в приказ.")
        return redirect("participant_forms", person.pk)
    return redirect("participant_detail", person.pk)
