"""Finding pairs: the search itself, at once or by the worker, and taking what it has proposed."""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.forms import ModelForm
from django.utils import timezone
from django_tasks import task

from accounts.models import Organisation, User
from accounts.permissions import permit, today
from core.journal import record, save_form
from core.transitions import Refused, move
from mentorship.matching import Proposal, Result, Unmatched
from mentorship.models import BankCard, DictionaryEntry, MatchingRules, MatchingRun, Pair, Participant, RunState, Wish
from mentorship.models.bank_rules import BankRole
from mentorship.models.matching import MOST_WISHES, RUN
from mentorship.services.matching_sides import Field, field_of, form_code
from mentorship.services.pairs import PairPlan, create_pair

logger = logging.getLogger(__name__)

RULES, WISH, PAIR = "mentorship.matching.rules", "mentorship.matching.wish", "mentorship.pair.change"
# So many people are matched while the browser waits; more go to the worker.
SHORT = 200
GATHERED, SOLVED = 30, 80
CRASHED = "Произошёл сбой. Запустите подбор снова; если повторится, скажите администратору."
NOBODY = "Отметьте хотя бы одну пару."
NOBODY_WAITS = "Подбирать некому: в банке нет наставляемых, которые ждут наставника."
GONE = "Кто-то из них больше не участвует в подборе."
NO_FORM = "Нет формы наставничества для таких участников: составьте пару вручную."
TAKEN = "Наставляемый уже в паре, которая оформляется или действует."

Fixed = Sequence[tuple[int, int]]


# --- The search -------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask(*, organisation: Organisation, direction: DictionaryEntry, actor: User, fixed: Fixed = ()) -> MatchingRun:
    """Search for pairs in a topic, keeping the fixed ones, (mentee, mentor) by keys of participants.

    A small school has its answer at once, a large one from the worker.
    """
    permit(actor, RUN, organisation)
    mentees, mentors = sizes_of(organisation)
    if not mentees:
        raise Refused([NOBODY_WAITS])
    run = MatchingRun.objects.create(
        organisation=organisation, direction=direction, asked_by=actor, fixed=[list(pair) for pair in fixed]
    )
    words = f"Начат подбор пар: ждут наставника — {mentees}, наставников — {mentors}."
    record(f"{RUN}.ask", run, actor=actor, text=words)
    if mentees + mentors <= SHORT:
        work_out(run, actor)
    else:
        run_matching.enqueue(run_id=run.pk, actor_id=actor.pk)
    return run


def sizes_of(organisation: Organisation) -> tuple[int, int]:
    """How many mentees wait and how many mentors stand in the bank."""
    cards = BankCard.objects.filter(participant__organisation=organisation)
    return cards.to_match().count(), cards.mentors().standing().count()


@task
def run_matching(run_id: int, actor_id: int) -> None:
    """Search in the background, telling how far it is; a run that somebody has taken already is left alone."""
    run: Any = MatchingRun.objects.select_related("organisation", "direction").filter(pk=run_id).first()
    if run is None or run.state != RunState.QUEUED:
        return
    actor = User.objects.get(pk=actor_id)
    try:
        work_out(run, actor)
    except Exception as error:
        # The name and the place alone: the message may carry somebody's personal data.
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.error("A search for pairs failed with %s at %s:%s", type(error).__name__, place.filename, place.lineno)
        run.refresh_from_db()
        move(run, "fail", actor=actor, failure=CRASHED)


def work_out(run: MatchingRun, actor: User) -> None:
    """Weigh everybody and write the answer."""
    move(run, "start", actor=actor, told_at=timezone.now())
    field = field_of(run.organisation, run.direction, today())
    tell(run, GATHERED)
    result = field.board.propose((mentee, mentor) for mentee, mentor in run.fixed)
    tell(run, SOLVED)
    words = f"Подбор готов: предложено пар — {len(result.proposals)}, без наставника — {len(result.mentees)}."
    free = sum(one.free > 0 for one in field.mentors)
    summary = {"mentees": len(field.mentees), "mentors": free, "print": field.print}
    move(run, "finish", actor=actor, text=words, summary=summary, result=kept(result), percent=100)


def tell(run: MatchingRun, percent: int) -> None:
    """Where the work is; nothing else of the row changes."""
    MatchingRun.objects.filter(pk=run.pk).update(percent=percent, told_at=timezone.now())


def kept(result: Result) -> dict[str, Any]:
    return {name: [asdict(one) for one in rows] for name, rows in vars(result).items()}


def result_of(run: MatchingRun) -> Result:
    """The kept answer as it was worked out."""
    told = run.result
    left = {
        side: tuple(Unmatched(row["key"], row["sentence"], tuple(row["people"])) for row in told.get(side, ()))
        for side in ("mentees", "mentors")
    }
    return Result(proposals=tuple(Proposal(**row) for row in told.get("proposals", ())), **left)


def fixed_with(run: MatchingRun, mentee: int, mentor: int) -> Fixed:
    """The fixed pairs with one more; a mentee has one mentor."""
    others = [(one, other) for one, other in run.fixed if one != mentee]
    return [*others, (mentee, mentor)]


def fixed_without(run: MatchingRun, mentee: int) -> Fixed:
    return [(one, other) for one, other in run.fixed if one != mentee]


# --- Taking what was proposed -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Terms:
    """On what conditions the ticked pairs are formed; without `form` each pair has the one that its people have."""

    direction: DictionaryEntry
    starts_on: dt.date
    ends_on: dt.date
    form: DictionaryEntry | None = None


@transaction.atomic
def accept(
    *, run: MatchingRun, mentees: Iterable[int], terms: Terms, actor: User
) -> tuple[list[Pair], dict[int, list[str]]]:
    """Form the proposed pairs of the given mentees; the pairs, and for each mentee refused the reasons.

    Each pair is formed whole or not at all. The bank cards of everybody concerned are locked first, and what has
    changed since the search counts: a place that is gone is refused.
    """
    permit(actor, RUN, run)
    permit(actor, PAIR, run.organisation)
    wanted = {one.mentee: one.mentor for one in result_of(run).proposals if one.mentee in set(mentees)}
    if not wanted:
        raise Refused([NOBODY])
    people = set(wanted) | set(wanted.values())
    cards = BankCard.objects.filter(participant__in=people, participant__organisation=run.organisation)
    list(cards.locked())
    field = field_of(run.organisation, terms.direction, today()).among(people)
    taken: dict[int, int] = {}
    made, refused = [], {}
    for mentee, mentor in sorted(wanted.items()):
        faults = now_refused(field, mentee, mentor, taken.get(mentor, 0))
        try:
            made.append(formed(run.organisation, field, (mentee, mentor), terms, faults, actor))
            taken[mentor] = taken.get(mentor, 0) + 1
        except Refused as refusal:
            refused[mentee] = refusal.obstacles
    return made, refused


def now_refused(field: Field, mentee: int, mentor: int, taken: int) -> list[str]:
    """Why the pair cannot be any more; `taken`: places of the mentor that this very step has filled."""
    if (BankRole.MENTEE, mentee) not in field.cards:
        return [TAKEN]
    side = next((one for one in field.mentors if one.key == mentor), None)
    if side is None:
        return [GONE]
    if side.free - taken < 1:
        return [f"{side.name}: свободных мест больше нет."]
    bar = field.board.bar(mentee, mentor)
    return [bar] if bar else []


@transaction.atomic
def formed(
    organisation: Organisation, field: Field, keys: tuple[int, int], terms: Terms, faults: list[str], actor: User
) -> Pair:
    """One pair, or `Refused` with nothing of it written."""
    if faults:
        raise Refused(faults)
    mentee, mentor = (field.cards[role, key].participant for role, key in zip(BOTH, keys, strict=True))
    plan = PairPlan(
        mentor=mentor,
        mentees=[mentee],
        form=terms.form or form_for(mentor, mentee),
        kinds=[common_word(DictionaryEntry.Dictionary.KIND, "traditional")],
        direction=terms.direction,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
    )
    return create_pair(organisation=organisation, plan=plan, actor=actor)


BOTH = (BankRole.MENTEE, BankRole.MENTOR)


def form_for(mentor: Participant, mentee: Participant) -> DictionaryEntry:
    code = form_code(mentor, mentee)
    if not code:
        raise Refused([NO_FORM])
    return common_word(DictionaryEntry.Dictionary.FORM, code)


def common_word(dictionary: str, code: str) -> DictionaryEntry:
    return DictionaryEntry.objects.get(organisation=None, dictionary=dictionary, code=code)


# --- Rules and wishes -------------------------------------------------------------------------------------------------
@transaction.atomic
def save_matching_rules(*, form: ModelForm, actor: User) -> MatchingRules:
    """Save a valid form; searches that are done stay as they were."""
    permit(actor, RULES, form.instance.organisation)
    return save_form(form, actor=actor, event=RULES, text="Изменены правила подбора пар.")


@transaction.atomic
def save_wishes(
    *,
    author: Participant,
    preferred: Mapping[str, Sequence[Participant]],
    avoided: Mapping[str, Sequence[Participant]],
    actor: User,
) -> None:
    """Write a person's wishes anew: role → people, the most wanted first, and whom they would rather avoid.

    The history says that there are wishes, never about whom: others may read it.
    """
    permit(actor, WISH, author)
    list(Participant.objects.locked().filter(pk=author.pk))
    Wish.objects.filter(author=author).delete()
    rows = [
        Wish(author=author, about=person, side=side, rank=rank)
        for side, people in preferred.items()
        for rank, person in enumerate(people[:MOST_WISHES], start=1)
    ]
    rows += [Wish(author=author, about=person, side=side) for side, people in avoided.items() for person in people]
    Wish.objects.bulk_create(rows)
    text = "Записаны пожелания к напарнику." if rows else "Пожелания к напарнику сняты."
    record(WISH, author, actor=actor, text=text)
