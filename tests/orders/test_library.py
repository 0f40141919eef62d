"""The library of acts and the minutes of bodies, and how preambles name them."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pytest

from accounts.models import Body
from accounts.permissions import today
from core.models import JournalEntry
from core.transitions import Refused
from orders import services
from orders.models import LegalAct, Order, Protocol
from orders.services.library import (
    ground_obstacles,
    listed,
    load_legal_acts,
    outdated,
    papers_on_changed_ground,
    save_act,
)
from tests.orders.conftest import params

ACT = {
    "level": "municipal",
    "form": "приказ",
    "issuer": "Управление образования",
    "number": "15",
    "date": "2024-02-01",
    "title": "О наставничестве в городе",
    "citation": "приказа Управления образования от 01.02.2024 № 15",
}
MINUTES = {
    "number": "1",
    "held_on": "2022-08-30",
    "chair": "Громова Елена Павловна",
    "secretary": "Мелова Дарья Сергеевна",
    "agenda": "О наставничестве\nРазное",
    "decided": "Одобрить Положение\nНазначить куратора",
}


@pytest.fixture
def act(school):
    """An own act of the school."""
    return LegalAct.objects.create(organisation=school, **{**ACT, "date": dt.date(2024, 2, 1)})


@pytest.fixture
def council(school):
    return Body.objects.create(organisation=school, kind="pedagogical_council", name="Педагогический совет")


@pytest.fixture
def minutes(school, council, people):
    values = {**MINUTES, "held_on": today()}
    return Protocol.objects.create(organisation=school, body=council, recorded_by=people.curator, **values)


def test_common_acts_are_loaded_once(db):
    first = load_legal_acts()
    assert (first, load_legal_acts(), LegalAct.objects.count()) == (18, 0, 18)
    assert JournalEntry.objects.filter(event="orders.library.load").count() == 18


def test_order_names_acts_and_decisions_in_its_preamble(draft, school, act, minutes):
    load_legal_acts()
    law = LegalAct.objects.get(code="mentoring-concept")
    order = draft(acts=[act.pk, law.pk], protocols=[minutes.pk], basis=["приказа от 01.09.2022 № 5"])
    assert order.facts["preamble"] == (
        "В целях порядка, на основании распоряжения Правительства Российской Федерации от 21.05.2025 № 1264-р и "
        "приказа Управления образования от 01.02.2024 № 15, в соответствии с решением педагогического совета "
        f"(протокол № 1 от {today():%d.%m.%Y}), на основании приказа от 01.09.2022 № 5"
    )


@pytest.mark.parametrize(("words", "said"), [(["А"], "А"), (["А", "Б"], "А и Б"), (["А", "Б", "В"], "А, Б и В")])
def test_list_of_acts_is_one_phrase(words, said):
    assert listed(words) == said


def test_act_out_of_force_is_no_ground(draft, people, act):
    order = draft(acts=[act.pk])
    LegalAct.objects.update(valid_to=today() - dt.timedelta(days=1))
    with pytest.raises(Refused, match="утратил силу"):
        services.submit_order(order=order, actor=people.curator)
    LegalAct.objects.update(valid_to=today())
    services.submit_order(order=order, actor=people.curator)


def test_act_not_yet_in_force_is_no_ground(act):
    act.valid_from = dt.date(2030, 1, 1)
    assert ground_obstacles([act], dt.date(2029, 12, 31)) == [
        f"Акт начнёт действовать 01.01.2030: {act}. Уберите его из оснований."
    ]
    assert ground_obstacles([act], dt.date(2030, 1, 1)) == []


def test_papers_on_changed_ground_are_found(approved, act, school, other_school):
    order = approved(acts=[act.pk])
    approved(number="2")
    assert papers_on_changed_ground(school) == []
    newer = LegalAct.objects.create(organisation=school, replaces=act, **{**ACT, "date": dt.date(2025, 2, 1)})
    assert list(outdated(LegalAct.objects.all(), school, today())) == [act]
    assert (papers_on_changed_ground(school), papers_on_changed_ground(other_school)) == ([order], [])
    LegalAct.objects.filter(pk=newer.pk).delete()
    LegalAct.objects.update(valid_to=dt.date(2024, 12, 31))
    assert papers_on_changed_ground(school) == [order]


def test_common_act_replaced_by_one_school_stays_good_for_another(school, other_school):
    load_legal_acts()
    law = LegalAct.objects.get(code="bank-forms")
    LegalAct.objects.create(organisation=school, replaces=law, **{**ACT, "date": dt.date(2025, 1, 1)})
    rows = LegalAct.objects.filter(pk=law.pk)
    assert (list(outdated(rows, school, today())), list(outdated(rows, other_school, today()))) == ([law], [])


def test_curator_adds_changes_and_checks_an_own_act(client_of, people, school):
    client = client_of(people.curator)
    made = client.post("/cabinet/library/new/", ACT)
    act = LegalAct.objects.get()
    client.post(f"/cabinet/library/{act.pk}/edit/", {**ACT, "gives": "форма программы"})
    client.post(f"/cabinet/library/{act.pk}/check/")
    act.refresh_from_db()
    assert (made.status_code, act.organisation, act.gives, act.checked_on, act.checked_by) == (
        302,
        school,
        "форма программы",
        today(),
        people.curator,
    )
    assert JournalEntry.objects.about(act).count() == 3


def test_common_act_is_not_changed_but_replaced(client_of, people, school):
    load_legal_acts()
    law = LegalAct.objects.get(code="bank-forms")
    client = client_of(people.curator)
    assert client.post(f"/cabinet/library/{law.pk}/edit/", ACT).status_code == 302
    client.post(f"/cabinet/library/{law.pk}/check/")
    law.refresh_from_db()
    assert (law.number, law.checked_on) == ("МР-42/02", None)
    form = client.get(f"/cabinet/library/new/?replaces={law.pk}").context["form"]
    assert (form.initial["title"], form.initial["replaces"]) == (law.title, law.pk)
    form.instance.organisation = None
    with pytest.raises(Refused, match="Общий акт"):
        save_act(form=form, actor=people.curator)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"date": "2999-01-01"}, "date"),
        ({"date": "31.02.2024"}, "date"),
        ({"title": ""}, "title"),
        ({"url": "javascript:1"}, "url"),
        ({"valid_from": "0001-01-01"}, "valid_from"),
        ({"valid_from": "2025-01-02", "valid_to": "2025-01-01"}, "__all__"),
    ],
)
def test_bad_act_is_explained(client_of, people, change, field):
    form = client_of(people.curator).post("/cabinet/library/new/", {**ACT, **change}).context["form"]
    assert list(form.errors) == [field]


def test_act_of_another_school_is_not_found(client_of, people, act):
    client = client_of(people.stranger)
    assert [client.get(f"/cabinet/library/{act.pk}/{tail}").status_code for tail in ("", "edit/")] == [404, 404]
    assert client.get("/cabinet/library/").context["page_obj"].paginator.count == 0


@pytest.mark.parametrize(
    ("query", "count"), [("", 2), ("?q=городе", 1), ("?level=federal", 1), ("?state=invalid", 1), ("?state=valid", 1)]
)
def test_library_is_filtered(client_of, people, act, query, count):
    values = {
        **ACT,
        "level": "federal",
        "date": dt.date(2020, 1, 1),
        "title": "Старое",
        "valid_to": dt.date(2021, 1, 1),
    }
    LegalAct.objects.create(**values)
    page = client_of(people.curator).get(f"/cabinet/library/{query}")
    assert page.context["page_obj"].paginator.count == count


def test_library_asks_as_many_queries_for_three_as_for_one(client_of, people, act, queries):
    client = client_of(people.curator)
    one = queries(client, "/cabinet/library/")
    for number in ("16", "17"):
        LegalAct.objects.create(organisation=act.organisation, **{**ACT, "date": dt.date(2024, 3, 1), "number": number})
    assert queries(client, "/cabinet/library/") == one


def test_minutes_are_written_printed_and_then_kept(client_of, people, council, approved):
    client = client_of(people.curator)
    client.post("/cabinet/protocols/new/", {**MINUTES, "body": council.pk})
    minutes = Protocol.objects.get()
    paper = client.get(f"/cabinet/protocols/{minutes.pk}/paper.docx")
    text = "\n".join(line.text for line in docx.Document(io.BytesIO(b"".join(paper))).paragraphs)
    assert [word for word in ("ПРОТОКОЛ", "Одобрить Положение", "Разное") if word not in text] == []
    approved(protocols=[minutes.pk])
    form = client.post(f"/cabinet/protocols/{minutes.pk}/edit/", {**MINUTES, "body": council.pk, "number": "2"})
    assert "уже назван в приказе" in form.context["form"].non_field_errors()[0]
    minutes.refresh_from_db()
    assert minutes.number == "1"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"held_on": "2999-01-01"}, "held_on"), ({"body": "0"}, "body"), ({"decided": " "}, "decided")],
)
def test_bad_minutes_are_explained(client_of, people, council, change, field):
    data = {**MINUTES, "body": council.pk, **change}
    form = client_of(people.curator).post("/cabinet/protocols/new/", data).context["form"]
    assert (list(form.errors), form["secretary"].value()) == ([field], MINUTES["secretary"])


def test_minutes_of_another_school_are_not_found(client_of, people, minutes):
    client = client_of(people.stranger)
    paths = ("", "edit/", "paper.pdf")
    assert [client.get(f"/cabinet/protocols/{minutes.pk}/{path}").status_code for path in paths] == [404] * 3
    form = client.get("/cabinet/orders/new/memo/").context["form"]
    assert "protocols" not in form.fields


def test_teacher_reads_neither(client_of, people, act, minutes):
    client = client_of(people.teacher)
    paths = ("library/", f"library/{act.pk}/", "protocols/", f"protocols/{minutes.pk}/")
    assert [client.get(f"/cabinet/{path}").status_code for path in paths] == [403] * 4


def test_form_offers_only_what_an_order_may_name(client_of, people, act, minutes):
    LegalAct.objects.create(organisation=act.organisation, replaces=act, **{**ACT, "date": dt.date(2025, 2, 1)})
    form = client_of(people.curator).get("/cabinet/orders/new/memo/").context["form"]
    assert [one.date.year for one in form.fields["acts"].queryset] == [2025]
    assert list(form.fields["protocols"].queryset) == [minutes]


def test_chosen_grounds_are_kept_with_the_draft(client_of, people, act, minutes):
    data = {"title": "О бумаге", "purpose": "В целях", "control": "self", "acts": [act.pk], "protocols": [minutes.pk]}
    client_of(people.curator).post("/cabinet/orders/new/memo/", data)
    assert {name: Order.objects.get().params[name] for name in ("acts", "protocols")} == {
        "acts": [act.pk],
        "protocols": [minutes.pk],
    }
    assert params()["basis"] == []
