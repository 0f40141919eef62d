"""A person asks to correct the own card; the curator accepts or declines; nothing is overwritten unseen."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.attention import queue_for
from accounts.models import Letter
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.forms.card_requests import CardRequestForm, corrected
from mentorship.models import CardRequest, Participant, PastName
from mentorship.services.card_requests import (
    CORRECTED,
    accept_correction,
    ask_correction,
    cancel_correction,
    decline_correction,
    values_of,
)
from tests.mentorship.builders import card, day

NEW, LIST = "/cabinet/card/correct/", "/cabinet/card-requests/"
State = CardRequest.State


@pytest.fixture
def person(school, people: SimpleNamespace) -> Participant:
    return card(school, "Мелова Дарья Сергеевна", user=people.teacher, phone="12-34", birth_year=1990, note="тайна")


def asked_data(person: Participant, **more: Any) -> dict[str, str]:
    return {**values_of(person, CORRECTED), "comment": "", **more}


def ask(person: Participant, people: SimpleNamespace, **more: Any) -> CardRequest:
    data = asked_data(person, **{"phone": "56-78", **more})
    form = CardRequestForm(data, instance=Participant.objects.get(pk=person.pk))
    assert form.is_valid(), form.errors
    return ask_correction(form=form, comment=form.cleaned_data["comment"], actor=people.teacher)


def accept(asking: CardRequest, people: SimpleNamespace, seen: dict[str, str] | None = None) -> Participant:
    asking.refresh_from_db()
    form = corrected(asking.participant, asking.wanted, {})
    assert form.is_valid(), form.errors
    now = values_of(Participant.objects.get(pk=asking.participant_id), asking.wanted)
    return accept_correction(asking=asking, form=form, seen=now if seen is None else seen, actor=people.curator)


def url(asking: CardRequest, step: str = "detail") -> str:
    return reverse(f"card_request_{step}", args=[asking.pk])


# --- Asking -----------------------------------------------------------------------------------------------------------
def test_asking_keeps_only_what_differs_and_changes_nothing(person, people, client_of) -> None:
    client = client_of(people.teacher)
    assert 'value="12-34"' in client.get(NEW).content.decode()
    data = asked_data(person, phone="56-78", works_since="2015-09-01", comment="Телефон сменила")
    response = client.post(NEW, data)
    assert (response.status_code, response["Location"]) == (302, "/cabinet/card/")
    asking = CardRequest.objects.get()
    assert asking.wanted == {"phone": "56-78", "works_since": "2015-09-01"}
    assert (asking.before, asking.comment) == ({"phone": "12-34", "works_since": ""}, "Телефон сменила")
    person.refresh_from_db()
    assert (person.phone, person.works_since) == ("12-34", None)


def test_asking_tells_the_curators_and_the_history_without_contacts(person, people) -> None:
    asking = ask(person, people, surname="Белова")
    letter = Letter.objects.get()
    assert (letter.user, letter.path) == (people.curator, url(asking))
    assert "фамилия, телефон" in letter.body
    changes = JournalEntry.objects.about(asking).get().changes
    assert changes == [
        {"field": "Фамилия", "old": "Мелова", "new": "Белова"},
        {"field": "Телефон", "old": "указано", "new": "указано"},
    ]


def test_asking_for_nothing_is_refused(person, people, client_of) -> None:
    response = client_of(people.teacher).post(NEW, asked_data(person))
    assert "Вы ничего не изменили" in response.content.decode()
    form = CardRequestForm(asked_data(person), instance=person)
    form.is_valid()
    with pytest.raises(Refused, match="ничего не изменили"):
        ask_correction(form=form, comment="", actor=people.teacher)
    assert CardRequest.objects.count() == 0


def test_comment_alone_is_enough(person, people, client_of) -> None:
    client_of(people.teacher).post(NEW, asked_data(person, comment="Должность указана неверно"))
    assert CardRequest.objects.values_list("wanted", "comment").get() == ({}, "Должность указана неверно")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"surname": ""}, "Обязательное поле."),
        ({"surname": "<b>"}, "Имя пишется буквами"),
        ({"surname": "Ы" * 10_000}, "не более 80 символов"),
        ({"birth_year": "1"}, "1920"),
        ({"birth_year": "год"}, "Введите целое число"),
        ({"works_since": "2999-01-01"}, "Проверьте год."),
        ({"works_since": day(3).isoformat()}, "Стаж не может начаться в будущем."),
        ({"email": "нет"}, "Введите правильный адрес"),
        ({"qualification": "ghost"}, "Выберите корректный вариант"),
        ({"comment": "к" * 501}, "не более 500 символов"),
    ],
)
def test_bad_request_is_explained(person, people, client_of, more: dict, words: str) -> None:
    response = client_of(people.teacher).post(NEW, asked_data(person, **more))
    assert (response.status_code, words in response.content.decode()) == (200, True)
    assert CardRequest.objects.count() == 0


def test_one_request_waits_at_a_time(person, people, client_of) -> None:
    ask(person, people)
    client = client_of(people.teacher)
    assert client.get(NEW)["Location"] == "/cabinet/card/"
    with pytest.raises(Refused, match="ещё ждёт"):
        ask(person, people, phone="90-12")
    assert CardRequest.objects.count() == 1


def test_without_a_card_there_is_nothing_to_correct(people, client_of) -> None:
    assert client_of(people.teacher).get(NEW)["Location"] == "/cabinet/card/"


@pytest.mark.parametrize("who", ["curator", "director", "inspector"])
def test_asking_is_for_those_who_have_an_own_card(who: str, person, people, client_of) -> None:
    assert client_of(getattr(people, who)).get(NEW).status_code == 403
    form = CardRequestForm(asked_data(person, phone="1"), instance=person)
    form.is_valid()
    with pytest.raises(Forbidden):
        ask_correction(form=form, comment="", actor=getattr(people, who))


def test_own_card_shows_the_request_and_lets_take_it_back(person, people, client_of) -> None:
    asking, client = ask(person, people), client_of(people.teacher)
    html = client.get("/cabinet/card/").content.decode()
    assert ("56-78" in html, url(asking, "cancel") in html, NEW in html) == (True, True, False)
    assert client.post(url(asking, "cancel")).status_code == 302
    asking.refresh_from_db()
    assert asking.state == State.CANCELLED
    assert NEW in client.get("/cabinet/card/").content.decode()


def test_decided_request_cannot_be_taken_back(person, people, client_of) -> None:
    asking = ask(person, people)
    accept(asking, people)
    with pytest.raises(Refused):
        cancel_correction(asking=CardRequest.objects.get(), actor=people.teacher)
    response = client_of(people.teacher).post(url(asking, "cancel"), follow=True)
    assert "недоступно" in response.content.decode()


def test_request_of_somebody_else_cannot_be_taken_back(person, people, client_of) -> None:
    asking = ask(person, people)
    assert client_of(people.curator).post(url(asking, "cancel")).status_code == 403
    assert client_of(people.stranger).post(url(asking, "cancel")).status_code == 404
    assert client_of(people.teacher).get(url(asking, "cancel")).status_code == 405


# --- Deciding ---------------------------------------------------------------------------------------------------------
def test_page_shows_what_was_what_is_and_what_is_wanted(person, people, client_of) -> None:
    asking = ask(person, people, qualification="first", works_since="2015-09-01")
    response = client_of(people.curator).get(url(asking))
    assert [(one.label, one.before, one.now, one.wanted) for one in response.context["wishes"]] == [
        ("Телефон", "12-34", "12-34", "56-78"),
        ("Педагогический стаж с", "—", "—", "01.09.2015"),
        ("Категория", "—", "—", "первая"),
    ]
    assert "Почему имя другое" not in response.content.decode()


def test_accepting_corrects_by_the_law_of_the_card(person, people, client_of) -> None:
    """The name is declined anew, the rest of the card stays, the asker gets a letter."""
    asking, client = ask(person, people, surname="БЕЛОВА"), client_of(people.curator)
    seen = {f"seen_{name}": text for name, text in values_of(person, asking.wanted).items()}
    assert "Выберите, ошибка это или новое имя" in client.post(url(asking), seen).content.decode()
    renamed = {"name_kind": "new", "renamed_on": day(-3).isoformat()}
    assert client.post(url(asking), {**seen, **renamed}).status_code == 302
    person.refresh_from_db()
    assert (person.full_name, person.phone, person.note) == ("Белова Дарья Сергеевна", "56-78", "тайна")
    assert (person.forms["dative"], person.user, person.birth_year) == (
        "Беловой Дарье Сергеевне",
        people.teacher,
        1990,
    )
    assert PastName.objects.values_list("surname", "until").get() == ("Мелова", day(-4))
    asking.refresh_from_db()
    assert (asking.state, asking.decided_by) == (State.ACCEPTED, people.curator)
    assert Letter.objects.get(user=people.teacher).subject == "Просьба исправить карточку принята"


def test_card_changed_meanwhile_is_not_overwritten_unseen(person, people, client_of) -> None:
    """The curator saw «12-34»; a colleague has typed another number since. The page shows it and asks again."""
    asking, client = ask(person, people), client_of(people.curator)
    Participant.objects.filter(pk=person.pk).update(phone="99-99")
    response = client.post(url(asking), {"seen_phone": "12-34"})
    html = response.content.decode()
    assert ("карточку изменили" in html, "изменилось после просьбы" in html, 'value="99-99"' in html) == (True,) * 3
    person.refresh_from_db()
    assert (person.phone, CardRequest.objects.get().state) == ("99-99", State.WAITING)
    assert client.post(url(asking), {"seen_phone": "99-99"}).status_code == 302
    person.refresh_from_db()
    assert person.phone == "56-78"


def test_unseen_change_would_be_overwritten_without_the_question(person, people) -> None:
    asking = ask(person, people)
    Participant.objects.filter(pk=person.pk).update(phone="99-99")
    with pytest.raises(Refused, match="карточку изменили"):
        accept(asking, people, seen={"phone": "12-34"})
    accept(asking, people)
    assert Participant.objects.get().phone == "56-78"


def test_what_the_card_cannot_hold_is_explained(person, people, client_of) -> None:
    asking = ask(person, people)
    CardRequest.objects.update(wanted={"email": "не почта"}, before={"email": ""})
    html = client_of(people.curator).post(url(asking), {"seen_email": ""}).content.decode()
    assert "Карточка не изменена" in html
    assert "Введите правильный адрес" in html
    assert CardRequest.objects.get().state == State.WAITING


def test_declining_needs_a_reason_and_tells_it(person, people, client_of) -> None:
    asking, client = ask(person, people), client_of(people.curator)
    assert "Обязательное поле." in client.post(url(asking, "decline"), {"reason": " "}).content.decode()
    assert client.post(url(asking, "decline"), {"reason": "Нужен документ."}).status_code == 302
    asking.refresh_from_db()
    assert (asking.state, asking.answer) == (State.DECLINED, "Нужен документ.")
    assert Letter.objects.get(user=people.teacher).body == "Нужен документ."
    assert "Нужен документ." in client_of(people.teacher).get("/cabinet/card/").content.decode()
    assert Participant.objects.get().phone == "12-34"


@pytest.mark.parametrize("first", ["accept", "decline"])
def test_decided_once(first: str, person, people, client_of) -> None:
    asking = ask(person, people)
    if first == "accept":
        accept(asking, people)
    else:
        decline_correction(asking=asking, reason="нет", actor=people.curator)
    stale = CardRequest.objects.get()
    with pytest.raises(Refused):
        decline_correction(asking=stale, reason="нет", actor=people.curator)
    client = client_of(people.curator)
    assert "Принять и исправить" not in client.get(url(asking)).content.decode()
    assert "недоступно" in client.post(url(asking, "decline"), {"reason": "нет"}).content.decode()
    html = client.post(url(asking), {"seen_phone": Participant.objects.get().phone}).content.decode()
    assert "недоступно" in html


@pytest.mark.parametrize("who", ["director", "inspector", "teacher"])
def test_only_the_curator_decides(who: str, person, people, client_of) -> None:
    asking, client = ask(person, people), client_of(getattr(people, who))
    answers = [client.get(LIST), client.get(url(asking)), client.post(url(asking)), client.get(url(asking, "decline"))]
    assert {response.status_code for response in answers} == {403}
    with pytest.raises(Forbidden):
        decline_correction(asking=asking, reason="нет", actor=getattr(people, who))


def test_request_of_another_school_is_absent(person, people, client_of, canary) -> None:
    asking, client = ask(person, people), client_of(people.stranger)
    answers = [client.get(url(asking)), client.post(url(asking)), client.get(url(asking, "decline"))]
    assert {response.status_code for response in answers} == {404}
    assert "Мелова" not in client.get(LIST).content.decode()


# --- The list and the home pages --------------------------------------------------------------------------------------
def several(school, people, count: int) -> list[CardRequest]:
    return [
        CardRequest.objects.create(
            participant=card(school, f"Орлов{'абвг'[number]} Пётр Ильич"),
            wanted={"phone": "1"},
            before={"phone": ""},
            asked_by=people.teacher,
            asked_at=timezone.now() - dt.timedelta(days=number),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("size", [1, 3])
def test_list_costs_the_same(size: int, school, people, client_of, queries) -> None:
    several(school, people, size)
    client = client_of(people.curator)
    assert queries(client, LIST) == 9
    assert len(client.get(LIST).context["rows"]) == size


def test_list_puts_the_waiting_first_and_filters(school, people, client_of) -> None:
    one, two, three = several(school, people, 3)
    decline_correction(asking=one, reason="нет", actor=people.curator)
    client = client_of(people.curator)

    def shown(query: str) -> list[CardRequest]:
        return [asking for asking, _, _ in client.get(f"{LIST}{query}").context["rows"]]

    assert shown("") == [two, three, one]
    assert (shown("?state=declined"), shown("?q=орловб")) == ([one], [two])
    assert "Ни одна просьба не подошла" in client.get(f"{LIST}?q=никто").content.decode()
    assert shown("?state=ghost&page=99") == [two, three, one]


def test_empty_list_says_where_requests_come_from(people, client_of) -> None:
    assert "Исправить сведения" in client_of(people.curator).get(LIST).content.decode()


def titles(user, school) -> tuple[list[str], list[str], list[str]]:
    queue = queue_for(user, school, day(0))
    return tuple(
        [one.title for one in part if "карточк" in one.title.lower()] for part in (queue.late, queue.now, queue.waiting)
    )


def test_home_pages_tell_both_sides(person, school, people) -> None:
    asking = ask(person, people)
    assert titles(people.curator, school) == ([], ["Мелова\u00a0Д.\u00a0С. просит исправить карточку"], [])
    assert titles(people.teacher, school) == ([], [], ["Просьба исправить карточку у куратора"])
    decline_correction(asking=asking, reason="Нужен документ.", actor=people.curator)
    assert titles(people.curator, school) == ([], [], [])
    assert titles(people.teacher, school) == ([], ["Карточка не исправлена"], [])
    CardRequest.objects.update(decided_at=timezone.now() - dt.timedelta(days=15))
    assert titles(people.teacher, school) == ([], [], [])


def test_request_that_waits_for_two_weeks_is_late(school, people) -> None:
    several(school, people, 1)
    CardRequest.objects.update(asked_at=timezone.now() - dt.timedelta(days=20))
    assert len(titles(people.curator, school)[0]) == 1


def test_many_requests_are_one_line_more(school, people) -> None:
    several(school, people, 4)
    for number in range(3):
        CardRequest.objects.create(
            participant=card(school, f"Белов{'абв'[number]} Пётр Ильич"), asked_by=people.teacher
        )
    found = titles(people.curator, school)[1]
    assert (len(found), found[-1]) == (6, "Ещё 2 просьбы исправить карточку")
