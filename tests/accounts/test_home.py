"""The first page of the cabinet: what waits for the person, in the right words."""

import datetime as dt

import pytest
import time_machine

from accounts import attention
from accounts.attention import Entry, Figure, Panel, Place, Queue, Tab, places_for, queue_for, tabs_for
from accounts.views.home import greeting

pytestmark = pytest.mark.django_db
NAME = "Лебедева Ольга Викторовна"


@pytest.fixture(autouse=True)
def registry(monkeypatch):
    """The registry without what the other apps have put into it."""
    monkeypatch.setattr(attention, "SOURCES", [])
    monkeypatch.setattr(attention, "FIGURE_SOURCES", [])
    monkeypatch.setattr(attention, "PANEL_SOURCES", [])
    monkeypatch.setattr(attention, "PLACE_SOURCES", [])
    monkeypatch.setattr(attention, "MAIN_SOURCES", [])
    monkeypatch.setattr(attention, "TABS", [Tab("Дела", "home", "accounts.cabinet.open", 0)])
    return attention


def entries(user, organisation, day):
    yield Entry("Потом", "/a/", due=day + dt.timedelta(days=5))
    yield Entry("Без срока", "/b/")
    yield Entry("Сейчас", "/c/", due=day)
    yield Entry("Опоздало", "/d/", due=day - dt.timedelta(days=3), late=True)
    yield Entry("Опоздало давно", "/e/", due=day - dt.timedelta(days=30), late=True)
    yield Entry("У директора", "/f/", waiting=True)


def test_queue_has_three_parts_and_the_nearest_term_first(people, school, registry):
    registry.register(entries)
    registry.register(entries)
    queue = queue_for(people.curator, school, dt.date(2026, 11, 20))
    assert [one.title for one in queue.late] == ["Опоздало давно", "Опоздало"]
    assert [one.title for one in queue.now] == ["Сейчас", "Потом", "Без срока"]
    assert [one.title for one in queue.waiting] == ["У директора"]


def queue(late: int, now: int, waiting: int) -> Queue:
    one = Entry("Дело", "/")
    return Queue(late=[one] * late, now=[one] * now, waiting=[one] * waiting)


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((2, 5, 2), "Ольга Викторовна, у вас 7 дел: 2 просрочены, ещё 2 ждут других людей."),
        ((1, 0, 1), "Ольга Викторовна, у вас 1 просроченное дело, ещё 1 ждёт других людей."),
        ((0, 3, 0), "Ольга Викторовна, у вас 3 дела."),
        ((5, 16, 0), "Ольга Викторовна, у вас 21 дело: 5 просрочены."),
        ((1, 0, 0), "Ольга Викторовна, у вас 1 просроченное дело."),
        ((3, 0, 2), "Ольга Викторовна, у вас 3 просроченных дела, ещё 2 ждут других людей."),
        ((5, 0, 0), "Ольга Викторовна, у вас 5 просроченных дел."),
        ((0, 0, 5), "Ольга Викторовна, у вас всё сделано, 5 ждут других людей."),
        ((0, 0, 0), "Ольга Викторовна, у вас всё сделано."),
    ],
)
def test_greeting_counts_in_correct_russian(counts, sentence):
    assert greeting(NAME, queue(*counts)) == sentence


def test_greeting_of_a_single_name():
    assert greeting("Дежурный", queue(0, 1, 0)) == "Дежурный, у вас 1 дело."


def test_home_shows_the_parts_the_numbers_and_the_day(client_of, people, registry):
    registry.register(entries)
    registry.register_figures(lambda user, organisation, day: [Figure("14", "наставников", "/m/")])
    with time_machine.travel("2026-11-20 09:00+03:00", tick=False):
        page = client_of(people.curator).get("/cabinet/").content.decode()
    expected = ["Пятница, 20 ноября 2026 года.", "Просрочено", "Нужно сделать", "Ждём других", "В цифрах"]
    assert [words for words in expected if words not in page] == []


def test_home_without_anything_to_do_says_so(client_of, people):
    page = client_of(people.curator).get("/cabinet/").content.decode()
    assert "<h1>Сейчас дел нет</h1>" in page
    assert "В цифрах" not in page


def test_home_without_anything_to_do_shows_where_to_go(client_of, people, school, registry):
    registry.register_tab(Tab("Пользователи", "user_list", "accounts.user.view", 3, "Кто входит в портал"))
    registry.register_tab(Tab("Без слов", "inbox", "accounts.letter.view", 5))
    registry.register_places(lambda user, organisation: [Place("Раздел", "/s/", "Для всех")])
    assert [place.label for place in places_for(people.curator, school)] == ["Пользователи", "Раздел"]
    assert [place.label for place in places_for(people.teacher, school)] == ["Раздел"]
    assert [place.label for place in places_for(people.curator, school.parent)] == ["Раздел"]
    context = client_of(people.teacher).get("/cabinet/").context
    assert [place.label for place in context["places"]] == ["Раздел", "Об организации"]
    registry.register(entries)
    assert client_of(people.teacher).get("/cabinet/").context["places"] == []


def test_home_draws_the_panels_of_the_apps(client_of, people, registry):
    crumbs = Panel("Ваша пара", "includes/note.html", None)
    registry.register_panels(lambda user, organisation, day: [crumbs])
    page = client_of(people.teacher).get("/cabinet/")
    assert page.context["panels"] == [crumbs]
    assert ">Ваша пара</h2>" in page.content.decode()


def test_home_is_for_the_signed_in(client, people):
    assert client.get("/cabinet/")["Location"] == "/accounts/login/?next=/cabinet/"


def test_home_costs_the_same_for_one_entry_and_for_many(client_of, people, queries, registry):
    client = client_of(people.curator)
    empty = queries(client, "/cabinet/")
    registry.register(entries)
    assert (empty, queries(client, "/cabinet/")) == (7, 7)


def test_tabs_are_those_the_person_may_open_and_one_is_current(people, registry):
    registry.register_tab(Tab("Письма", "inbox", "accounts.letter.view", 5))
    registry.register_tab(Tab("Пользователи", "user_list", "accounts.user.view", 3))
    assert [(tab["label"], tab["current"]) for tab in tabs_for(people.curator, "/cabinet/users/new/")] == [
        ("Дела", False),
        ("Пользователи", True),
        ("Письма", False),
    ]
    assert [tab["label"] for tab in tabs_for(people.teacher, "/cabinet/")] == ["Дела", "Письма"]
    assert [tab["current"] for tab in tabs_for(people.teacher, "/cabinet/")] == [True, False]


def test_tab_is_current_on_its_further_places_too(people, registry):
    registry.register_tab(Tab("Письма", "inbox", "accounts.cabinet.open", 5, also=("/cabinet/readers/",)))
    current = {
        path: [tab["label"] for tab in tabs_for(people.curator, path) if tab["current"]]
        for path in ("/cabinet/", "/cabinet/letters/3/", "/cabinet/readers/7/", "/cabinet/scans/7/")
    }
    assert list(current.values()) == [["Дела"], ["Письма"], ["Письма"], []]


def test_nothing_is_said_twice(people, school, registry):
    registry.register(entries)
    registry.register(lambda user, organisation, day: [Entry("Сейчас", "/c/"), Entry("Сейчас", "/other/")])
    queue = queue_for(people.curator, school, dt.date(2026, 11, 20))
    assert [(one.title, one.url) for one in queue.now if one.title == "Сейчас"] == [
        ("Сейчас", "/c/"),
        ("Сейчас", "/other/"),
    ]


def test_long_part_of_the_queue_unfolds(client_of, people, registry):
    registry.register(lambda user, organisation, day: [Entry(f"Дело {number}", "/a/") for number in range(9)])
    response = client_of(people.curator).get("/cabinet/")
    [group] = response.context["groups"]
    assert ([one.title for one in group.rest], group.total) == (["Дело 7", "Дело 8"], 9)
    page = response.content.decode()
    assert ('<h2 class="group-t">Нужно сделать <span>9</span></h2>' in page, "<summary>Ещё 2" in page) == (True, True)


def test_page_has_one_main_button(client_of, people, registry):
    registry.register(entries)
    page = client_of(people.curator).get("/cabinet/").content.decode()
    assert page.count("btn-primary") == 1
    registry.register_main(lambda user, organisation, day: [Place("Записать", "/w/")])
    registry.register_main(lambda user, organisation, day: [Place("Второе", "/x/")])
    page = client_of(people.curator).get("/cabinet/").content.decode()
    assert page.count("btn-primary") == 1
    assert '<a class="btn btn-primary" href="/w/">Записать</a>' in page


def test_first_panel_stands_above_the_queue(client_of, people, registry):
    week, below = Panel("Эта неделя", "includes/note.html", None, first=True), Panel("Ниже", "includes/note.html", None)
    registry.register_panels(lambda user, organisation, day: [below, week])
    response = client_of(people.curator).get("/cabinet/")
    page = response.content.decode()
    assert ("<h1>Ваша неделя</h1>" in page, "всё сделано" in page, response.context["places"]) == (True, False, [])
    registry.register(entries)
    page = client_of(people.curator).get("/cabinet/").content.decode()
    places = [page.index(f">{title}") for title in ("Эта неделя", "Просрочено", "Ниже")]
    assert places == sorted(places)
