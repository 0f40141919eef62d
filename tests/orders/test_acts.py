"""Local acts: their pages, who may write them, when the text is locked, how editions follow one another."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from unittest import mock

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import Organisation
from accounts.permissions import GRANTS, Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from orders.forms.acts import ActForm
from orders.models import LocalAct, Order
from orders.services import acts
from orders.services.act_terms import bring_into_force
from orders.services.acts import LOCKED, change_act, delete_act, new_edition
from tests.mentorship.builders import approved_order, day
from tests.orders.pages import page, said

LIST, NEW = "/cabinet/acts/", "/cabinet/acts/new/"
READERS = GRANTS["orders.localact.view"].holders
LONG = "щ" * 10_000


def url(name: str, act: LocalAct) -> str:
    return reverse(f"act_{name}", args=[act.pk])


def act_data(**more: str) -> dict[str, str]:
    return {"kind": "regulation", "title": "Положение о наставничестве", "text": "1. Общее", **more}


@pytest.fixture
def act(school: Organisation, people: SimpleNamespace) -> LocalAct:
    return LocalAct.objects.create(organisation=school, title="Положение", text="1. Общее\n1.1. Цель.")


def put_in_force(act: LocalAct, people: SimpleNamespace, state: str = "in_force", number: str = "1") -> LocalAct:
    order = approved_order(act.organisation, people, number)
    LocalAct.objects.filter(pk=act.pk).update(state=state, order=order, in_force_from=day(-5))
    act.refresh_from_db()
    return act


@pytest.fixture
def in_force(act: LocalAct, people: SimpleNamespace) -> LocalAct:
    return put_in_force(act, people)


@pytest.fixture
def held(act: LocalAct, draft: Callable[..., Order]) -> Order:
    """The draft of an order that prepares the act."""
    order = draft()
    LocalAct.objects.update(order=order)
    act.refresh_from_db()
    return order


# --- Reading the text -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("line", "is_heading"),
    [
        ("1. Общие положения", True),
        ("12. Цель и задачи", True),
        ("IV. Участники", True),
        ("1.  Общие положения", True),
        ("1. Наставничество добровольно.", False),
        ("1.1. Цель", False),
        ("1.Общие положения", False),
        ("1. Задачи: помочь", False),
        ("1. Цель; задачи", False),
        ("Общие положения", False),
        ("1) Общие положения", False),
        ("1. " + "щ" * 120, True),
        ("1. " + "щ" * 121, False),
        ("В 2026. году", False),
    ],
)
def test_numbered_line_without_a_stop_is_a_heading(line: str, is_heading: bool) -> None:
    assert LocalAct(text=line).paragraphs == [{"text": line, "is_heading": is_heading}]


def test_paragraphs_are_lines_with_words() -> None:
    text = "  1. Общее \r\n\r\n\t1.1. Цель.\n \n2. Задачи\n"
    assert [(one["text"], one["is_heading"]) for one in LocalAct(text=text).paragraphs] == [
        ("1. Общее", True),
        ("1.1. Цель.", False),
        ("2. Задачи", True),
    ]
    assert LocalAct(text=" \n ").paragraphs == []


# --- The way through the pages ----------------------------------------------------------------------------------------
def test_curator_writes_an_act_through_the_pages(school, people, client_of, journal_count) -> None:
    client = client_of(people.curator)
    assert client.get(NEW).status_code == 200
    response = client.post(NEW, act_data())
    act = LocalAct.objects.get()
    assert (response["Location"], act.organisation, act.state, act.order) == (url("detail", act), school, "draft", None)
    assert said(client, response) == [
        "Проект сохранён. Чтобы он вступил в силу, составьте приказ об утверждении.",
    ]
    assert client.post(url("edit", act), act_data(text="1. Общее\n2. Цель")).status_code == 302
    text = page(client.get(url("detail", act)))
    assert ("2. Цель" in text, url("edit", act) in text, url("delete", act) in text) == (True, True, True)
    told = [entry.text for entry in JournalEntry.objects.about(act)]
    assert told == ["Изменён проект локального акта.", "Начат проект локального акта: «Положение о наставничестве»."]
    assert [change["field"] for change in JournalEntry.objects.about(act)[0].changes] == ["Текст"]
    assert client.get(url("delete", act)).status_code == 200
    assert said(client, client.post(url("delete", act))) == ["Проект акта удалён."]
    assert (LocalAct.objects.count(), journal_count()) == (0, 3)


def test_unchanged_act_writes_no_history(act, people, client_of, journal_count) -> None:
    client_of(people.curator).post(url("edit", act), act_data(title=act.title, text=act.text))
    assert journal_count() == 0


def test_new_edition_begins_with_the_old_text(in_force, people, client_of) -> None:
    client = client_of(people.curator)
    assert url("edition", in_force) in page(client.get(url("detail", in_force)))
    response = client.post(url("edition", in_force))
    edition = LocalAct.objects.latest("pk")
    assert (response["Location"], LocalAct.objects.count()) == (url("detail", edition), 2)
    assert (edition.replaces, edition.edition) == (in_force, 2)
    assert (edition.kind, edition.title, edition.text) == (in_force.kind, in_force.title, in_force.text)
    assert (edition.state, edition.order, edition.in_force_from) == ("draft", None, None)
    assert JournalEntry.objects.about(edition).get().text == "Начата новая редакция: «Положение»."
    assert client.post(url("edit", edition), act_data(text="1. Иначе")).status_code == 302
    assert LocalAct.objects.get(pk=in_force.pk).text == "1. Общее\n1.1. Цель."
    assert client.get(url("edition", in_force)).status_code == 405


# --- Who is let in ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["detail", "edit", "edition", "delete"])
@pytest.mark.parametrize("who", ["stranger", "stranger_director", "municipal"])
def test_act_of_another_school_does_not_exist(act, people, client_of, name: str, who: str) -> None:
    client = client_of(getattr(people, who))
    assert {client.get(url(name, act)).status_code, client.post(url(name, act)).status_code} == (
        {404, 405} if name == "edition" else {404}
    )
    assert client.post(url(name, LocalAct(pk=10**18))).status_code == 404
    assert (LocalAct.objects.get().text, JournalEntry.objects.count()) == (act.text, 0)


@pytest.mark.parametrize("name", ["edit", "edition", "delete"])
@pytest.mark.parametrize("who", ["director", "inspector", "teacher"])
def test_only_the_curator_writes_and_others_are_told(act, people, client_of, name: str, who: str) -> None:
    response = client_of(getattr(people, who)).post(url(name, act), act_data(text="Иначе"))
    assert response.status_code == 403
    assert "Изменение проектов локальных актов: доступно ролям — куратор." in response.content.decode()
    assert (LocalAct.objects.get().text, LocalAct.objects.count()) == (act.text, 1)


def test_new_and_list_are_closed_to_others(act, people, client_of) -> None:
    assert client_of(people.director).post(NEW, act_data()).status_code == 403
    response = client_of(people.teacher).get(LIST)
    assert (response.status_code, f"доступно ролям — {READERS}." in response.content.decode()) == (403, True)
    assert client_of(people.teacher).get(url("detail", act)).status_code == 403
    readers = [client_of(getattr(people, who)).get(url("detail", act)).status_code for who in ("director", "inspector")]
    assert (readers, LocalAct.objects.count()) == ([200, 200], 1)


@pytest.mark.parametrize("who", ["director", "stranger"])
def test_services_ask_the_permission(act, people, who: str) -> None:
    actor = getattr(people, who)
    form = ActForm(act_data(), instance=LocalAct.objects.get())
    assert form.is_valid()
    for attempt in (
        lambda: new_edition(act=act, actor=actor),
        lambda: delete_act(act=act, actor=actor),
        lambda: change_act(act=act, form=form, actor=actor),
    ):
        with pytest.raises(Forbidden):
            attempt()
    assert (LocalAct.objects.get().text, LocalAct.objects.count()) == (act.text, 1)


# --- Locked -----------------------------------------------------------------------------------------------------------
def edit_attempts(act: LocalAct, client) -> list[list[str]]:
    """What the pages that change the text say to each way in."""
    found = [said(client, client.get(url("edit", act))), said(client, client.post(url("edit", act), act_data()))]
    return [*found, said(client, client.post(url("delete", act)))]


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_text_is_locked_once_the_order_is_submitted(act, held, people, client_of, submitted, approved, state) -> None:
    order = submitted() if state == "submitted" else approved()
    LocalAct.objects.update(order=order)
    assert edit_attempts(act, client_of(people.curator)) == [[LOCKED]] * 3
    assert LocalAct.objects.get().text == act.text


@pytest.mark.parametrize("state", ["in_force", "superseded"])
def test_act_that_was_in_force_is_never_edited_or_deleted(act, people, client_of, state: str) -> None:
    put_in_force(act, people, state)
    assert edit_attempts(act, client_of(people.curator)) == [[LOCKED]] * 3
    text = page(client_of(people.curator).get(url("detail", act)))
    assert [url(name, act) in text for name in ("edit", "delete", "edition")] == [False, False, True]


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_text_is_open_while_the_order_is_not_with_the_head(act, held, people, client_of, state: str) -> None:
    Order.objects.filter(pk=held.pk).update(state=state)
    client = client_of(people.curator)
    assert said(client, client.post(url("edit", act), act_data(text="2. Иначе"))) == ["Изменения сохранены."]
    words = ["Акт указан в приказе: сначала удалите проект приказа."]
    assert said(client, client.post(url("delete", act))) == words
    stored = LocalAct.objects.get()
    assert (stored.text, stored.order_id) == ("2. Иначе", held.pk)


def save(act: LocalAct, people) -> None:
    """A page that was opened while the act was free is sent now."""
    form = ActForm(act_data(text="Поздно"), instance=act)
    assert form.is_valid()
    change_act(act=act, form=form, actor=people.curator)


def test_page_opened_before_the_submission_changes_nothing(act, submitted, people) -> None:
    LocalAct.objects.update(order=submitted())
    for attempt in (lambda: save(act, people), lambda: delete_act(act=act, actor=people.curator)):
        act.order = None
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.obstacles == [LOCKED]
    assert LocalAct.objects.get().text == "1. Общее\n1.1. Цель."


def test_refused_save_keeps_what_was_typed(act, people, client_of, monkeypatch) -> None:
    def refuse(act: LocalAct) -> None:
        raise Refused([LOCKED])

    monkeypatch.setattr(acts, "refuse_locked", refuse)
    answer = client_of(people.curator).post(url("edit", act), act_data(title="Долго писали"))
    assert (answer.status_code, answer.context["form"].non_field_errors()) == (200, [LOCKED])
    assert answer.context["form"]["title"].value() == "Долго писали"


def test_page_opened_before_the_draft_leaves_it_the_act(act, draft, people) -> None:
    stale, order = LocalAct.objects.get(), draft()
    LocalAct.objects.update(order=order)
    save(stale, people)
    assert LocalAct.objects.values_list("text", "order").get() == ("Поздно", order.pk)


def test_without_the_second_look_a_stale_page_robs_the_order(act, submitted, people) -> None:
    stale = LocalAct.objects.get()
    LocalAct.objects.update(order=submitted())
    with mock.patch.object(acts, "refuse_locked"):
        save(stale, people)
    assert LocalAct.objects.values_list("text", "order").get() == ("Поздно", None)


# --- Coming into force ------------------------------------------------------------------------------------------------
def test_act_comes_into_force_only_by_the_order_that_holds_it(act, people) -> None:
    order = approved_order(act.organisation, people)
    words = {"act": act, "order": order, "first_day": day(0)}
    with pytest.raises(Refused, match="«Положение» готовит другой приказ"):
        bring_into_force(**words, actor=people.director)
    LocalAct.objects.update(order=order)
    with pytest.raises(Forbidden):
        bring_into_force(**words, actor=people.curator)
    assert LocalAct.objects.get().state == "draft"
    bring_into_force(**words, actor=people.director)
    assert LocalAct.objects.values_list("state", "in_force_from").get() == ("in_force", day(0))
    with pytest.raises(Refused):
        bring_into_force(**words, actor=people.director)


def refused(rows, **values: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**values)


def without(constraint: str, rows, **values: object) -> int:
    """How many rows the same update changes when the constraint is gone (rolled back)."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        found = next(one for one in LocalAct._meta.constraints if one.name == constraint)
        with connection.schema_editor() as editor:
            editor.remove_constraint(LocalAct, found)
        changed = rows.update(**values)
        transaction.set_rollback(True)
    return changed


def test_one_act_of_a_kind_is_in_force(in_force, school, people) -> None:
    other = LocalAct.objects.create(organisation=school, title="Новое", text="1. Общее")
    rows, order = LocalAct.objects.filter(pk=other.pk), in_force.order
    values = {"state": "in_force", "order": order, "in_force_from": day(0)}
    refused(rows, **values)
    assert without("local_act_one_in_force", rows, **values) == 1
    assert rows.update(**values, kind="council") == 1


def test_act_is_in_force_by_an_order_with_a_day(act, people) -> None:
    rows, order = LocalAct.objects.all(), approved_order(act.organisation, people)
    for values in ({"order": None, "in_force_from": day(0)}, {"order": order, "in_force_from": None}):
        refused(rows, state="in_force", **values)
        assert without("local_act_in_force_by_order", rows, state="in_force", **values) == 1
    assert rows.update(state="in_force", order=order, in_force_from=day(0)) == 1


@pytest.mark.parametrize(
    "change", [{"text": "Иначе"}, {"title": "Иначе"}, {"in_force_from": day(-1)}, {"order": None}, {"state": "draft"}]
)
def test_trigger_keeps_an_act_in_force(in_force, change: dict) -> None:
    with (
        pytest.raises(IntegrityError, match="changed only by its next edition"),
        transaction.atomic(),
    ):
        LocalAct.objects.update(**change)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orders_localact DISABLE TRIGGER act_in_force_is_kept")
        cursor.execute("ALTER TABLE orders_localact DROP CONSTRAINT local_act_in_force_by_order")
        assert LocalAct.objects.update(**change) == 1
        transaction.set_rollback(True)
    assert LocalAct.objects.update(state="superseded") == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalAct.objects.get().delete()


# --- Input and lists --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": LONG}, "title"),
        ({"text": " \n "}, "text"),
        ({"text": "щ" * 200_001}, "text"),
        ({"kind": "устав"}, "kind"),
    ],
)
def test_bad_input_is_explained(act, people, client_of, more: dict, field: str) -> None:
    client = client_of(people.curator)
    for address in (NEW, url("edit", act)):
        response = client.post(address, act_data(**more))
        assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
        assert response.context["form"].errors[field][0] in response.content.decode()
    assert LocalAct.objects.values_list("title", "text").get() == (act.title, act.text)


def test_long_text_is_kept_whole_and_unreadable_text_is_refused(people, client_of) -> None:
    client, text = client_of(people.curator), "\n".join(f"{number}. Пункт" for number in range(1, 9000))
    assert client.post(NEW, act_data(text=text)).status_code == 302
    assert len(LocalAct.objects.get().paragraphs) == 8999
    assert client.post(NEW, act_data(text="1.\x00")).status_code == 400
    assert LocalAct.objects.count() == 1


def test_list_is_filtered_by_title_and_state(in_force, school, other_school, people, client_of) -> None:
    LocalAct.objects.create(organisation=school, title="О совете", kind="council", text="1. Общее")
    LocalAct.objects.create(organisation=other_school, title="Канарейкино", text="1. Общее")

    def found(query: str) -> set[str]:
        return {act.title for act in client_of(people.inspector).get(LIST + query).context["page_obj"]}

    assert [found(query) for query in ("", "?q=СОВЕТ", "?state=in_force", "?state=щ", "?q=" + "щ" * 500)] == [
        {"Положение", "О совете"},
        {"О совете"},
        {"Положение"},
        {"Положение", "О совете"},
        {"Положение", "О совете"},
    ]
    strangers = client_of(people.stranger).get(LIST).context["page_obj"]
    assert [act.title for act in strangers] == ["Канарейкино"]


def test_pages_cost_the_same_for_one_and_three(in_force, school, people, client_of, queries) -> None:
    client = client_of(people.curator)
    counts = [(queries(client, LIST), queries(client, url("detail", in_force)))]
    for number, kind in enumerate(("council", "programme"), start=2):
        act = LocalAct.objects.create(organisation=school, title="Ещё", kind=kind, text="1. Общее\n" * 50)
        put_in_force(act, people, number=str(number))
    assert [*counts, (queries(client, LIST), queries(client, url("detail", act)))] == [(10, 14)] * 2
