"""Pages of requests: each works for its readers and says no to the rest; lists cost the same; secrets stay."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from accounts.attention import queue_for
from accounts.models import Membership
from mentorship.models import Notice, Pair, PairRequest, PairState, RequestKind
from mentorship.models.requests import CONFIDENTIAL, State
from mentorship.services.request_decisions import take_step
from tests.mentorship.asking import ask, release_draft, request_in, substitute, with_logins
from tests.mentorship.builders import day, form_pair, word

Kind = RequestKind
LIST, CHOOSE = "/cabinet/requests/", "/cabinet/requests/choose/"


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    return with_logins(pair, people)


def new(kind: str) -> str:
    return reverse("request_new", args=[kind])


def url(request: PairRequest, step: str = "") -> str:
    if step in ("mediators", "notice"):
        return reverse(f"request_{step}", args=[request.pk])
    return reverse("request_step", args=[request.pk, step]) if step else reverse("request_detail", args=[request.pk])


def release_data(working: Pair, **more: Any) -> dict[str, Any]:
    values = {"pair": working.pk, "occasion": "мастерская", "first_day": day(4).isoformat(), "first_time": "10:00"}
    values |= {"last_day": day(4).isoformat(), "last_time": "12:30", "substitute": substitute(working).pk}
    return {**values, "continuity": "уроки по плану", "text": "Выступаю с опытом", **more}


# --- Asking -----------------------------------------------------------------------------------------------------------
def test_choice_shows_what_this_side_may_ask(working, people, client_of) -> None:
    page = client_of(people.teacher).get(CHOOSE)
    assert [choice.url for choice in page.context["choices"]] == [new(kind) for kind in Kind]
    page = client_of(people.accountant).get(f"{CHOOSE}?pair={working.pk}")
    mine = (Kind.REPLACE, Kind.RELEASE, Kind.HELP, Kind.MEDIATION, Kind.SUGGESTION)
    assert [choice.url for choice in page.context["choices"]] == [f"{new(kind)}?pair={working.pk}" for kind in mine]


def test_without_a_pair_there_is_nothing_to_choose(people, client_of) -> None:
    assert "Сейчас подать нечего" in client_of(people.teacher).get(CHOOSE).content.decode()
    assert client_of(people.teacher).get(new("help"))["Location"] == CHOOSE


@pytest.mark.parametrize("kind", Kind)
def test_mentor_submits_on_the_page(kind: str, working, people, client_of) -> None:
    client = client_of(people.teacher)
    assert client.get(new(kind)).status_code == 200
    data = release_data(working) if kind == Kind.RELEASE else {"pair": working.pk, "text": "Прошу рассмотреть"}
    response = client.post(new(kind), data)
    made = PairRequest.objects.get()
    assert (response.status_code, response["Location"], made.kind) == (302, url(made), kind)
    assert client.get(url(made)).status_code == 200


def test_release_page_keeps_the_time_and_explains(working, people, client_of) -> None:
    client = client_of(people.teacher)
    html = client.post(new("release"), release_data(working, substitute="")).content.decode()
    assert ("Обязательное поле." in html, "Выступаю с опытом" in html) == (True, True)
    client.post(new("release"), release_data(working))
    assert PairRequest.objects.get().when == f"{day(4):%d.%m.%Y} с 10:00 до 12:30"
    client.post(new("release"), release_data(working, first_time="", last_time="", last_day=day(6).isoformat()))
    assert PairRequest.objects.first().when == f"с {day(4):%d.%m.%Y} по {day(6):%d.%m.%Y}"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"first_day": "0001-01-01"}, "Укажите, когда вас не будет."),
        ({"first_day": day(-3).isoformat()}, "Освобождают заранее"),
        ({"last_day": day(1).isoformat()}, "Окончание должно быть позже начала."),
        ({"last_day": "9999-12-31"}, "Укажите, когда вас не будет."),
        ({"first_time": "полдень"}, "Введите правильное время."),
        ({"text": "ы" * 2001}, "не более 2000"),
        ({"substitute": "0"}, "Выберите корректный вариант"),
        ({"pair": "0"}, "Выберите корректный вариант"),
    ],
)
def test_bad_release_is_explained(more: dict, words: str, working, people, client_of) -> None:
    response = client_of(people.teacher).post(new("release"), release_data(working, **more))
    assert (response.status_code, words in response.content.decode()) == (200, True)
    assert PairRequest.objects.count() == 0


def test_mentee_asks_for_what_is_theirs_alone(working, people, client_of) -> None:
    client = client_of(people.accountant)
    assert client.get(new("resign"))["Location"] == CHOOSE
    assert client.get(new("ghost")).status_code == 404
    client.post(new("replace"), {"pair": working.pk, "text": "Не сошлись расписанием"})
    assert PairRequest.objects.values_list("kind", "about").get() == (Kind.REPLACE, working.mentor_id)


def test_mentor_of_a_group_says_about_whom(working, people, second, client_of) -> None:
    methods = {"direction": word("direction", "subject-methods"), "starts_on": day(-5), "ends_on": day(90)}
    group = form_pair(working.mentor, [working.mentees[0], second], people.curator, **methods)
    Pair.objects.filter(pk=group.pk).update(state=PairState.ACTIVE, order=working.order)
    client = client_of(people.teacher)
    html = client.post(new("reward"), {"pair": group.pk, "text": "За урок"}).content.decode()
    assert "Выберите, о ком речь." in html
    client.post(new("reward"), {"pair": group.pk, "about": second.pk, "text": "За урок"})
    assert PairRequest.objects.get().about == second


def test_pages_of_asking_are_for_participants(working, people, client_of) -> None:
    for who in ("curator", "director", "inspector", "psychologist"):
        client = client_of(getattr(people, who))
        assert (client.get(CHOOSE).status_code, client.get(new("help")).status_code) == (403, 403)
        assert client.post(new("help"), {"text": "x"}).status_code == 403


def test_pair_page_and_home_lead_to_asking(working, people, client_of) -> None:
    link = f"{CHOOSE}?pair={working.pk}"
    client = client_of(people.teacher)
    assert link in client.get(f"/cabinet/pairs/{working.pk}/").content.decode()
    assert link in client.get("/cabinet/").content.decode()
    assert link not in client_of(people.curator).get(f"/cabinet/pairs/{working.pk}/").content.decode()


def test_closed_pair_is_thanked(working, people, client_of) -> None:
    Pair.objects.filter(pk=working.pk).update(state=PairState.CLOSED, closing_ground="term")
    html = client_of(people.curator).get(f"/cabinet/pairs/{working.pk}/").content.decode()
    query = f"people={working.mentor_id}&amp;people={working.mentees[0].pk}"
    assert (f"/cabinet/thanks/?{query}" in html, f"/cabinet/orders/new/rewards/?{query}" in html) == (True, True)


# --- Deciding ---------------------------------------------------------------------------------------------------------
def labels(page: Any) -> list[str]:
    return [button.label for button in page.context["buttons"]]


def test_buttons_follow_the_reader_and_the_state(working, people, client_of) -> None:
    request = request_in(working, people, State.SUBMITTED)
    assert labels(client_of(people.curator).get(url(request))) == [
        "Передать директору",
        "Отметить исполнение",
        "Отклонить",
    ]
    assert labels(client_of(people.teacher).get(url(request))) == ["Отозвать"]
    assert labels(client_of(people.director).get(url(request))) == []
    referred = request_in(working, people, State.REFERRED)
    assert labels(client_of(people.director).get(url(referred))) == ["Согласиться", "Отказать"]
    assert labels(client_of(people.curator).get(url(referred))) == []


def test_steps_are_made_on_their_pages(working, people, client_of, journal_count) -> None:
    request = request_in(working, people, State.SUBMITTED)
    curator, director = client_of(people.curator), client_of(people.director)
    assert "Обязательное поле." in curator.post(url(request, "refer"), {"words": " "}).content.decode()
    before = journal_count()
    assert curator.post(url(request, "refer"), {"words": "Согласна"})["Location"] == url(request)
    assert journal_count() == before + 1
    assert "Согласна" in director.get(url(request)).content.decode()
    assert "Согласна" not in client_of(people.teacher).get(url(request)).content.decode()
    director.post(url(request, "grant"), {"words": ""})
    html = curator.post(url(request, "refer"), {"words": "Ещё раз"}).content.decode()
    assert "недоступно" in html
    curator.post(url(request, "settle"), {"words": "Заявка отправлена"})
    assert PairRequest.objects.values_list("state", "answer").get() == (State.DONE, "Заявка отправлена")


def test_step_that_is_not_possible_says_why_at_once(working, people, client_of) -> None:
    request = ask(working, Kind.RESIGN)
    html = client_of(people.curator).get(url(request, "decline")).content.decode()
    assert ("право работника" in html, "<textarea" in html) == (True, False)


def test_author_withdraws_without_words(working, people, client_of) -> None:
    request = ask(working, Kind.HELP)
    client = client_of(people.teacher)
    assert client.get(url(request, "cancel")).status_code == 200
    assert client.post(url(request, "cancel")).status_code == 302
    assert PairRequest.objects.get().state == State.CANCELLED


@pytest.mark.parametrize("step", ["", "refer", "settle", "decline", "grant", "refuse", "conclude", "cancel"])
def test_request_is_closed_to_strangers_and_wrong_roles(step: str, working, people, client_of) -> None:
    request = ask(working, Kind.HELP)
    assert client_of(people.stranger).get(url(request, step)).status_code == 404
    for who in ("inspector", "site_editor", "psychologist", "admin"):
        expected = 404 if who == "admin" else 403
        assert client_of(getattr(people, who)).get(url(request, step)).status_code == expected
    assert client_of(people.curator).get(f"{LIST}{request.pk}/ghost/").status_code == 404


def test_detail_answers_only_to_reading(working, people, client_of) -> None:
    request = ask(working, Kind.RESIGN)
    assert client_of(people.curator).get(url(request, "notice")).status_code == 405
    assert client_of(people.director).post(url(request, "notice")).status_code == 403
    assert client_of(people.stranger).post(url(request, "notice")).status_code == 404


def test_resignation_shows_its_day_and_records_the_notice(working, people, client_of) -> None:
    request = ask(working, Kind.RESIGN)
    curator = client_of(people.curator)
    html = curator.get(url(request)).content.decode()
    assert ("День подачи, выходные и праздники не считаются" in html, url(request, "notice") in html) == (True, True)
    response = curator.post(url(request, "notice"))
    assert response["Location"] == reverse("notice_detail", args=[Notice.objects.get().pk])
    page = curator.get(url(request))
    assert (page.context["notice"], page.context["may_record"]) == (Notice.objects.get(), False)
    assert "уже записано" in curator.post(url(request, "notice"), follow=True).content.decode()
    assert url(request, "notice") not in client_of(people.teacher).get(url(request)).content.decode()


def test_mediators_are_chosen_on_their_page(working, people, client_of) -> None:
    request = ask(working, Kind.MEDIATION)
    curator = client_of(people.curator)
    assert "Тихая" in curator.get(url(request, "mediators")).content.decode()
    assert "Отметьте хотя бы одного" in curator.post(url(request, "mediators"), {"x": ""}).content.decode()
    assert (
        "Выберите корректный"
        in curator.post(url(request, "mediators"), {"mediators": [people.director.pk]}).content.decode()
    )
    assert curator.post(url(request, "mediators"), {"mediators": [people.psychologist.pk]}).status_code == 302
    assert labels(client_of(people.psychologist).get(url(request))) == ["Записать итог"]
    assert "Сейчас нельзя" in curator.get(url(request, "mediators")).content.decode()
    for who, status in (("inspector", 404), ("director", 404), ("stranger", 404)):
        assert client_of(getattr(people, who)).get(url(request, "mediators")).status_code == status


def test_nobody_to_mediate_is_explained(working, people, client_of) -> None:
    Membership.objects.filter(user__in=[people.psychologist, people.methodical_union, people.department_head]).delete()
    html = client_of(people.curator).get(url(ask(working, Kind.MEDIATION), "mediators")).content.decode()
    assert "Назвать пока некого" in html


def test_orders_are_offered_only_for_installed_kinds(working, people, client_of, monkeypatch) -> None:
    granted = request_in(working, people, State.GRANTED, Kind.RELEASE)
    page = client_of(people.curator).get(url(granted))
    assert [link for _, link in page.context["orders"]] == [f"/cabinet/orders/new/release/?requests={granted.pk}"]
    monkeypatch.setattr("mentorship.views.requests.KINDS", {})
    assert client_of(people.curator).get(url(granted)).context["orders"] == []
    release_draft(people, granted)
    monkeypatch.undo()
    page = client_of(people.curator).get(url(granted))
    assert (page.context["orders"], "Проект" in page.content.decode()) == ([], True)


def test_kinds_by_order_name_the_pair_and_the_request(working, people, client_of, monkeypatch) -> None:
    kinds = {code: SimpleNamespace(title=code) for code in ("replacement", "ending")}
    monkeypatch.setattr("mentorship.views.requests.KINDS", kinds)
    granted = request_in(working, people, State.GRANTED, Kind.RESIGN)
    page = client_of(people.curator).get(url(granted))
    assert page.context["orders"] == [
        (code, f"/cabinet/orders/new/{code}/?pair={working.pk}&request={granted.pk}") for code in kinds
    ]


# --- The list and the home pages --------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", [1, 3])
def test_list_costs_the_same(size: int, working, people, client_of, queries) -> None:
    for _ in range(size):
        ask(working, Kind.RELEASE)
    client = client_of(people.curator)
    assert queries(client, LIST) == 9
    assert len(client.get(LIST).context["rows"]) == size


@pytest.mark.parametrize("size", [1, 3])
def test_detail_costs_the_same(size: int, working, people, client_of, queries) -> None:
    for _ in range(size):
        request = ask(working, Kind.RELEASE)
    assert queries(client_of(people.curator), url(request)) == 19


def test_list_filters_and_puts_the_undecided_first(working, people, client_of) -> None:
    first = request_in(working, people, State.DECLINED)
    second = ask(working, Kind.HELP, author=working.mentees[0])
    client = client_of(people.curator)

    def shown(query: str = "") -> list[PairRequest]:
        return [one for one, _ in client.get(f"{LIST}{query}").context["rows"]]

    assert shown() == [second, first]
    assert (shown("?kind=help"), shown("?state=declined"), shown("?state=open")) == ([second], [first], [second])
    assert (shown("?q=Ольхин"), shown("?q=Верескова")) == ([second, first], [first])
    assert shown("?state=ghost&kind=ghost&page=99") == [second, first]
    mine = client_of(people.teacher).get(f"{LIST}?mine=on").context["rows"]
    assert [one for one, _ in mine] == [first]
    assert "Ни одно обращение не подошло" in client.get(f"{LIST}?q=никто").content.decode()


def test_empty_list_says_what_to_do(working, people, client_of, canary) -> None:
    assert CHOOSE in client_of(people.teacher).get(LIST).content.decode()
    assert "Обращений пока нет" in client_of(people.curator).get(LIST).content.decode()
    ask(working, Kind.HELP)
    assert "Верескова" not in client_of(people.stranger).get(LIST).content.decode()
    assert client_of(people.inspector).get(LIST).status_code == 403


def titles(user: Any, school: Any) -> list[tuple[str, bool]]:
    queue = queue_for(user, school, day(0))
    parts = ((queue.late, False), (queue.now, False), (queue.waiting, True))
    return [(one.title, waits) for part, waits in parts for one in part if "/requests/" in one.url]


def test_home_pages_tell_each_side_in_turn(working, school, people) -> None:
    request = ask(working, Kind.CONTEST)
    name = f"{working.mentor.short_name}: предложение об участии в конкурсе"
    assert titles(people.curator, school) == [(name, False)]
    assert titles(people.teacher, school) == [("Предложение об участии в конкурсе", True)]
    take_step(request=request, step="refer", words="Да", actor=people.curator)
    assert (titles(people.curator, school), titles(people.director, school)) == ([], [(name, False)])
    take_step(request=request, step="grant", actor=people.director)
    assert (titles(people.curator, school), titles(people.director, school)) == ([(name, False)], [])
    take_step(request=request, step="settle", words="Заявка ушла", actor=people.curator)
    assert titles(people.teacher, school) == [("Предложение об участии в конкурсе: ответ", False)]
    assert titles(people.curator, school) == []


def test_mediators_are_told_at_home(working, school, people) -> None:
    request_in(working, people, State.MEDIATION, Kind.MEDIATION)
    assert titles(people.psychologist, school) == [(CONFIDENTIAL, False)]
    assert titles(people.methodical_union, school) == []


def test_many_requests_are_one_line_more(working, school, people) -> None:
    for _ in range(7):
        ask(working, Kind.HELP)
    found = titles(people.curator, school)
    assert (len(found), found[-1][0]) == (6, "Ещё 2 обращения")
