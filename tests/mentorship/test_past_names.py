"""Another name: a mistake or a marriage; earlier names on the card and in the search; approved orders keep theirs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.forms.participants import EditParticipantForm
from mentorship.models import BankCard, Pair, Participant, PastName
from mentorship.services.histories import delete_record
from mentorship.services.participants import change_participant
from orders.models import Order
from tests.mentorship.builders import approve, card, day, form_pair, submitted
from tests.mentorship.test_participants import LIST, card_data, names

WHY = "На карточке другое имя. Выберите, ошибка это или новое имя."


@pytest.fixture
def person(school, people) -> Participant:
    return card(school, "Теслина Светлана Николаевна")


def url(person: Participant) -> str:
    return reverse("participant_edit", args=[person.pk])


def renamed(person: Participant, **more: object) -> dict:
    return card_data(surname="Орлова", gender="f", **more)


def test_form_asks_why_only_where_the_name_is_another_one(person, people, client_of) -> None:
    client = client_of(people.curator)
    assert "name_kind" not in client.get(url(person)).context["form"].fields
    same = client.post(url(person), card_data(surname=" ТЕСЛИНА ", gender="f"))
    assert same.status_code == 302
    asked = client.post(url(person), renamed(person, note="typed"))
    html = asked.content.decode()
    assert (asked.status_code, WHY in html, "typed" in html) == (200, True, True)
    person.refresh_from_db()
    assert person.surname == "Теслина"


def test_mistake_leaves_no_earlier_name(person, people, client_of) -> None:
    client_of(people.curator).post(url(person), renamed(person, name_kind="mistake", renamed_on=day(-5).isoformat()))
    person.refresh_from_db()
    assert (person.surname, PastName.objects.count()) == ("Орлова", 0)


def test_new_name_keeps_the_earlier_one_until_the_day_before(person, people, client_of) -> None:
    data = renamed(person, name_kind="new", renamed_on=day(-5).isoformat())
    response = client_of(people.curator).post(url(person), data)
    assert response.status_code == 302
    person.refresh_from_db()
    earlier = person.past_names.get()
    assert (person.full_name, str(earlier), earlier.until) == (
        "Орлова Светлана Николаевна",
        "Теслина Светлана Николаевна",
        day(-6),
    )
    assert (person.forms["dative"], person.forms_checked) == ("Орловой Светлане Николаевне", False)
    entry = JournalEntry.objects.about(person).get()
    words = f"Новое имя с {day(-5):%d.%m.%Y}: Орлова Светлана Николаевна; прежнее — Теслина Светлана Николаевна."
    assert (entry.text, entry.changes) == (words, [{"field": "Фамилия", "old": "Теслина", "new": "Орлова"}])
    html = client_of(people.curator).get(reverse("participant_detail", args=[person.pk])).content.decode()
    assert f"до {day(-6):%d.%m.%Y} — Теслина Светлана Николаевна" in html


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name_kind": "new"}, "Укажите, с какого дня новое имя."),
        ({"name_kind": "new", "renamed_on": day(1).isoformat()}, "день не может быть в будущем"),
        ({"name_kind": "new", "renamed_on": "0001-01-01"}, "Проверьте год."),
        ({"name_kind": "new", "renamed_on": "вчера"}, "Введите правильную дату."),
        ({"name_kind": "new", "renamed_on": day(-60).isoformat()}, "следующее не могло начаться раньше"),
        ({"name_kind": "ghost"}, "Выберите корректный вариант"),
    ],
)
def test_impossible_new_name_is_explained(person, people, client_of, more: dict, words: str) -> None:
    PastName.objects.create(participant=person, surname="Иванова", given_name="Светлана", until=day(-60))
    response = client_of(people.curator).post(url(person), renamed(person, **more))
    assert (response.status_code, words in response.content.decode()) == (200, True)
    person.refresh_from_db()
    assert (person.surname, PastName.objects.count()) == ("Теслина", 1)


def test_service_asks_the_table_and_the_day(person, people) -> None:
    def change(actor, renamed_on) -> None:
        fresh = Participant.objects.get(pk=person.pk)
        form = EditParticipantForm(renamed(person, name_kind="new", renamed_on=renamed_on), instance=fresh)
        assert form.is_valid(), form.errors
        change_participant(form=form, actor=actor, renamed_on=renamed_on)

    for actor in (people.director, people.stranger, people.teacher):
        with pytest.raises(Forbidden, match="куратор"):
            change(actor, day(-1))
    with pytest.raises(Refused, match="в будущем"):
        change(people.curator, day(1))
    assert PastName.objects.count() == 0


# --- The search -------------------------------------------------------------------------------------------------------
def test_search_finds_by_an_earlier_name(person, second, people, client_of) -> None:
    PastName.objects.create(participant=person, surname="Журавлёва", given_name="Светлана", patronymic="Николаевна")
    client = client_of(people.curator)
    found = {text: names(client.get(f"{LIST}?q={text}")) for text in ("журавлева", "ЖУРАВЛЁВА+светл", "журавль")}
    assert found == {"журавлева": ["Теслина"], "ЖУРАВЛЁВА+светл": ["Теслина"], "журавль": []}
    assert "— Журавлёва Светлана Николаевна" in client.get(f"{LIST}?q=журавлева").content.decode()


def test_every_search_by_name_knows_earlier_names(person, mentee, people, reference) -> None:
    PastName.objects.create(participant=person, surname="Журавлёва", given_name="Светлана")
    pair = form_pair(person, [mentee], people.curator)
    bank = BankCard.objects.create(participant=person, role="mentor")
    assert (Pair.objects.found("журавлева").get(), BankCard.objects.found("журавлева").get()) == (pair, bank)


def test_search_counts_a_person_with_many_names_once(person) -> None:
    for number, surname in enumerate(("Журавлёва", "Журавлёва-Орлова")):
        PastName.objects.create(participant=person, surname=surname, given_name="С", until=day(-number))
    assert list(Participant.objects.found("журавлева")) == [person]


@pytest.mark.parametrize("size", [1, 3])
def test_search_costs_the_same(size: int, school, people, client_of, queries) -> None:
    for number in range(size):
        one = card(school, f"Орлов{'а' * number} Анна Ильинична")
        PastName.objects.create(participant=one, surname="Журавлёва", given_name="Анна", until=day(-number))
    client = client_of(people.curator)
    queries(client, f"{LIST}?q=журавлева")
    assert queries(client, f"{LIST}?q=журавлева") == 13


# --- Approved orders --------------------------------------------------------------------------------------------------
def test_approved_order_keeps_the_earlier_name(mentor, mentee, people, client_of) -> None:
    order = approve(submitted(people, form_pair(mentor, [mentee], people.curator)), people)
    before = Order.objects.get(pk=order.pk).facts
    data = card_data(surname="Орлова", given_name="Алла", patronymic="Петровна", gender="f")
    client = client_of(people.curator)
    client.post(url(mentor), {**data, "name_kind": "new", "renamed_on": day(0).isoformat()})
    mentor.refresh_from_db()
    assert (mentor.surname, Order.objects.get(pk=order.pk).facts) == ("Орлова", before)
    html = client.get(reverse("order_detail", args=[order.pk])).content.decode()
    assert ("Верескову Аллу Петровну" in html, "Орлову" in html) == (True, False)


# --- Deleting a mistake -----------------------------------------------------------------------------------------------
def test_earlier_name_written_by_mistake_is_deleted(person, people, client_of) -> None:
    earlier = PastName.objects.create(participant=person, surname="Журавлёва", given_name="Светлана")
    page = reverse("past_name_delete", args=[earlier.pk])
    client = client_of(people.curator)
    assert "Журавлёва Светлана" in client.get(page).content.decode()
    assert PastName.objects.count() == 1
    assert client.post(page).status_code == 302
    assert PastName.objects.count() == 0
    assert JournalEntry.objects.about(person).get().text == "Удалена запись: прежнее имя — Журавлёва Светлана."


@pytest.mark.parametrize(("who", "status"), [("director", 403), ("teacher", 403), ("stranger", 404)])
def test_deleting_a_name_asks_the_table(person, people, client_of, who: str, status: int) -> None:
    earlier = PastName.objects.create(participant=person, surname="Журавлёва", given_name="Светлана")
    page = reverse("past_name_delete", args=[earlier.pk])
    client = client_of(getattr(people, who))
    assert (client.get(page).status_code, client.post(page).status_code) == (status, status)
    with pytest.raises(Forbidden):
        delete_record(row=earlier, actor=getattr(people, who))
    assert PastName.objects.count() == 1
