"""One mentee at a time: all mentors with the reasons for and against, two cards side by side, other schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.http import CabinetRequest, key_in
from accounts.permissions import permit, permitted_or_refuse, requires, today
from core.paging import page_of
from mentorship.forms.matching import NeighbourFilter
from mentorship.matching import Choice, Result, compared
from mentorship.matching.results import strength
from mentorship.models import (
    BankCard,
    BankRole,
    CardWords,
    Chip,
    Interview,
    InterviewState,
    MatchingRun,
    Participant,
    RunState,
    words_of_cards,
)
from mentorship.services.matching import fixed_with
from mentorship.services.matching_sides import RELATION, Field, code_of, field_of
from mentorship.services.neighbours import Neighbour, neighbour_cards, neighbours_of
from mentorship.views.bank_cards import RELATED as CARD
from mentorship.views.bank_cards import Facts, working_facts
from mentorship.views.matching import CHIPS, RELATED, VIEW, start_crumbs

FULL_ANSWER, MOST_HELPED = 100, 3


@dataclass(frozen=True)
class ChoiceRow:
    """A mentor as the mentee could have them."""

    person: Participant
    card: BankCard
    choice: Choice
    chip: Chip


@dataclass(frozen=True)
class ChangeRow:
    """A mentee whose mentor would change: names and sentences before and after, empty where there is none."""

    mentee: str
    before: str
    before_why: str
    after: str
    after_why: str


@dataclass(frozen=True)
class AnswerRow:
    """A difficulty, and what of the mentor's answers it."""

    difficulty: str
    competence: str
    chip: Chip


@dataclass(frozen=True)
class NeighbourRow:
    """A mentor of another school, and who of those waiting here could be helped."""

    told: Neighbour
    helps: list[str]
    more: int


@requires(VIEW, MatchingRun, related=RELATED)
def matching_other(request: CabinetRequest, run: MatchingRun, mentee: int) -> HttpResponse:
    """All mentors for one mentee; with `?mentor=` also what choosing this one would change."""
    field = field_of(run.organisation, run.direction, today())
    card = field.cards.get((BankRole.MENTEE, mentee))
    if run.state != RunState.DONE or card is None:
        raise Http404
    fixed = [(one, other) for one, other in run.fixed]
    result = field.board.propose(fixed)
    choices = field.board.choices(mentee, result)
    page = page_of(request, choices)  # type: ignore[arg-type]
    asked = key_in(request.GET.get("mentor", ""))
    picked = asked if asked in field.board.column else None
    context = {
        "run": run,
        "card": card,
        "person": card.participant,
        "page_obj": page,
        "rows": [choice_row(field, one) for one in page.object_list],
        "permitted": sum(one.permitted for one in choices),
        "picked": field.cards[BankRole.MENTOR, picked].participant if picked else None,
        "effect": effect_of(field, result, run, (mentee, picked)) if picked else None,
        "crumbs": [*start_crumbs(), (str(run), reverse("matching_run", args=[run.pk])), ("Другой наставник", "")],
    }
    return render(request, "mentorship/matching_other.html", context)


def choice_row(field: Field, one: Choice) -> ChoiceRow:
    card = field.cards[BankRole.MENTOR, one.mentor]
    word = strength(one.share)
    chip = Chip(f"{word} совпадение", CHIPS[word]) if one.permitted or one.proposed else Chip("нельзя", "no")
    return ChoiceRow(card.participant, card, one, chip)


def effect_of(field: Field, before: Result, run: MatchingRun, pair: tuple[int, int]) -> dict[str, Any]:
    """What fixing the pair would change in the whole set; shares of the present total in per cent."""
    after = field.board.propose(fixed_with(run, *pair))
    found = compared(before, after)
    return {
        "percent": found.after * 100 // found.before if found.before else 100,
        "pairs": (len(before.proposals), len(after.proposals)),
        "kept": after.mentor_of.get(pair[0]) == pair[1],
        "changes": [
            ChangeRow(
                name_of(field, one.mentee),
                name_of(field, one.before.mentor) if one.before else "",
                one.before.sentence if one.before else "",
                name_of(field, one.after.mentor) if one.after else "",
                one.after.sentence if one.after else "",
            )
            for one in found.changes
        ],
    }


def name_of(field: Field, key: int) -> str:
    person = field.person(key)
    return person.short_name if person else ""


@requires(VIEW, BankCard, related=CARD)
def matching_compare(request: CabinetRequest, card: BankCard, mentor: int) -> HttpResponse:
    """Two bank cards side by side: the mentee's is `card`, `mentor` the key of the other one."""
    other = permitted_or_refuse(request.user, BankCard, VIEW, related=CARD, pk=mentor, role=BankRole.MENTOR)
    if card.role != BankRole.MENTEE or other.participant.organisation_id != card.participant.organisation_id:
        raise Http404
    field = field_of(card.participant.organisation, None, today())
    told, talks = words_of_cards([card, other], today()), talks_of(request.user, [card, other])
    context = {
        "sides": [side_of(one, told[one.pk], talks.get(one.pk, [])) for one in (other, card)],
        "answers": answers_of(card, other),
        "verdict": verdict_of(field, card, other),
        "pair_url": f"{reverse('pair_new')}?mentor={other.participant_id}&mentee={card.participant_id}",
        "crumbs": [*start_crumbs(), ("Сравнение карточек", "")],
    }
    return render(request, "mentorship/matching_compare.html", context)


def side_of(card: BankCard, told: CardWords, talks: Sequence[Interview]) -> dict[str, Any]:
    """A card as it stands in the comparison; only what is filled."""
    person: Any = card.participant
    posts = list(person.posts.on(today()))
    facts: Facts = [
        ("Должность", "; ".join(post.title for post in posts) or person.class_name),
        ("Предметы", "; ".join(post.subjects for post in posts if post.subjects)),
        ("Кафедра, объединение", "; ".join(post.department for post in posts if post.department)),
        ("Стаж и категория", person.experience_words(today())),
        *working_facts(card, told),
    ]
    shown = [(label, value) for label, value in facts if value]
    return {"card": card, "person": person, "chips": told.chips, "facts": shown, "talks": talks}


def talks_of(user: Any, cards: Sequence[BankCard]) -> dict[int, list[Interview]]:
    """The conclusions of interviews, where the reader may see them."""
    rows = Interview.objects.filter(card__in=cards, state=InterviewState.HELD).order_by("-held_on", "-pk")
    found: dict[int, list[Interview]] = {}
    for one in rows.permitted(user, "mentorship.interview.view"):
        found.setdefault(one.card_id, []).append(one)
    return found


def answers_of(mentee: BankCard, mentor: BankCard) -> list[AnswerRow]:
    """Each difficulty with the best of the mentor's competences for it."""
    competences = {code_of(word): word.title for word in mentor.competences.all()}
    rows = []
    for word in mentee.difficulties.all():
        known = {word_code: 100 for word_code, title in competences.items() if title.lower() == word.title.lower()}
        known |= RELATION["answers"].get(code_of(word), {})
        best = max(competences, key=lambda code: (known.get(code, 0), code), default="")
        value = known.get(best, 0)
        told = ("отвечает", "ok") if value >= FULL_ANSWER else ("отчасти", "wait") if value else ("не отвечает", "no")
        rows.append(AnswerRow(word.title, competences.get(best, "") if value else "", Chip(*told)))
    return rows


def verdict_of(field: Field, mentee: BankCard, mentor: BankCard) -> tuple[Chip, str] | None:
    """How the two fit, in a word and a sentence; None where one of them takes no part now."""
    board, keys = field.board, (mentee.participant_id, mentor.participant_id)
    if keys[0] not in board.row or keys[1] not in board.column:
        return None
    place = board.row[keys[0]], board.column[keys[1]]
    if bar := board.why_barred(*keys):
        return Chip("нельзя", "no"), bar
    word = strength(board.share(*place))
    return Chip(f"{word} совпадение", CHIPS[word]), board.sentence(*place)


@requires(VIEW)
def matching_network(request: CabinetRequest) -> HttpResponse:
    """Mentors of other schools of the town who agreed to be known outside."""
    organisation = request.organisation
    permit(request.user, VIEW, organisation)
    filters = NeighbourFilter(request.GET)
    rows = neighbour_cards(organisation, today())
    if word := filters.chosen().get("word"):
        rows = rows.filter(competences=word)
    page = page_of(request, rows.select_related("participant__organisation").prefetch_related("competences"))
    field = field_of(organisation, None, today())
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [neighbour_row(field, one) for one in neighbours_of(page.object_list)],
        "waiting": len(field.mentees),
        "crumbs": [*start_crumbs(), ("Наставники других школ", "")],
    }
    return render(request, "mentorship/matching_network.html", context)


def neighbour_row(field: Field, told: Neighbour) -> NeighbourRow:
    answers = field.rules.answers
    helped = [
        one.name
        for one in field.mentees
        if any(answers.get(code, {}).get(own) for code in one.difficulties for own in told.codes)
    ]
    return NeighbourRow(told, helped[:MOST_HELPED], max(len(helped) - MOST_HELPED, 0))
