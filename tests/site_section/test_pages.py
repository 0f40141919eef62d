"""The public pages: who sees them, what they cost, what does not exist for the public."""

from __future__ import annotations

import pytest
from django.db import InternalError, connection
from django.test import Client
from django.urls import reverse

from mentorship.models import ConsentKind, Pair, PairState
from orders.models import Order, OrderState
from orders.services import draft_order, return_order, submit_order
from roadmap.models import Roadmap
from site_section.models import Section
from tests.mentorship import builders
from tests.mentorship.builders import agree, card, form_pair
from tests.roadmap.builders import KIND, make_act, make_item, make_stage, params
from tests.site_section.conftest import addresses


def document(slug: str, order: Order) -> str:
    return reverse("section_document", args=[slug, order.pk])


def statuses(client: Client, *urls: str) -> set[int]:
    return {client.get(url).status_code for url in urls}


# --- Open to everybody ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("filled", [False, True])
def test_every_page_opens_without_signing_in(section, school, client, request, filled: bool) -> None:
    if filled:
        request.getfixturevalue("order")
    urls = ["/", *addresses(school.slug)]
    urls += [document(school.slug, order) for order in Order.objects.approved()]
    assert (statuses(client, *urls), len(urls)) == ({200}, 10 if filled else 8)
    assert [client.get(url).headers["Content-Type"] for url in urls] == ["text/html; charset=utf-8"] * len(urls)


def test_signed_in_people_see_the_same(section, order, school, people, client, client_of) -> None:
    for url in [*addresses(school.slug), document(school.slug, order)]:
        seen = [one.get(url).context["organisation"] for one in (client, client_of(people.teacher))]
        assert seen[0] == seen[1]


def test_pages_carry_the_words_of_the_school(section, order, school, client) -> None:
    home, contacts = client.get(f"/s/{school.slug}/"), client.get(f"/s/{school.slug}/contacts/")
    assert [words in home.content.decode() for words in ("Коротко о нас", "О программе", "Кабинет 14")] == [
        True,
        True,
        False,
    ]
    assert "Кабинет 14" in contacts.content.decode()
    assert (home.context["totals"].pairs, home.context["mentors"]) == (1, [])
    assert [one.number for one in home.context["documents"]] == ["71-б", "70-б"]
    assert [(step.title, step.done, step.total) for step in home.context["steps"]] == [("Подготовка", 0, 1)]
    tabs = {tab["url"]: tab["current"] for tab in contacts.context["site_tabs"]}
    assert {url: current for url, current in tabs.items() if current} == {f"/s/{school.slug}/contacts/": True}
    assert set(tabs) == set(addresses(school.slug))


def test_words_of_the_school_are_escaped(section, school, client) -> None:
    bad = "<script>alert(1)</script>"
    Section.objects.update(lead=bad, about=bad, contacts=bad)
    for url in (f"/s/{school.slug}/", f"/s/{school.slug}/contacts/"):
        text = client.get(url).content.decode()
        assert (bad in text, "&lt;script&gt;alert(1)&lt;/script&gt;" in text) == (False, True)


def test_head_works_and_post_does_not(section, order, school, client) -> None:
    urls = ["/", *addresses(school.slug), document(school.slug, order)]
    heads = [client.head(url) for url in urls]
    assert {(answer.status_code, answer.content) for answer in heads} == {(200, b"")}
    posts = [getattr(client, method)(url).status_code for url in urls for method in ("post", "put", "delete", "patch")]
    assert set(posts) == {405}


def test_pages_only_read(section, order, school, client) -> None:
    """That is why they need no transaction of their own."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    assert statuses(client, "/", *addresses(school.slug), document(school.slug, order)) == {200}
    with pytest.raises(InternalError):
        Section.objects.update(lead="Новое")


def test_list_leads_to_its_documents(section, order, school, client) -> None:
    links = [f'href="{document(school.slug, one)}"' for one in Order.objects.approved().order_by("number")]
    found = [
        [client.get(url).content.decode().count(link) for link in links]
        for url in (f"/s/{school.slug}/", f"/s/{school.slug}/documents/")
    ]
    # The list names once more the order that has introduced the act in force.
    assert found == [[1, 1], [2, 1]]


# --- What does not exist ----------------------------------------------------------------------------------------------
def close(section: Section) -> None:
    Section.objects.update(is_open=False)


def leave(section: Section) -> None:
    type(section.organisation).objects.filter(pk=section.organisation_id).update(is_active=False)


@pytest.mark.parametrize("change", [close, leave, Section.delete])
def test_closed_section_does_not_exist(section, order, school, people, client, client_of, change) -> None:
    urls = [*addresses(school.slug), document(school.slug, order)]
    assert statuses(client, *urls) == {200}
    change(section)
    assert (statuses(client, *urls), statuses(client_of(people.curator), *urls)) == ({404}, {404})
    assert (client.get("/").status_code, client.get("/").context["schools"]) == (200, [])


@pytest.mark.parametrize("slug", ["unknown", "School17", "school-17", "priozersk", "s" * 500])
def test_unknown_address_does_not_exist(section, order, school, client, slug: str) -> None:
    assert statuses(client, *addresses(slug), document(slug, order)) == {404}


@pytest.mark.parametrize("number", ["0", "999999", "9" * 30])
def test_unknown_document_does_not_exist(section, order, school, client, number: str) -> None:
    assert client.get(f"/s/{school.slug}/documents/{number}/").status_code == 404


def test_document_of_another_school_does_not_exist_here(section, order, school, other_school, client) -> None:
    Section.objects.create(organisation=other_school)
    assert statuses(client, document(school.slug, order)) == {200}
    assert statuses(client, document(other_school.slug, order)) == {404}
    assert client.get(f"/s/{other_school.slug}/documents/").context["documents"] == []


def test_only_approved_orders_are_public(section, order, school, people, client) -> None:
    """Whatever the state, the address of the order itself opens nothing before the head has signed."""
    words = {"organisation": school, "kind": KIND, "actor": people.curator}
    waiting = {}
    for state in (OrderState.DRAFT, OrderState.SUBMITTED, OrderState.RETURNED):
        act = make_act(school, f"Тайна {state}", kind="council")
        one = draft_order(params=params(act, title=f"Тайна {state}"), **words)
        if state != OrderState.DRAFT:
            submit_order(order=one, actor=people.curator)
        if state == OrderState.RETURNED:
            return_order(order=one, remark="Исправьте", actor=people.director)
        waiting[state] = one
    assert {state: Order.objects.get(pk=one.pk).state for state, one in waiting.items()} == {
        state: state.value for state in waiting
    }
    assert statuses(client, *(document(school.slug, one) for one in waiting.values())) == {404}
    pages = [client.get(url).content.decode() for url in addresses(school.slug)]
    assert [text for text in pages if "Тайна" in text] == []
    builders.approve(waiting[OrderState.SUBMITTED], people, "72-б")
    assert "Тайна" in client.get(document(school.slug, waiting[OrderState.SUBMITTED])).content.decode()


@pytest.mark.parametrize("state", ["draft", "replaced"])
def test_only_an_approved_roadmap_is_public(section, roadmap, school, client, state: str) -> None:
    assert "Провести опрос" in client.get(f"/s/{school.slug}/roadmap/").content.decode()
    Roadmap.objects.update(state=state)
    pages = [client.get(url).content.decode() for url in addresses(school.slug)]
    assert [text for text in pages if "Провести опрос" in text or "Карта года" in text] == []


def test_only_pairs_in_force_are_public(section, pair, school, people, client) -> None:
    def shown() -> tuple[int, int]:
        pairs = client.get(f"/s/{school.slug}/pairs/").context["pairs"]
        return len(pairs), client.get(f"/s/{school.slug}/").context["totals"].pairs

    found = {"forming": shown()}
    builders.approve(builders.submitted(people, pair), people)
    for state in ("active", "closed"):
        Pair.objects.update(state=state, closing_ground="term" if state == "closed" else "")
        found[state] = shown()
    form_pair(pair.mentor, pair.mentees, people.curator, direction=builders.word("direction", "parents"))
    Pair.objects.filter(state="forming").update(state="dissolved")
    found["dissolved"] = shown()
    assert found == {"forming": (0, 0), "active": (1, 1), "closed": (0, 0), "dissolved": (0, 0)}


# --- One school or several --------------------------------------------------------------------------------------------
def test_first_page_is_the_only_school_or_the_list(section, school, other_school, client) -> None:
    other = Section.objects.create(organisation=other_school, lead="Вторая")
    listed = client.get("/").context["schools"]
    assert [(one["organisation"].slug, one["lead"]) for one in listed] == [
        ("canary", "Вторая"),
        ("school17", "Коротко о нас"),
    ]
    other.is_open = False
    other.save(update_fields=["is_open"])
    response = client.get("/")
    assert (response.context["section"], response.templates[0].name) == (section, "site_section/section_home.html")
    section.delete()
    assert client.get("/").context["schools"] == []


def test_numbers_of_the_list_are_of_each_school(section, order, other_school, client) -> None:
    Section.objects.create(organisation=other_school)
    numbers = {one["organisation"].slug: one["totals"] for one in client.get("/").context["schools"]}
    assert {slug: (one.mentors, one.mentees, one.pairs) for slug, one in numbers.items()} == {
        "school17": (1, 1, 1),
        "canary": (0, 0, 0),
    }


def test_list_of_schools_costs_the_same_for_two_and_four(section, order, town, other_school, client, queries) -> None:
    Section.objects.create(organisation=other_school)
    counts = [queries(client, "/")]
    for number in range(2):
        values = {"slug": f"more{number}", "name": f"Школа {number}", "full_name": "Школа", "head_name": "Иванов И. И."}
        school = type(town).objects.create(parent=town, place="г. Приозёрск", **values)
        Section.objects.create(organisation=school)
    assert [*counts, queries(client, "/")] == [3] * 2


def test_pages_cost_the_same_for_one_and_three(section, order, roadmap, school, people, client, queries) -> None:
    def show(pair: Pair) -> None:
        for person in pair.people:
            agree(person, ConsentKind.DISSEMINATION, people.curator)

    def cost() -> list[int]:
        # The first look at an order makes its heading, which is kept.
        client.get(addresses(school.slug)[5])
        return [queries(client, url) for url in ["/", *addresses(school.slug), document(school.slug, order)]]

    show(Pair.objects.get())
    counts = [cost()]
    for number, name in enumerate(("Ивина", "Осина"), start=2):
        mentor = card(school, f"{name} Инна Ильинична")
        more = form_pair(mentor, [card(school, f"{name} Мария Ильинична")], people.curator)
        Pair.objects.filter(pk=more.pk).update(state=PairState.ACTIVE, order=order)
        show(more)
        make_item(make_stage(roadmap), due=number, responsible_user=people.teacher)
        later = form_pair(mentor, [card(school, f"Поздняя Вера {name[:3]}овна")], people.curator)
        order = builders.approve(builders.submitted(people, later), people, f"7{number}-б")
    assert [*counts, cost()] == [[6, 5, 2, 8, 2, 4, 3, 1, 6]] * 2
