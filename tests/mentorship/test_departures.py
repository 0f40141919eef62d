"""Leaving as one act: what ends with the last day, what stays, which orders it needs; and coming back."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.urls import reverse

from accounts.attention import queue_for
from accounts.models import Letter, Membership, User
from accounts.permissions import Forbidden, Role
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import (
    BankCard,
    BankRole,
    BankState,
    ConsentKind,
    ConsentRequest,
    Interview,
    Pair,
    PairState,
    Participant,
    Post,
)
from mentorship.services.departures import HERE, NOT_YET, departure_of, leave, take_back
from tests.mentorship.bank_builders import consented, pair_of
from tests.mentorship.builders import agree, card, day, draft, form_pair

WHY = "увольнение, приказ № 4-к"


@pytest.fixture
def person(school, people, reference) -> Participant:
    return card(school, "Теслина Светлана Николаевна", user=people.teacher)


def url(person: Participant, name: str = "participant_leave") -> str:
    return reverse(name, args=[person.pk])


def go(person: Participant, people, **more: object) -> object:
    values = {"left_on": day(0), "reason": WHY, "actor": people.curator, **more}
    return leave(participant=person, **values)


def data(**more: object) -> dict:
    return {"left_on": day(0).isoformat(), "left_reason": WHY, **more}


# --- One act ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def busy(person, mentee, second, people) -> Participant:
    """Somebody with everything that can end: posts, a bank card, an interview, a forming pair, a request, a role."""
    Post.objects.create(participant=person, title="методист", is_main=False, starts_on=day(-30), ends_on=day(90))
    Post.objects.create(participant=person, title="лектор", is_main=False, starts_on=day(-30), workplace="Колледж")
    bank = consented(person, people.curator, BankRole.MENTEE)
    Interview.objects.create(card=bank, planned_for=day(5), interviewer=people.curator)
    form_pair(second, [person], people.curator)
    ConsentRequest.objects.create(participant=person, kind=ConsentKind.PHOTO, asked_by=people.curator)
    return person


def test_everything_ends_in_one_step(busy, people, client_of) -> None:
    response = client_of(people.curator).post(url(busy), data())
    assert (response.status_code, response["Location"]) == (302, url(busy, "participant_detail"))
    busy.refresh_from_db()
    assert (busy.left_on, busy.left_reason) == (day(0), WHY)
    assert dict(busy.posts.values_list("title", "ends_on")) == {
        "учитель физики": day(0),
        "методист": day(0),
        "лектор": None,
    }
    assert Pair.objects.get().state == PairState.DISSOLVED
    assert BankCard.objects.get().state == BankState.ARCHIVED
    assert Interview.objects.get().state == "cancelled"
    assert ConsentRequest.objects.get().cancelled_on == day(0)
    assert Membership.objects.get(user=people.teacher).ends_on == day(0)
    assert busy.consents.get().is_live_on(day(0))


def test_history_tells_the_whole_act(busy, people) -> None:
    go(busy, people)
    entry = JournalEntry.objects.about(busy)[0]
    assert (entry.event, entry.text) == (
        "mentorship.participant.leave",
        f"Выбытие с {day(0):%d.%m.%Y}: {WHY}.",
    )
    assert [(change["field"], change["new"]) for change in entry.changes] == [
        ("Последний день в организации", f"{day(0):%d.%m.%Y}"),
        ("Должность «учитель физики», последний день", f"{day(0):%d.%m.%Y}"),
        ("Должность «методист», последний день", f"{day(0):%d.%m.%Y}"),
    ]
    told = [BankCard.objects.get(), Pair.objects.get(), Interview.objects.get(), ConsentRequest.objects.get()]
    assert [JournalEntry.objects.about(one).exists() for one in told] == [True] * 4
    assert JournalEntry.objects.about(people.teacher).get().text.startswith("Роль «Педагог» заканчивается")
    assert Letter.objects.filter(user=people.teacher, subject="Изменились ваши роли").count() == 1


def test_page_says_beforehand_what_ends_and_changes_nothing(busy, people, client_of, journal_count) -> None:
    before = journal_count()
    page = client_of(people.curator).get(url(busy))
    assert page.context["ends"] == [
        "Должность закончится: учитель физики.",
        "Должность закончится: методист.",
        "Пара не состоится: Осокина\u00a0М.\u00a0И. — Теслина\u00a0С.\u00a0Н.",
        "В архив уйдёт карточка банка «Наставляемый».",
        f"Собеседование {day(5):%d.%m.%Y} будет отменено.",
        "Запрос согласия будет снят: фото- и видеосъёмка.",
        "Роль в портале закончится: «Педагог».",
    ]
    assert (page.context["tasks"], departure_of(busy, day(0)).is_settled) == ([], True)
    busy.refresh_from_db()
    assert (busy.left_on, journal_count()) == (None, before)


def test_one_failure_leaves_everything_as_it_was(busy, people, monkeypatch) -> None:
    def fail(**words: object) -> None:
        raise Refused(["нет"])

    monkeypatch.setattr("mentorship.services.departures.end_roles", fail)
    with pytest.raises(Refused):
        go(busy, people)
    busy.refresh_from_db()
    assert (busy.left_on, Pair.objects.get().state, BankCard.objects.get().state) == (None, "forming", "in_bank")


@pytest.mark.parametrize("size", [1, 3])
def test_page_costs_the_same_however_much_ends(size: int, person, school, people, client_of, queries) -> None:
    for number in range(size):
        mentee = card(school, f"Ивин{'а' * number} Пётр Ильич")
        form_pair(person, [mentee], people.curator, starts_on=day(number))
        Post.objects.create(participant=person, title="методист", is_main=False, starts_on=day(-number))
    client = client_of(people.curator)
    queries(client, url(person))
    assert queries(client, url(person)) == 17


# --- What is left to decide -------------------------------------------------------------------------------------------
def test_pair_in_force_stays_and_asks_for_an_order(person, mentee, people, client_of) -> None:
    bank = consented(person, people.curator)
    pair = pair_of(person, mentee, people, PairState.ACTIVE)
    page = client_of(people.curator).get(url(person))
    words = "Нужен приказ о прекращении пары или замене участника: Теслина\u00a0С.\u00a0Н. — Ольхин\u00a0Б.\u00a0В."
    assert [(task.text, task.url) for task in page.context["tasks"]] == [
        (words, reverse("pair_detail", args=[pair.pk])),
        (
            "Карточка банка «Наставник» останется, пока не завершена пара: потом уберите её в архив.",
            reverse("bank_detail", args=[bank.pk]),
        ),
    ]
    done = client_of(people.curator).post(url(person), data(), follow=True)
    pair.refresh_from_db()
    bank.refresh_from_db()
    assert (pair.state, bank.state) == (PairState.ACTIVE, BankState.IN_BANK)
    assert words in done.content.decode()
    queue = queue_for(User.objects.get(pk=people.curator.pk), person.organisation, day(0))
    [entry] = [one for one in queue.late if one.chip == "нужен приказ"]
    assert (entry.title, entry.url) == (pair.title, reverse("pair_detail", args=[pair.pk]))


def test_entry_about_a_pair_goes_with_the_pair(person, mentee, people, school) -> None:
    pair = pair_of(person, mentee, people, PairState.ACTIVE)
    go(person, people)
    Pair.objects.filter(pk=pair.pk).update(state=PairState.CLOSED, closing_ground="term")
    queue = queue_for(User.objects.get(pk=people.curator.pk), school, day(0))
    assert [one.title for one in queue.late if one.chip == "нужен приказ"] == []


def test_only_the_bank_of_the_pair_keeps_its_card(person, mentee, people) -> None:
    """A mentor in force, a candidate among the mentees: the second card goes to the archive."""
    consented(person, people.curator)
    BankCard.objects.create(participant=person, role=BankRole.MENTEE)
    pair_of(person, mentee, people, PairState.ACTIVE)
    departure = go(person, people)
    assert ([one.role for one in departure.kept_cards], [one.role for one in departure.cards]) == (
        [BankRole.MENTOR],
        [BankRole.MENTEE],
    )


def test_pair_in_a_draft_is_left_to_whoever_drafts_it(person, mentee, people) -> None:
    pair = form_pair(person, [mentee], people.curator)
    draft(people, pair)
    departure = go(person, people)
    pair.refresh_from_db()
    assert ([one.pk for one in departure.held], pair.state) == ([pair.pk], PairState.FORMING)


def test_group_goes_on_without_one_of_its_mentees(person, mentor, mentee, people, client_of) -> None:
    group = form_pair(mentor, [mentee, person], people.curator)
    page = client_of(people.curator).get(url(person))
    assert [task.text for task in page.context["tasks"]] == [f"Уберите человека из группы: {group.title}."]
    go(person, people)
    group.refresh_from_db()
    assert (group.state, len(group.mentees)) == (PairState.FORMING, 2)


def test_director_and_curator_are_left_to_the_administrator(school, people, client_of) -> None:
    person = card(school, "Громова Елена Павловна", "директор", user=people.director)
    Membership.objects.create(user=people.director, organisation=school, role=Role.TEACHER, starts_on=day(-9))
    page = client_of(people.curator).get(url(person))
    assert [task.text for task in page.context["tasks"]] == [
        "Роли закончит администратор портала: «Директор». Сообщите ему."
    ]
    departure = go(person, people)
    assert ([one.role for one in departure.roles], [one.role for one in departure.kept_roles]) == (
        [Role.TEACHER],
        [Role.DIRECTOR],
    )
    assert dict(Membership.objects.filter(user=people.director).values_list("role", "ends_on")) == {
        Role.DIRECTOR: None,
        Role.TEACHER: day(0),
    }


def test_pupils_are_left_without_their_class_teacher(school, people, client_of) -> None:
    person = card(school, "Дневникова Ирина Олеговна", user=people.class_teacher)
    for number in range(2):
        card(school, f"Рогов{'а' * number} Лев Ильич", "", category="pupil", class_teacher=people.class_teacher)
    page = client_of(people.curator).get(url(person))
    assert [task.text for task in page.context["tasks"]] == [
        "Без классного руководителя: 2 обучающихся. Назначьте другого на их карточках."
    ]


def test_roles_in_another_school_go_on(person, other_school, people) -> None:
    Membership.objects.create(user=people.teacher, organisation=other_school, role=Role.TEACHER)
    go(person, people)
    assert dict(Membership.objects.filter(user=people.teacher).values_list("organisation__slug", "ends_on")) == {
        "school17": day(0),
        "canary": None,
    }


# --- The day ----------------------------------------------------------------------------------------------------------
def test_a_past_day_ends_everything_on_that_day(person, people) -> None:
    go(person, people, left_on=day(-7))
    assert (person.posts.get().ends_on, Membership.objects.get(user=people.teacher).ends_on) == (day(-7), day(-7))
    assert User.objects.get(pk=people.teacher.pk).standings == []


def test_the_last_day_is_still_a_day_of_work(person, people) -> None:
    go(person, people)
    assert [one.role for one in User.objects.get(pk=people.teacher.pk).standings] == [Role.TEACHER]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"left_on": day(1).isoformat()}, NOT_YET),
        ({"left_on": day(-401).isoformat()}, "проверьте день выбытия"),
        ({"left_on": "0001-01-01"}, "Проверьте год."),
        ({"left_on": "вчера"}, "Введите правильную дату."),
        ({"left_on": ""}, "Обязательное поле."),
        ({"left_reason": " "}, "Обязательное поле."),
        ({"left_reason": "п" * 301}, "не более 300 символов"),
    ],
)
def test_impossible_departure_is_explained(person, people, client_of, more: dict, words: str) -> None:
    response = client_of(people.curator).post(url(person), data(**more))
    person.refresh_from_db()
    assert (response.status_code, words in response.content.decode(), person.left_on) == (200, True, None)


def test_leaving_twice_is_refused(person, people, client_of) -> None:
    go(person, people, left_on=day(-3))
    with pytest.raises(Refused, match="Выбытие уже записано"):
        go(person, people)
    again = client_of(people.curator).post(url(person), data(), follow=True)
    assert "Выбытие уже записано" in again.content.decode()
    person.refresh_from_db()
    assert person.left_on == day(-3)


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_one_wins(person, people) -> None:
    person.organisation.refresh_from_db()
    results: list[str] = []
    barrier = threading.Barrier(2)

    def click() -> None:
        barrier.wait()
        try:
            go(Participant.objects.get(pk=person.pk), people)
            results.append("left")
        except Refused:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["left", "refused"]
    assert JournalEntry.objects.filter(event="mentorship.participant.leave").count() == 1


# --- Coming back ------------------------------------------------------------------------------------------------------
def test_coming_back_opens_the_card_and_nothing_else(busy, people, client_of) -> None:
    go(busy, people)
    client = client_of(people.curator)
    assert "Возвращение" in client.get(url(busy, "participant_return")).content.decode()
    assert client.post(url(busy, "participant_return")).status_code == 302
    busy.refresh_from_db()
    assert (busy.left_on, busy.left_reason) == (None, "")
    assert (Pair.objects.get().state, BankCard.objects.get().state) == (PairState.DISSOLVED, BankState.ARCHIVED)
    entry = JournalEntry.objects.about(busy)[0]
    assert [change["old"] for change in entry.changes] == [f"{day(0):%d.%m.%Y}", WHY]


def test_whoever_is_here_cannot_come_back(person, people, client_of) -> None:
    with pytest.raises(Refused, match=HERE):
        take_back(participant=person, actor=people.curator)
    assert HERE in client_of(people.curator).post(url(person, "participant_return"), follow=True).content.decode()


# --- Who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "status"), [("curator", 200), ("director", 403), ("teacher", 403), ("stranger", 404)])
def test_departure_asks_the_table(person, people, client_of, who: str, status: int) -> None:
    client, actor = client_of(getattr(people, who)), getattr(people, who)
    pages = [url(person), url(person, "participant_return")]
    assert {client.get(page).status_code for page in pages} == {status}
    if status != 200:
        assert {client.post(page, data()).status_code for page in pages} == {status}
        with pytest.raises(Forbidden, match="куратор"):
            leave(participant=person, left_on=day(0), reason=WHY, actor=actor)
        with pytest.raises(Forbidden, match="куратор"):
            take_back(participant=person, actor=actor)


def test_edit_form_knows_nothing_of_leaving(person, people, client_of) -> None:
    form: Callable = client_of(people.curator).get(reverse("participant_edit", args=[person.pk])).context["form"]
    assert [name for name in form.fields if name.startswith("left")] == []


def test_card_offers_one_of_the_two(person, people, client_of) -> None:
    client = client_of(people.curator)

    def offered() -> list[bool]:
        html = client.get(url(person, "participant_detail")).content.decode()
        return [url(person, name) in html for name in ("participant_leave", "participant_return")]

    assert offered() == [True, False]
    go(person, people)
    assert offered() == [False, True]


def test_consents_of_somebody_who_left_may_still_be_withdrawn(person, people) -> None:
    consent = agree(person, ConsentKind.PROCESSING, people.curator)
    go(person, people)
    assert consent.is_live_on(day(0))
