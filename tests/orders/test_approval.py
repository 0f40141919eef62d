"""The way of an order to the head and back: every state with every step, every refusal, what follows."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django_tasks_db.models import DBTaskResult

from accounts.models import ActingHead, Letter, Membership
from accounts.permissions import Forbidden, Role
from core.models import JournalEntry
from core.transitions import Refused
from orders import services
from orders.models import Order, OrderState
from orders.services import approval
from orders.services.approval import (
    EMPTY,
    FIRST_YEAR,
    OUTDATED,
    OWN_DRAFT,
    READ_AGAIN,
    earlier_than_last,
    submission_obstacles,
)
from orders.services.drafts import CHANGED_MEANWHILE, LOCKED
from tests.orders import memo
from tests.orders.conftest import params

DAY = dt.date(2022, 9, 1)
STATES = [state.value for state in OrderState]
STEPS = {
    "submit": ("curator", {"draft", "returned"}, "submitted"),
    "recall": ("curator", {"submitted"}, "draft"),
    "return": ("director", {"submitted"}, "returned"),
    "approve": ("director", {"submitted"}, "approved"),
    "delete": ("curator", {"draft", "returned"}, None),
    "correct": ("curator", {"draft", "returned"}, "same"),
}


def take(step, order, people):
    actor = getattr(people, STEPS[step][0])
    if step == "submit":
        services.submit_order(order=order, actor=actor)
    elif step == "recall":
        services.recall_order(order=order, actor=actor)
    elif step == "return":
        services.return_order(order=order, remark="Исправьте срок.", actor=actor)
    elif step == "approve":
        services.approve_order(order=order, number="71-б", date=DAY, actor=actor)
    elif step == "delete":
        services.delete_draft(order=order, actor=actor)
    else:
        services.change_params(order=order, params=params(title="Иначе"), actor=actor)


def in_state(state, draft, people):
    order = draft()
    if state != "draft":
        take("submit", order, people)
    if state == "returned":
        take("return", order, people)
    if state == "approved":
        take("approve", order, people)
    assert order.state == state
    return order


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", STATES)
def test_every_state_with_every_step(state, step, draft, people):
    order = in_state(state, draft, people)
    _, sources, target = STEPS[step]
    before = JournalEntry.objects.count()
    if state not in sources:
        with pytest.raises(Refused):
            take(step, order, people)
        stored = Order.objects.get(pk=order.pk)
        assert (stored.state, stored.title) == (state, "О порядке")
        assert JournalEntry.objects.count() == before
        return
    pk = order.pk
    take(step, order, people)
    assert JournalEntry.objects.count() > before
    found = Order.objects.filter(pk=pk).values_list("state", flat=True).first()
    assert found == (state if target == "same" else target)


ACTORS = ["director", "curator", "admin", "inspector", "teacher", "municipal", "stranger", "stranger_director"]
WHO = {
    "submit": {"curator"},
    "recall": {"curator"},
    "return": {"director"},
    "approve": {"director"},
    "delete": {"curator"},
    "correct": {"curator"},
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("name", ACTORS)
def test_only_the_named_role_of_the_same_school_makes_the_step(name, step, draft, people, monkeypatch):
    state = next(iter(sorted(STEPS[step][1])))
    order = in_state(state, draft, people)
    monkeypatch.setitem(STEPS, step, (name, *STEPS[step][1:]))
    if name in WHO[step]:
        take(step, order, people)
        return
    with pytest.raises(Forbidden):
        take(step, order, people)
    assert Order.objects.get(pk=order.pk).state == state


def test_administrator_of_the_school_drafts_but_neither_submits_nor_approves(school, series, people):
    Membership.objects.create(user=people.admin, organisation=school, role=Role.ADMINISTRATOR, starts_on=DAY)
    order = services.draft_order(organisation=school, kind="memo", params=params(), series=series, actor=people.admin)
    with pytest.raises(Forbidden, match="куратор"):
        services.submit_order(order=order, actor=people.admin)
    services.submit_order(order=order, actor=people.curator)
    with pytest.raises(Forbidden, match="директор"):
        services.approve_order(order=order, number="1", date=DAY, actor=people.admin)


def test_approval_freezes_requisites_signer_and_facts(submitted, people, school, series):
    ActingHead.objects.create(
        organisation=school,
        full_name="Замов Илья Ильич",
        gender="m",
        post="И. о. директора",
        starts_on=dt.date(2022, 8, 20),
        ends_on=DAY,
    )
    order = submitted()
    services.approve_order(order=order, number=" № 71-б", date=DAY, actor=people.director)
    order.refresh_from_db()
    assert (order.number, order.ordinal, order.date, order.year) == ("71-б", 71, DAY, 2022)
    assert (order.signer_name, order.signer_post) == ("Замов Илья Ильич", "И. о. директора")
    assert order.facts["signer"]["signature"] == "И.\u00a0И.\u00a0Замов"
    assert order.approved_by == people.director
    assert order.requisites == "от 01.09.2022 № 71-б"
    assert memo.calls == [("hold", order.pk), ("lock", order.pk), ("apply", order.pk)]


def test_approval_writes_letters_and_asks_the_worker_for_files(submitted, people):
    order = submitted()
    assert list(Letter.objects.values_list("user__username", "subject", "path")) == [
        ("director", "Приказ ждёт утверждения: О порядке", f"/cabinet/orders/{order.pk}/")
    ]
    Letter.objects.all().delete()
    services.approve_order(order=order, number="71-б", date=DAY, actor=people.director)
    assert list(Letter.objects.values_list("user__username", "subject")) == [("curator", "Приказ утверждён: О порядке")]
    task = DBTaskResult.objects.get()
    assert task.task_path == "orders.services.files.make_files"
    assert task.args_kwargs == {"args": [], "kwargs": {"order_id": order.pk}}


def test_return_tells_the_drafter_what_to_correct(submitted, people):
    order = submitted()
    Letter.objects.all().delete()
    services.return_order(order=order, remark="  Укажите срок. ", actor=people.director)
    assert order.remark == "Укажите срок."
    letter = Letter.objects.get()
    assert letter.user == people.curator
    assert "Укажите срок." in letter.body
    services.submit_order(order=order, actor=people.curator)
    assert order.remark == ""


@pytest.mark.parametrize("remark", ["", "   нет  ", "а" * 2001])
def test_remark_must_say_something(remark, submitted, people):
    order = submitted()
    with pytest.raises(ValidationError) as refusal:
        services.return_order(order=order, remark=remark, actor=people.director)
    assert list(refusal.value.message_dict) == ["remark"]
    assert Order.objects.get(pk=order.pk).state == "submitted"


def test_obstacles_of_the_kind_forbid_submission_and_approval_with_the_same_words(draft, people):
    sentence = "Нет согласия: Черных М. О."
    order = draft()
    memo.in_the_way.append(sentence)
    with pytest.raises(Refused) as refusal:
        services.submit_order(order=order, actor=people.curator)
    assert refusal.value.obstacles == [sentence]
    memo.in_the_way.clear()
    services.submit_order(order=order, actor=people.curator)
    memo.in_the_way.append(sentence)
    with pytest.raises(Refused) as refusal:
        services.approve_order(order=order, number="71-б", date=DAY, actor=people.director)
    assert refusal.value.obstacles == [sentence]
    assert Order.objects.get(pk=order.pk).state == "submitted"


def test_unready_text_is_not_submitted(draft, people, monkeypatch):
    order = draft(people=[2])
    clause = order.clauses.get(fact="person.2")
    services.edit_clauses(order=order, texts={clause.pk: "Закрепить Черных."}, actor=people.curator)
    monkeypatch.setitem(memo.PEOPLE, 2, ("Черных Максим Олегович", "m", "учитель астрономии"))
    assert submission_obstacles(order) == [OUTDATED]
    services.refresh_clauses(order=order, actor=people.curator)
    marked = "Пункт 2 изменён вручную, а исходные данные с тех пор изменились: возьмите новый текст или оставьте свой."
    assert submission_obstacles(order) == [marked]
    with pytest.raises(Refused) as refusal:
        services.submit_order(order=order, actor=people.curator)
    assert refusal.value.obstacles == [marked]
    services.keep_clause(order=order, clause=clause, actor=people.curator)
    services.submit_order(order=order, actor=people.curator)
    assert order.state == "submitted"


def test_order_without_clauses_is_not_submitted(draft, people):
    order = draft()
    for fact in ("approve", "control"):
        services.remove_clause(order=order, clause=order.clauses.get(fact=fact), actor=people.curator)
    assert submission_obstacles(order) == [EMPTY]


def test_whoever_drafted_does_not_sign(series, school, people, monkeypatch):
    Membership.objects.create(user=people.director, organisation=school, role=Role.CURATOR, starts_on=DAY)
    words = {"organisation": school, "kind": "memo", "params": params(), "series": series}
    order = services.draft_order(actor=people.director, **words)
    services.submit_order(order=order, actor=people.curator)
    with pytest.raises(Refused) as refusal:
        services.approve_order(order=order, number="71-б", date=DAY, actor=people.director)
    assert refusal.value.obstacles == [OWN_DRAFT]
    other = services.draft_order(actor=people.curator, **words)
    services.submit_order(order=other, actor=people.director)
    with pytest.raises(Refused):
        services.approve_order(order=other, number="71-б", date=DAY, actor=people.director)
    monkeypatch.setattr(approval, "signing_obstacles", lambda order, actor: [])
    services.approve_order(order=other, number="71-б", date=DAY, actor=people.director)


@time_machine.travel("2026-11-21 12:00", tick=False)
@pytest.mark.parametrize(
    ("day", "is_right"),
    [
        (dt.date(2026, 11, 21), True),
        (dt.date(2026, 11, 22), False),
        (dt.date(FIRST_YEAR, 1, 1), True),
        (dt.date(FIRST_YEAR - 1, 12, 31), False),
    ],
)
def test_date_is_neither_future_nor_ancient(day, is_right, submitted, people):
    order = submitted()
    if is_right:
        services.approve_order(order=order, number="71-б", date=day, actor=people.director)
        return
    with pytest.raises(ValidationError) as refusal:
        services.approve_order(order=order, number="71-б", date=day, actor=people.director)
    assert list(refusal.value.message_dict) == ["date"]


def test_earlier_date_than_the_last_of_the_book_is_noticed(approved):
    approved("72-б", dt.date(2022, 9, 5))
    order = approved("71-б", DAY)
    assert earlier_than_last(order, DAY).number == "72-б"
    assert earlier_than_last(order, dt.date(2022, 9, 5)) is None


def test_nobody_approves_what_they_have_not_read(submitted, people):
    order = submitted()
    seen = order.version
    services.recall_order(order=order, actor=people.curator)
    services.change_params(order=order, params=params(title="О другом"), actor=people.curator)
    services.submit_order(order=order, actor=people.curator)
    with pytest.raises(Refused) as refusal:
        services.approve_order(order=order, number="71-б", date=DAY, actor=people.director, version=seen)
    assert refusal.value.obstacles == [READ_AGAIN]


def test_stale_draft_is_neither_changed_nor_submitted(draft, people):
    order = draft()
    seen = order.version
    services.change_params(order=order, params=params(title="Второй"), actor=people.curator, version=seen)
    for attempt in (
        lambda: services.change_params(order=order, params=params(title="Третий"), actor=people.curator, version=seen),
        lambda: services.edit_clauses(order=order, texts={}, actor=people.curator, version=seen),
        lambda: services.submit_order(order=order, actor=people.curator, version=seen),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.obstacles == [CHANGED_MEANWHILE]
    assert Order.objects.get(pk=order.pk).title == "Второй"


def test_submitted_order_cannot_be_corrected_by_any_service(submitted, people):
    order = submitted()
    clause = order.clauses.get(fact="control")
    words = {"order": order, "actor": people.curator}
    for attempt in (
        lambda: services.change_params(params=params(), **words),
        lambda: services.refresh_clauses(**words),
        lambda: services.edit_clauses(texts={clause.pk: "Иначе"}, **words),
        lambda: services.add_clause(text="Ещё", **words),
        lambda: services.remove_clause(clause=clause, **words),
        lambda: services.restore_clause(clause=clause, **words),
        lambda: services.keep_clause(clause=clause, **words),
        lambda: services.move_clause(clause=clause, up=True, **words),
        lambda: services.delete_draft(**words),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.obstacles == [LOCKED]


def test_deleted_draft_lets_go_what_it_held(draft, people):
    order = draft()
    pk = order.pk
    services.delete_draft(order=order, actor=people.curator)
    assert memo.calls == [("hold", pk), ("release", pk)]
    entry = JournalEntry.objects.order_by("-pk").first()
    assert (entry.event, entry.subject_id, entry.text) == (
        "orders.order.delete",
        pk,
        "Удалён проект приказа «О порядке».",
    )
