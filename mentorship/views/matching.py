"""Finding pairs: who takes part, the search, what it proposes and what becomes of it, the weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.http import CabinetRequest, key_in
from accounts.permissions import may, permit, requires, today
from core.paging import page_of
from core.russian import plural
from core.transitions import Refused
from mentorship.forms.matching import MatchingRulesForm, TermsForm, TopicForm
from mentorship.matching import Proposal, Result, Unmatched
from mentorship.matching.results import strength
from mentorship.models import (
    BankCard,
    BankRole,
    Chip,
    MatchingRun,
    Pair,
    Participant,
    RunState,
    matching_rules_of,
)
from mentorship.models.banks import BankCardQuerySet
from mentorship.models.matching import RUN
from mentorship.services.matching import (
    RULES,
    accept,
    ask,
    fixed_with,
    fixed_without,
    now_refused,
    result_of,
    save_matching_rules,
)
from mentorship.services.matching_sides import Field, field_of

VIEW = "mentorship.matching.view"
RELATED = ("organisation", "direction", "asked_by")
SHOWN_PEOPLE, SHOWN_RUNS = 12, 5
SHOWS = {"": "Предложенные пары", "mentees": "Без наставника", "mentors": "Наставники в запасе"}
CHIPS = {"сильное": "ok", "хорошее": "go", "слабое": "wait"}
STATES = {RunState.DONE: "ok", RunState.FAILED: "late", RunState.RUNNING: "go", RunState.QUEUED: "wait"}
FAILED = "Подбор прервался. Запустите его снова."


@dataclass(frozen=True)
class Row:
    """A proposed pair. `faults`: why it cannot be any more; `refusals`: why it was just now refused."""

    mentee: Participant | None
    mentor: Participant | None
    proposal: Proposal
    chip: Chip
    faults: list[str]
    refusals: list[str] = field(default_factory=list)
    checked: bool = False


@dataclass(frozen=True)
class LeftRow:
    """Somebody left over, and whom it is about."""

    person: Participant
    told: Unmatched
    people: list[Participant]


@dataclass(frozen=True)
class PeopleSide:
    """One side of the start page: the first of those who take part, how many more, how many without a consent."""

    title: str
    count: int
    people: list[Participant]
    silent: int
    url: str

    @property
    def more(self) -> int:
        return self.count - len(self.people)


@requires(VIEW)
def matching_start(request: CabinetRequest) -> HttpResponse:
    organisation = request.organisation
    permit(request.user, VIEW, organisation)
    form = TopicForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        try:
            run = ask(organisation=organisation, direction=form.cleaned_data["direction"], actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            return redirect("matching_run", run.pk)
    cards = BankCard.objects.filter(participant__organisation=organisation)
    runs = MatchingRun.objects.permitted(request.user, VIEW).filter(organisation=organisation)
    context = {
        "form": form,
        "mentees": side_of(cards.to_match(), "Ждут наставника", BankRole.MENTEE, "without"),
        "mentors": side_of(cards.mentors().with_free_places(), "Готовы взять", BankRole.MENTOR, "free"),
        "runs": [(run, chip_of(run)) for run in runs.select_related("direction", "asked_by")[:SHOWN_RUNS]],
        "may_rule": may(request.user, RULES, organisation),
        "crumbs": [pairs_crumb(), ("Подбор пар", "")],
    }
    return render(request, "mentorship/matching_start.html", context)


def side_of(cards: BankCardQuerySet, title: str, role: BankRole, show: str) -> PeopleSide:
    shown = [card.participant for card in cards.by_name().select_related("participant")[:SHOWN_PEOPLE]]
    url = f"{reverse('bank_list')}?role={role.value}&show={show}"
    return PeopleSide(title, cards.count(), shown, cards.without_consent(today()).count(), url)


def chip_of(run: MatchingRun) -> Chip:
    return Chip(run.get_state_display(), STATES[RunState(run.state)])


def pairs_crumb() -> tuple[str, str]:
    return ("Пары и группы", reverse("pair_list"))


def start_crumbs() -> list[tuple[str, str]]:
    return [pairs_crumb(), ("Подбор пар", reverse("matching_start"))]


@requires(VIEW, MatchingRun, related=RELATED)
def matching_run(request: CabinetRequest, run: MatchingRun) -> HttpResponse:
    if run.state != RunState.DONE:
        return unfinished(request, run)
    form = TermsForm(request.POST or None, organisation=run.organisation, initial={"direction": run.direction_id})
    ticked = [key for text in request.POST.getlist("person") if (key := key_in(text)) is not None]
    refused: dict[int, list[str]] = {}
    if request.method == "POST" and form.is_valid():
        try:
            made, refused = accept(run=run, mentees=ticked, terms=form.terms(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            tell_of(request, made, refused)
            if not refused:
                return redirect("matching_run", run.pk)
    return render(request, "mentorship/matching_run.html", run_context(request, run, form, ticked, refused))


def unfinished(request: CabinetRequest, run: MatchingRun) -> HttpResponse:
    """The page of a search that goes on, or has failed."""
    stuck = run.is_stuck_at(timezone.now())
    if request.headers.get("HX-Request") and not run.is_busy:
        return HttpResponseClientRefresh()
    failure = FAILED if stuck else run.failure
    context = {"run": run, "failure": failure, "crumbs": [*start_crumbs(), (str(run), "")]}
    return render(request, "mentorship/matching_wait.html", context)


def tell_of(request: CabinetRequest, made: Sequence[Pair], refused: Mapping[int, list[str]]) -> None:
    if made:
        pairs = plural(len(made), "пара", "пары", "пар")
        messages.success(request, f"Составлено: {pairs}. Дальше — согласия и приказ о закреплении.")
    if refused:
        messages.error(request, "Не все пары составлены: причины — под строками.")


def run_context(
    request: CabinetRequest,
    run: MatchingRun,
    form: TermsForm,
    ticked: Sequence[int],
    refused: Mapping[int, list[str]],
) -> dict[str, Any]:
    """One of the three lists of an answer, with what has changed since."""
    now, result = field_of(run.organisation, run.direction, today()), result_of(run)
    show = request.GET.get("show", "")
    show = show if show in SHOWS else ""
    names = people_of(run, [*shown_keys(result)])
    lists: dict[str, Sequence[Any]] = {
        "": by_name(result.proposals, names, lambda one: one.mentee),
        "mentees": by_name(result.mentees, names, lambda one: one.key),
        "mentors": by_name(result.mentors, names, lambda one: one.key),
    }
    page = page_of(request, lists[show])  # type: ignore[arg-type]
    shown = now.among([] if show else {key for one in page.object_list for key in (one.mentee, one.mentor)})
    return {
        "run": run,
        "form": form,
        "show": show,
        "tabs": [tab(run, name, label, show, len(lists[name])) for name, label in SHOWS.items()],
        "page_obj": page,
        "rows": [] if show else [row_of(one, names, shown, refused, ticked) for one in page.object_list],
        "left": [left_row(one, names) for one in page.object_list] if show else [],
        "stale": run.summary.get("print") != now.print,
        "total": result.total,
        "crumbs": [*start_crumbs(), (str(run), "")],
    }


def tab(run: MatchingRun, name: str, label: str, show: str, count: int) -> dict[str, Any]:
    query = f"?show={name}" if name else ""
    return {
        "label": f"{label}: {count}",
        "url": reverse("matching_run", args=[run.pk]) + query,
        "current": name == show,
    }


def shown_keys(result: Result) -> list[int]:
    pairs = [key for one in result.proposals for key in (one.mentee, one.mentor)]
    return [*pairs, *(key for one in (*result.mentees, *result.mentors) for key in (one.key, *one.people))]


def people_of(run: MatchingRun, keys: Sequence[int]) -> dict[int, Participant]:
    """Whoever of the answer still has a card here."""
    rows = Participant.objects.filter(organisation=run.organisation, pk__in=keys)
    return {one.pk: one for one in rows.by_name()}


def by_name(rows: Sequence[Any], names: Mapping[int, Participant], key: Callable[[Any], int]) -> list[Any]:
    """In the order of the names; without those whose cards are gone."""
    order = {pk: place for place, pk in enumerate(names)}
    return sorted((one for one in rows if key(one) in order), key=lambda one: order[key(one)])


def row_of(
    one: Proposal, names: Mapping[int, Participant], now: Field, refused: Mapping[int, list[str]], ticked: Sequence[int]
) -> Row:
    word = strength(one.share)
    return Row(
        mentee=names[one.mentee],
        mentor=names.get(one.mentor),
        proposal=one,
        chip=Chip(f"{word} совпадение", CHIPS[word]),
        faults=now_refused(now, one.mentee, one.mentor, 0),
        refusals=refused.get(one.mentee, []),
        checked=one.mentee in ticked,
    )


def left_row(one: Unmatched, names: Mapping[int, Participant]) -> LeftRow:
    return LeftRow(names[one.key], one, [names[key] for key in one.people if key in names])


@require_POST
@requires(RUN, MatchingRun, related=RELATED)
def matching_fix(request: CabinetRequest, run: MatchingRun) -> HttpResponse:
    """Search anew with one pair more, or one less, fixed."""
    keys = [key_in(text) for text in request.POST.get("keep", "").split(":")]
    freed = key_in(request.POST.get("free", ""))
    if freed is not None:
        fixed = fixed_without(run, freed)
    elif len(keys) == 2 and None not in keys:
        fixed = fixed_with(run, keys[0] or 0, keys[1] or 0)
    else:
        messages.error(request, "Не выбрано, какую пару закрепить. Вернитесь к предложениям и нажмите кнопку у пары.")
        return redirect("matching_run", run.pk)
    try:
        fresh = ask(organisation=run.organisation, direction=run.direction, actor=request.user, fixed=fixed)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("matching_run", run.pk)
    messages.success(request, "Пересчитано: остальные пары подобраны заново с учётом закреплённых.")
    return redirect("matching_run", fresh.pk)


@requires(RULES)
def matching_rules_edit(request: CabinetRequest) -> HttpResponse:
    permit(request.user, RULES, request.organisation)
    form = MatchingRulesForm(request.POST or None, instance=matching_rules_of(request.organisation))
    if request.method == "POST" and form.is_valid():
        save_matching_rules(form=form, actor=request.user)
        messages.success(request, "Правила сохранены: следующий подбор пойдёт по ним.")
        return redirect("matching_start")
    crumbs = [*start_crumbs(), ("Правила подбора", "")]
    return render(request, "mentorship/matching_rules_edit.html", {"form": form, "crumbs": crumbs})
