"""The pages of the roadmap: who is let in, what each does, what it costs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.permissions import GRANTS
from core.models import JournalEntry
from roadmap.models import Item, Roadmap, RoadmapState, Stage
from roadmap.order_kinds import CODE, PLAN
from roadmap.services import LOCKED
from tests.mentorship.builders import day
from tests.roadmap.builders import in_force, make_act, make_item, make_roadmap, make_stage, submitted

LIST, NEW = "/cabinet/roadmap/", "/cabinet/roadmap/new/"
WRITERS = GRANTS["roadmap.roadmap.change"].holders
READERS = GRANTS["roadmap.roadmap.view"].holders
MARKERS = GRANTS["roadmap.item.mark"].holders


def url(name: str, row: Roadmap | Stage | Item) -> str:
    return reverse(name, args=[row.pk])


def page(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def said(client, response) -> list[str]:
    """What the portal answered on the page that the POST led to."""
    assert response.status_code == 302, response.content.decode()[:2000]
    return [str(message) for message in client.get(response["Location"]).context["messages"]]


def map_data(**more) -> dict:
    return {"title": "Новая карта", "starts_on": "2026-09-01", "ends_on": "2027-08-31", "like": "", **more}


def item_data(**more) -> dict:
    empty = {name: "" for name in ("term", "starts_on", "due_on", "responsible", "responsible_user")}
    return {"text": "Новый пункт", **empty, **more}


# --- The way through the pages ----------------------------------------------------------------------------------------
def test_curator_writes_a_roadmap_through_the_pages(school, people, client_of, journal_count) -> None:
    client = client_of(people.curator)

    def post(address: str, data: dict) -> list[str]:
        before = journal_count()
        words = said(client, client.post(address, data))
        assert journal_count() == before + 1
        return words

    assert "Создать черновик" in page(client.get(NEW))
    assert post(NEW, map_data()) == ["Черновик дорожной карты создан. Добавьте этапы и пункты."]
    roadmap = Roadmap.objects.get()
    assert "Этапов пока нет" in page(client.get(url("roadmap_detail", roadmap)))
    assert "Добавить этап" in page(client.get(url("stage_new", roadmap)))
    assert post(url("stage_new", roadmap), {"title": "Подготовка", "result": "Приказ"}) == []
    stage = roadmap.stages.get()
    assert "Этап «Подготовка»" in page(client.get(url("item_new", stage)))
    data = item_data(due_on="2026-10-01", responsible_user=people.psychologist.pk)
    assert post(url("item_new", stage), data) == ["Пункт добавлен."]
    item = Item.objects.get()
    assert (item.text, str(item.due_on), item.responsible_user) == ("Новый пункт", "2026-10-01", people.psychologist)

    assert 'value="2026-09-01"' in page(client.get(url("roadmap_edit", roadmap)))
    assert post(url("roadmap_edit", roadmap), map_data(title="Иначе")) == ["Изменения сохранены."]
    assert 'value="Подготовка"' in page(client.get(url("stage_edit", stage)))
    assert post(url("stage_edit", stage), {"title": "Начало", "result": ""}) == ["Изменения сохранены."]
    assert "Новый пункт" in page(client.get(url("item_edit", item)))
    assert post(url("item_edit", item), item_data(text="Старый пункт")) == ["Изменения сохранены."]
    text = page(client.get(url("roadmap_detail", roadmap)))
    assert [words in text for words in ("Иначе", "1. Начало", "Старый пункт")] == [True, True, True]
    history = [entry.text for entry in client.get(url("roadmap_detail", roadmap)).context["history"]]
    assert history == [
        "Изменён пункт.",
        "Изменён этап.",
        "Изменены название или срок.",
        "Добавлен пункт «Новый пункт».",
        "Добавлен этап «Подготовка».",
        "Начата дорожная карта «Новая карта».",
    ]

    assert "Старый пункт" in page(client.get(url("item_delete", item)))
    assert post(url("item_delete", item), {}) == ["Удалено."]
    assert "Этап «Начало» будет удалён" in page(client.get(url("stage_delete", stage)))
    assert post(url("stage_delete", stage), {}) == ["Удалено."]
    assert (Stage.objects.count(), Item.objects.count(), Roadmap.objects.get().title) == (0, 0, "Иначе")


def test_new_roadmap_takes_over_an_earlier_one(roadmap, item, people, client_of) -> None:
    client = client_of(people.curator)
    client.post(NEW, map_data(like=roadmap.pk))
    copy = Roadmap.objects.exclude(pk=roadmap.pk).get()
    assert list(copy.stages.values_list("title", "items__text")) == [("Подготовка", "Провести опрос")]
    assert list(client.get(url("roadmap_edit", copy)).context["form"].fields) == ["title", "starts_on", "ends_on"]


def test_responsible_person_marks_and_unmarks(approved, item, people, client_of, journal_count) -> None:
    client = client_of(people.teacher)
    text = page(client.get(url("roadmap_detail", approved)))
    assert [url(name, item) in text for name in ("item_mark", "item_unmark", "item_edit")] == [True, False, False]
    assert "Провести опрос" in page(client.get(url("item_mark", item)))
    response = client.post(url("item_mark", item), {"done_on": day(0), "done_note": "12 анкет"})
    assert response["Location"] == f"{url('roadmap_detail', approved)}#item-{item.pk}"
    assert said(client, response) == ["Пункт отмечен как выполненный."]
    text = page(client.get(url("roadmap_detail", approved)))
    assert [url(name, item) in text for name in ("item_mark", "item_unmark")] == [False, True]
    assert ("12 анкет" in text, journal_count()) == (True, 1)
    assert said(client, client.post(url("item_unmark", item))) == ["Отметка о выполнении снята."]
    item.refresh_from_db()
    assert (item.done_on, item.done_note, journal_count()) == (None, "", 2)


# --- Who is let in ----------------------------------------------------------------------------------------------------
PARTS = {
    "roadmap_detail": Roadmap,
    "roadmap_edit": Roadmap,
    "stage_new": Roadmap,
    "stage_edit": Stage,
    "stage_delete": Stage,
    "item_new": Stage,
    "item_edit": Item,
    "item_delete": Item,
    "item_mark": Item,
}


@pytest.mark.parametrize("name", [*PARTS, "item_unmark"])
@pytest.mark.parametrize("who", ["stranger", "stranger_director", "municipal"])
def test_roadmap_of_another_school_does_not_exist(roadmap, item, people, client_of, name: str, who: str) -> None:
    client, row = client_of(getattr(people, who)), PARTS.get(name, Item).objects.get()
    answers = {client.get(url(name, row)).status_code, client.post(url(name, row)).status_code}
    assert answers == ({404, 405} if name == "item_unmark" else {404})
    assert client.get(url(name, type(row)(pk=10**18))).status_code in (404, 405)
    assert (Stage.objects.count(), Item.objects.count(), JournalEntry.objects.count()) == (1, 1, 0)


def test_list_shows_only_the_own_school(roadmap, other_school, people, client_of) -> None:
    make_roadmap(other_school, "Канарейкина карта")
    assert [row.title for row in client_of(people.director).get(LIST).context["page_obj"]] == ["Карта года"]
    assert [row.title for row in client_of(people.stranger).get(LIST).context["page_obj"]] == ["Канарейкина карта"]


@pytest.mark.parametrize("name", [name for name in PARTS if name not in ("roadmap_detail", "item_mark")])
@pytest.mark.parametrize("who", ["director", "inspector", "teacher", "accountant"])
def test_only_the_curator_changes_the_text(roadmap, item, people, client_of, name: str, who: str) -> None:
    client, row = client_of(getattr(people, who)), PARTS[name].objects.get()
    for response in (client.get(url(name, row)), client.post(url(name, row))):
        assert response.status_code == 403
        assert f"Изменение дорожной карты: доступно ролям — {WRITERS}." in response.content.decode()
    assert (WRITERS, JournalEntry.objects.count()) == ("куратор", 0)


def test_new_page_names_who_may(people, client_of) -> None:
    assert f"доступно ролям — {WRITERS}." in client_of(people.teacher).get(NEW).content.decode()
    assert client_of(people.teacher).post(NEW, map_data()).status_code == 403
    assert Roadmap.objects.count() == 0


def test_accountant_reads_no_roadmap_and_is_told_who_may(roadmap, people, client_of) -> None:
    for address in (LIST, url("roadmap_detail", roadmap)):
        response = client_of(people.accountant).get(address)
        assert (response.status_code, f"доступно ролям — {READERS}." in response.content.decode()) == (403, True)


@pytest.mark.parametrize("name", ["item_mark", "item_unmark"])
@pytest.mark.parametrize("who", ["psychologist", "inspector", "admin"])
def test_others_do_not_mark_and_are_told_who_may(approved, item, people, client_of, name: str, who: str) -> None:
    response = client_of(getattr(people, who)).post(url(name, item), {"done_on": day(0)})
    expected = 404 if who == "admin" else 403
    assert response.status_code == expected
    if expected == 403:
        assert f"Отметка о выполнении пункта: доступно ролям — {MARKERS}." in response.content.decode()
    assert Item.objects.get().done_on is None


@pytest.mark.parametrize(
    "who",
    ["curator", "director", "methodical_union", "psychologist", "class_teacher", "department_head", "site_editor"],
)
def test_everybody_offered_as_responsible_reads_and_marks(approved, item, people, client_of, who: str) -> None:
    user = getattr(people, who)
    form = client_of(people.curator).get(url("item_edit", make_item(make_stage(make_roadmap(approved.organisation)))))
    assert user in form.context["form"].fields["responsible_user"].queryset
    Item.objects.filter(pk=item.pk).update(responsible_user=user)
    client = client_of(user)
    assert [client.get(address).status_code for address in (LIST, url("roadmap_detail", approved))] == [200, 200]
    assert client.post(url("item_mark", item), {"done_on": day(0)}).status_code == 302
    assert Item.objects.get(pk=item.pk).done_on == day(0)


def test_people_of_other_roles_and_schools_are_not_offered(item, people, client_of) -> None:
    form = client_of(people.curator).get(url("item_edit", item)).context["form"]
    offered = form.fields["responsible_user"].queryset
    others = ("accountant", "inspector", "admin", "municipal", "stranger")
    assert [who for who in others if getattr(people, who) in offered] == []
    data = item_data(responsible_user=people.stranger.pk)
    assert list(client_of(people.curator).post(url("item_edit", item), data).context["form"].errors) == [
        "responsible_user"
    ]


def test_signed_out_visitor_is_asked_to_sign_in(roadmap, client) -> None:
    assert client.get(LIST)["Location"] == f"/accounts/login/?next={LIST}"
    address = url("roadmap_detail", roadmap)
    assert client.post(address)["Location"] == f"/accounts/login/?next={address}"


def test_mark_is_taken_away_by_a_post_only(approved, item, people, client_of) -> None:
    assert client_of(people.curator).get(url("item_unmark", item)).status_code == 405


# --- Locked -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["roadmap_edit", "stage_edit", "item_edit"])
def test_edit_page_of_a_submitted_roadmap_leads_back_with_the_reason(roadmap, item, people, client_of, name) -> None:
    submitted(people, roadmap=roadmap)
    client, row = client_of(people.curator), PARTS[name].objects.get()
    for ask in (client.get, client.post):
        response = ask(url(name, row), {**map_data(), **item_data()})
        assert response["Location"] == url("roadmap_detail", roadmap)
        assert said(client, response) == [LOCKED]
    assert Item.objects.get().text == "Провести опрос"


@pytest.mark.parametrize("name", ["stage_new", "item_new"])
def test_nothing_is_added_to_a_submitted_roadmap(roadmap, item, people, client_of, name: str) -> None:
    submitted(people, roadmap=roadmap)
    response = client_of(people.curator).post(url(name, PARTS[name].objects.get()), {"title": "Ещё", **item_data()})
    assert response.context["form"].non_field_errors() == [LOCKED]
    assert (Stage.objects.count(), Item.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", ["stage_delete", "item_delete"])
def test_nothing_is_deleted_from_a_submitted_roadmap(roadmap, item, people, client_of, name: str) -> None:
    submitted(people, roadmap=roadmap)
    client = client_of(people.curator)
    assert said(client, client.post(url(name, PARTS[name].objects.get()))) == [LOCKED]
    assert (Stage.objects.count(), Item.objects.count()) == (1, 1)


@pytest.mark.parametrize("state", ["draft", "replaced"])
def test_mark_of_a_roadmap_not_in_force_is_refused_in_words(approved, item, people, client_of, state: str) -> None:
    Roadmap.objects.update(state=state)
    Item.objects.update(done_on=day(-3))
    client, words = client_of(people.curator), "Отмечать выполнение можно в утверждённой дорожной карте."
    response = client.post(url("item_mark", item), {"done_on": day(0)})
    assert response.context["form"].non_field_errors() == [words]
    assert said(client, client.post(url("item_unmark", item))) == [words]
    assert Item.objects.get().done_on == day(-3)


# --- Buttons ----------------------------------------------------------------------------------------------------------
def test_one_order_approves_the_plan_with_a_waiting_regulation(roadmap, item, school, people, client_of) -> None:
    client, detail = client_of(people.curator), url("roadmap_detail", roadmap)
    alone, both = (f"{reverse('order_draft', args=[kind])}?roadmap=" for kind in (PLAN, CODE))
    found = [[address in page(client.get(detail)) for address in (alone, both)]]
    make_act(school)
    found.append([address in page(client.get(detail)) for address in (alone, both)])
    assert found == [[True, False], [False, True]]


def test_buttons_follow_the_state(roadmap, item, people, client_of) -> None:
    client, detail = client_of(people.curator), url("roadmap_detail", roadmap)
    order_page = f"{reverse('order_draft', args=['plan'])}?roadmap={roadmap.pk}"
    wanted = (order_page, url("roadmap_edit", roadmap), url("item_mark", item))

    def buttons() -> list[bool]:
        text = page(client.get(detail))
        return [address in text for address in wanted]

    found = [buttons()]
    order = submitted(people, roadmap=roadmap)
    found.append(buttons())
    in_force(roadmap, people)
    found.append(buttons())
    in_force(roadmap, people, RoadmapState.REPLACED)
    assert [*found, buttons()] == [
        [True, True, False],
        [False, False, False],
        [False, False, True],
        [False, False, False],
    ]
    assert order.pk != roadmap.order_id


# --- Lists ------------------------------------------------------------------------------------------------------------
def test_list_finds_by_the_title(school, people, client_of) -> None:
    make_roadmap(school, "План на осень")
    make_roadmap(school, "План на весну")
    client = client_of(people.curator)
    assert [row.title for row in client.get(f"{LIST}?q=ВЕСН").context["page_obj"]] == ["План на весну"]
    assert "Ничего не нашлось" in page(client.get(f"{LIST}?q={'щ' * 2000}"))
    assert "План на осень" in page(client.get(f"{LIST}?page=щ&q="))


def test_empty_list_says_what_comes(people, client_of) -> None:
    assert "Заведите её по этапам" in page(client_of(people.curator).get(LIST))
    assert "когда куратор её составит" in page(client_of(people.director).get(LIST))


def test_pages_cost_the_same_for_one_and_three(school, people, client_of, queries) -> None:
    teacher, curator = client_of(people.teacher), client_of(people.curator)
    roadmap, plan = in_force(make_roadmap(school), people), make_roadmap(school)

    def grow() -> None:
        for one in (roadmap, plan):
            make_item(make_stage(one), responsible_user=people.teacher)
            make_item(one.stages.last(), responsible_user=people.psychologist, done_on=day(0))

    def cost() -> list[int]:
        readers = [(teacher, roadmap), (curator, roadmap), (curator, plan)]
        pages = [queries(reader, url("roadmap_detail", row)) for reader, row in readers]
        return [queries(teacher, LIST), queries(curator, LIST), *pages]

    grow()
    counts = [cost()]
    for number in (2, 3):
        in_force(make_roadmap(school, "Ещё"), people, number=str(number))
        grow()
    assert [*counts, cost()] == [[9, 10, 12, 13, 14]] * 2
