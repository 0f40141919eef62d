"""The order that releases people for an event: only what the head has granted, with somebody to stand in."""

from __future__ import annotations

import pytest

from accounts.models import Letter
from core.transitions import Refused
from mentorship.forms.requests import ReleaseOrderForm
from mentorship.models import Pair, PairRequest, Participant, RequestKind
from mentorship.models.requests import State
from mentorship.order_kinds import release as kind
from mentorship.services.request_decisions import take_step
from orders.kinds import KINDS
from orders.models import Order
from orders.services import draft_order, submit_order
from orders.services.drafts import delete_draft
from tests.mentorship.asking import ask, at, release_draft, request_in, substitute, with_logins
from tests.mentorship.builders import approve, day, params

Kind = RequestKind


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    return with_logins(pair, people)


@pytest.fixture
def granted(working: Pair, people) -> PairRequest:
    return request_in(working, people, State.GRANTED, Kind.RELEASE)


def approved(granted: PairRequest, people) -> Order:
    order = release_draft(people, granted)
    submit_order(order=order, actor=people.curator)
    return approve(order, people, "12-к")


def texts(order: Order) -> list[str]:
    return list(order.clauses.values_list("text", flat=True))


# --- What it says -----------------------------------------------------------------------------------------------------
def test_order_names_who_is_away_and_who_stands_in(granted: PairRequest, people) -> None:
    when = f"{day(5):%d.%m.%Y} с 10:00 до 14:00"
    assert texts(release_draft(people, granted))[1:] == [
        "Освободить от исполнения должностных обязанностей на время мероприятий программы наставничества:",
        f"Верескову Аллу Петровну, учителя математики, — {when} (мастерская наставников).",
        "Чтобы работа не прерывалась, возложить на это время обязанности:",
        "Вересковой Аллы Петровны — на Рябинина Петра Сергеевича, учителя истории: уроки в 7 «Б» по плану.",
        "Контроль за исполнением приказа оставляю за собой.",
    ]


def test_redaction_takes_the_names_and_the_words_about_work() -> None:
    redacted = kind.redact(kind.sample(), frozenset({1}))
    assert [one["person"]["number"] for one in redacted["releases"]] == [1, None]
    assert [one["substitute"]["number"] for one in redacted["releases"]] == [None, None]
    assert [one["continuity"] for one in redacted["releases"]] == ["", ""]
    assert [one["number"] for one in redacted["people"]] == [1, None, None, None]


def test_form_offers_granted_releases_that_no_draft_holds(granted: PairRequest, working, people) -> None:
    ask(working, Kind.RELEASE, starts_at=at(9, 9), ends_at=at(9, 10))
    form = ReleaseOrderForm(organisation=working.organisation)
    assert list(form.fields["requests"].queryset) == [granted]
    order = release_draft(people, granted)
    assert list(ReleaseOrderForm(organisation=working.organisation).fields["requests"].queryset) == []
    form = ReleaseOrderForm(organisation=working.organisation, order=order)
    assert list(form.fields["requests"].queryset) == [granted]


# --- What stands in the way -------------------------------------------------------------------------------------------
def test_nothing_chosen_and_not_granted_are_refused(working, people) -> None:
    chosen = {**params(), "requests": []}
    order = draft_order(organisation=working.organisation, kind="release", params=chosen, actor=people.curator)
    assert kind.obstacles(order) == [kind.NOT_CHOSEN]
    waiting = ask(working, Kind.RELEASE)
    order = release_draft(people, waiting)
    assert kind.obstacles(order) == [f"{waiting}: состояние — «ждёт куратора». Уберите его из приказа."]
    with pytest.raises(Refused):
        submit_order(order=order, actor=people.curator)


def test_release_without_a_substitute_is_refused(granted: PairRequest, people, monkeypatch) -> None:
    """The database keeps no such row; the order would refuse it all the same."""
    order = release_draft(people, granted)
    granted.substitute = granted.substitute_id = None
    monkeypatch.setattr(kind, "chosen", lambda order: [granted])
    assert [one for one in kind.obstacles(order) if "без замены" in one] == [f"{granted}: {kind.NO_SUBSTITUTE}"]


def test_one_request_is_held_by_one_draft(granted: PairRequest, people) -> None:
    release_draft(people, granted)
    with pytest.raises(Refused, match="уже держит другой приказ"):
        release_draft(people, granted)


def test_somebody_who_has_left_is_refused(granted: PairRequest, people) -> None:
    order = release_draft(people, granted)
    Participant.objects.filter(pk=granted.substitute_id).update(left_on=day(1))
    assert [one for one in kind.obstacles(order) if "последний день" in one] == [
        f"Рябинин\u00a0П.\u00a0С.: последний день в организации — {day(1):%d.%m.%Y}."
    ]


def test_name_that_nobody_has_looked_at_is_refused(granted: PairRequest, people) -> None:
    doubtful = {"surname": "Кваша", "given_name": "Игорь", "patronymic": "Ильич", "forms_checked": False}
    Participant.objects.filter(pk=granted.substitute_id).update(**doubtful)
    order = release_draft(people, granted)
    assert [one for one in kind.obstacles(order) if "Кваша" in one] != []


def test_text_that_no_longer_fits_is_refused(granted: PairRequest, people) -> None:
    order = release_draft(people, granted)
    submit_order(order=order, actor=people.curator)
    assert kind.obstacles(order) == []
    PairRequest.objects.filter(pk=granted.pk).update(ends_at=at(5, 16))
    assert [one for one in kind.obstacles(order) if "сведения изменились" in one] != []


def test_author_cannot_withdraw_what_a_draft_holds(granted: PairRequest, people) -> None:
    order = release_draft(people, granted)
    held = PairRequest.objects.get(pk=granted.pk)
    with pytest.raises(Refused, match="включено в документ"):
        take_step(request=held, step="cancel", actor=people.teacher)
    delete_draft(order=order, actor=people.curator)
    free = PairRequest.objects.get(pk=granted.pk)
    assert free.order is None
    take_step(request=free, step="cancel", actor=people.teacher)


# --- What it does -----------------------------------------------------------------------------------------------------
def test_approval_carries_the_request_out(granted: PairRequest, people) -> None:
    Letter.objects.all().delete()
    order = approved(granted, people)
    granted.refresh_from_db()
    assert (granted.state, granted.order) == (State.DONE, order)
    bodies = Letter.objects.filter(user=people.teacher).values_list("body", flat=True)
    assert [body for body in bodies if f"приказом {order.requisites}" in body] != []


def test_head_sees_who_is_away_and_what_overlaps(granted: PairRequest, working, people) -> None:
    mentee = working.mentees[0]
    other = ask(working, Kind.RELEASE, author=mentee)
    effects = kind.effects(release_draft(people, granted))
    assert effects[0] == (
        f"{working.mentor.short_name}: освобождение {granted.when}, замещает {granted.substitute.short_name}"
    )
    assert [one for one in effects if one.startswith("Проверьте: ")] == [
        f"Проверьте: Замещающий, {substitute(working).short_name}, в это время замещает: "
        f"{mentee.short_name}, {other.when}."
    ]


def test_cancelling_ends_what_is_still_ahead(granted: PairRequest, people) -> None:
    order = approved(granted, people)
    assert kind.closing(order, day(6)) == []
    assert kind.closing(order, day(1)) == [f"{granted.author.short_name}: освобождения не будет ({granted.when})."]
    kind.close(order, day(6), people.director)
    assert PairRequest.objects.get(pk=granted.pk).state == State.DONE
    kind.close(order, day(1), people.director)
    assert PairRequest.objects.get(pk=granted.pk).state == State.CANCELLED


def test_order_of_another_school_takes_nothing(granted: PairRequest, people, other_school) -> None:
    chosen = {**params(), "requests": [granted.pk]}
    order = draft_order(organisation=other_school, kind="release", params=chosen, actor=people.stranger)
    assert kind.chosen(order) == []
    granted.refresh_from_db()
    assert granted.order is None


def test_kind_is_registered() -> None:
    assert KINDS["release"].title == "Освобождение от обязанностей на мероприятие"
