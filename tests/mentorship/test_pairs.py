"""Forming pairs and groups: what they lack, who sees them, how they are given up."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused, move
from mentorship.models import ORDER, ConsentKind, Pair, PairState, Participant, chips_of, needs_of
from mentorship.services.consents import withdraw_consent
from mentorship.services.pairs import change_pair, dissolve_pair
from tests.mentorship.builders import (
    agree,
    agree_all,
    approved_order,
    card,
    day,
    draft,
    form_pair,
    plan,
    submitted,
    word,
)

LIST, NEW = "/cabinet/pairs/", "/cabinet/pairs/new/"
MENTOR, MENTEE = "Верескова\u00a0А.\u00a0П.", "Ольхин\u00a0Б.\u00a0В."


def texts(pair: Pair, on: dt.date | None = None) -> list[str]:
    return [need.text for need in pair.missing(on or day(0)) if need.what != ORDER]


def pair_data(leader: Participant, *mentees: Participant, **more: object) -> dict:
    return {
        "mentor": leader.pk,
        **{f"mentee_{number}": mentee.pk for number, mentee in enumerate(mentees, start=1)},
        "form": word("form", "teacher-young").pk,
        "kinds": [word("kind", "group" if len(mentees) > 1 else "traditional").pk],
        "direction": word("direction", "parents").pk,
        "goal": "",
        "starts_on": "2026-09-01",
        "ends_on": "2027-05-31",
        **more,
    }


# --- What a pair lacks ------------------------------------------------------------------------------------------------
def test_new_pair_lacks_every_consent_and_an_order(pair: Pair) -> None:
    assert texts(pair) == [
        f"Нет согласия: {MENTOR} — обработка персональных данных.",
        f"Нет согласия: {MENTEE} — обработка персональных данных.",
        f"Нет согласия: {MENTOR} — работа наставником.",
        f"Нет согласия: {MENTEE} — участие в паре.",
    ]
    assert [need.what for need in pair.missing(day(0))][-1] == ORDER


def test_every_member_of_a_group_must_agree(mentor, mentee, second, people) -> None:
    group = form_pair(mentor, [mentee, second], people.curator)
    agree_all(group, people.curator)
    assert texts(group) == []
    withdrawn = second.consents.get(kind=ConsentKind.PAIR)
    withdraw_consent(consent=withdrawn, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    assert texts(group) == ["Нет согласия: Осокина\u00a0М.\u00a0И. — участие в паре."]


def test_consent_to_another_pair_does_not_count(pair: Pair, people) -> None:
    other = form_pair(pair.mentor, pair.mentees, people.curator, direction=word("direction", "parents"))
    agree_all(other, people.curator)
    assert texts(pair) == [f"Нет согласия: {MENTEE} — участие в паре."]


def test_consent_must_be_older_than_the_day_and_still_alive_today(pair: Pair, people) -> None:
    agree_all(pair, people.curator)
    assert [texts(pair, day(offset)) == [] for offset in (-21, -20, 0)] == [False, True, True]
    mentors = pair.mentor.consents.get(kind=ConsentKind.MENTOR)
    withdraw_consent(consent=mentors, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    assert texts(pair, day(-5)) == [f"Нет согласия: {MENTOR} — работа наставником."]


def test_expired_and_refused_consents_are_told_apart(pair: Pair, people) -> None:
    agree(pair.mentor, ConsentKind.PROCESSING, people.curator, valid_until=day(-1))
    agree(pair.mentor, ConsentKind.MENTOR, people.curator, answer="refused")
    withdrawn = agree(pair.mentees[0], ConsentKind.PROCESSING, people.curator)
    withdraw_consent(consent=withdrawn, actor=people.curator, withdrawn_on=day(-1), reason="заявление")
    known = [need.detail.split(", ")[1] for need in pair.missing(day(0)) if need.person]
    yesterday = f"{day(-1):%d.%m.%Y}"
    assert known == [
        f"истекло {yesterday}",
        f"отозвано {yesterday}",
        f"отказ от {day(-20):%d.%m.%Y}",
        "ещё не записано",
    ]


def test_needs_of_many_pairs_cost_as_many_queries_as_of_one(pair, second, people, django_assert_num_queries) -> None:
    form_pair(pair.mentor, [second], people.curator)
    form_pair(second, [pair.mentor], people.curator)
    for numbers in ([pair.pk], list(Pair.objects.values_list("pk", flat=True))):
        with django_assert_num_queries(6):
            found = needs_of(Pair.objects.for_cards().filter(pk__in=numbers), day(0))
        assert sorted(found) == sorted(numbers)


def test_chips_say_what_is_missing(pair: Pair, people) -> None:
    def words() -> list[str]:
        pair.refresh_from_db()
        return [chip.word for chip in chips_of(pair, pair.missing(day(0)), day(0))]

    assert words() == ["нет 4 согласий", "нет приказа"]
    agree(pair.mentees[0], ConsentKind.PAIR, people.curator, pair=pair)
    agree(pair.mentor, ConsentKind.MENTOR, people.curator)
    assert words() == ["нет 2 согласий", "нет приказа"]
    agree_all(pair, people.curator)
    assert words() == ["нет приказа"]
    submitted(people, pair)
    assert words() == ["на утверждении"]


@pytest.mark.parametrize(
    ("state", "starts", "ends", "word_of_state"),
    [
        ("active", -10, 10, "действует"),
        ("active", 5, 100, f"начнётся {day(5):%d.%m.%Y}"),
        ("active", -100, -1, f"срок истёк {day(-1):%d.%m.%Y}"),
        ("closed", -100, -1, "завершена"),
        ("dissolved", -100, -1, "не состоялась"),
    ],
)
def test_chip_of_a_pair_that_is_not_forming(state: str, starts: int, ends: int, word_of_state: str) -> None:
    pair = Pair(state=state, starts_on=day(starts), ends_on=day(ends))
    assert [chip.word for chip in chips_of(pair, [], day(0))] == [word_of_state]


# --- Forming, changing, giving up -------------------------------------------------------------------------------------
def test_pair_page_forms_a_pair(mentor, mentee, people, client_of) -> None:
    response = client_of(people.curator).post(NEW, pair_data(mentor, mentee, goal="Первый  год"))
    pair = Pair.objects.get()
    assert (response.status_code, response["Location"]) == (302, reverse("pair_detail", args=[pair.pk]))
    assert (pair.state, pair.goal, pair.mentees, pair.order) == (PairState.FORMING, "Первый год", [mentee], None)
    assert JournalEntry.objects.about(pair).get().text == f"Составлена пара: {MENTOR} — {MENTEE}"


def test_pair_page_prefills_people_from_the_address(mentor, mentee, people, client_of) -> None:
    html = client_of(people.curator).get(f"{NEW}?mentor={mentor.pk}&mentee={mentee.pk}").content.decode()
    assert html.count(f'<option value="{mentor.pk}" selected>') == 1
    assert html.count(f'<option value="{mentee.pk}" selected>') == 1


def test_pair_page_adds_a_line_without_losing_anything(mentor, mentee, second, people, client_of) -> None:
    client = client_of(people.curator)
    data = pair_data(mentor, mentee, goal="Не потерять", more="1")
    response = client.post(NEW, data)
    form = response.context["form"]
    assert (form.rows, form.is_bound, form["goal"].value()) == (["mentee_1", "mentee_2"], False, "Не потерять")
    assert Pair.objects.count() == 0
    assert client.post(NEW, pair_data(mentor, mentee, second)).status_code == 302
    assert Pair.objects.get().is_group


def test_pair_page_stops_growing(mentor, people, client_of) -> None:
    data = {**pair_data(mentor), **{f"mentee_{number}": "" for number in range(1, 60)}, "more": "1"}
    form = client_of(people.curator).post(NEW, data).context["form"]
    assert (len(form.rows), form.may_grow) == (15, False)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"ends_on": "2026-11-29"}, "Срок короче трёх месяцев: окончание — не раньше 30.11.2026."),
        ({"ends_on": "2027-09-02"}, "Срок длиннее года: окончание — не позже 01.09.2027."),
        ({"ends_on": "2026-08-31"}, "Окончание не может быть раньше начала."),
        ({"starts_on": "0001-09-01"}, "Проверьте год"),
        ({"starts_on": "9999-12-31", "ends_on": "9999-12-31"}, "Проверьте год"),
        ({"starts_on": "позавчера"}, "Введите правильную дату."),
        ({"kinds": []}, "Обязательное поле."),
        ({"mentor": "999999"}, "Выберите корректный вариант"),
        ({"form": "x"}, "Выберите корректный вариант"),
        ({"goal": "ц" * 501}, "не более 500 символов"),
    ],
)
def test_pair_page_explains_bad_input(mentor, mentee, people, client_of, more: dict, words: str) -> None:
    response = client_of(people.curator).post(NEW, pair_data(mentor, mentee, **more))
    assert (response.status_code, words in response.content.decode(), Pair.objects.count()) == (200, True, 0)


def test_pair_page_refuses_the_same_person_twice(mentor, mentee, people, client_of) -> None:
    client = client_of(people.curator)
    twice = client.post(NEW, pair_data(mentor, mentee, mentee)).content.decode()
    alone = client.post(NEW, pair_data(mentor, mentor)).content.decode()
    assert (f"{MENTEE}: одно имя выбрано дважды." in twice, "наставником самому себе" in alone) == (True, True)
    assert Pair.objects.count() == 0


def test_pair_page_offers_only_present_people_of_the_school(mentor, other_school, school, people, client_of) -> None:
    card(other_school, "Чужестранов Фома Игоревич")
    card(school, "Ушедшая Инна Ильинична", left_on=day(-1))
    form = client_of(people.curator).get(NEW).context["form"]
    assert [label for _, label in form.fields["mentor"].choices] == [
        "выберите",
        "Верескова Алла Петровна, учитель математики",
    ]


def test_period_that_is_fixed_already_is_refused_in_words(pair: Pair, people, client_of) -> None:
    agree_all(pair, people.curator)
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=approved_order(pair.organisation, people))
    data = pair_data(pair.mentor, *pair.mentees, direction=pair.direction_id)
    html = client_of(people.curator).post(NEW, data).content.decode()
    assert f"{MENTOR} и {MENTEE} по направлению «вхождение в профессию» уже закреплены" in html
    assert Pair.objects.count() == 1
    assert client_of(people.curator).post(NEW, pair_data(pair.mentor, *pair.mentees)).status_code == 302


def test_pair_is_changed_until_an_order_goes_to_the_head(pair: Pair, second, people, client_of) -> None:
    client, url = client_of(people.curator), reverse("pair_edit", args=[pair.pk])
    draft(people, pair)
    assert client.post(url, pair_data(pair.mentor, second)).status_code == 302
    pair.refresh_from_db()
    assert [one.pk for one in pair.mentees] == [second.pk]
    entry = JournalEntry.objects.about(pair).first()
    assert (entry.text, {change["field"] for change in entry.changes}) == (
        f"Изменена пара: {MENTOR} — Осокина\u00a0М.\u00a0И.",
        {"Наставляемые", "Направление", "Начало", "Окончание"},
    )


def test_pair_under_approval_is_locked(pair: Pair, second, people, client_of) -> None:
    submitted(people, pair)
    pair.refresh_from_db()
    with pytest.raises(Refused, match="держит приказ"):
        change_pair(pair=pair, plan=plan(pair.mentor, [second]), actor=people.curator)
    response = client_of(people.curator).post(reverse("pair_edit", args=[pair.pk]), pair_data(pair.mentor, second))
    assert (response.status_code, [one.surname for one in Pair.objects.get().mentees]) == (302, ["Ольхин"])


def test_pair_is_dissolved_with_a_reason(pair: Pair, people, client_of) -> None:
    client, url = client_of(people.curator), reverse("pair_dissolve", args=[pair.pk])
    assert client.post(url, {"reason": " "}).status_code == 200
    assert client.post(url, {"reason": "Передумали"}).status_code == 302
    pair.refresh_from_db()
    assert (pair.state, pair.closing_reason) == (PairState.DISSOLVED, "Передумали")


def test_pair_held_by_a_draft_is_not_dissolved(pair: Pair, people, client_of) -> None:
    draft(people, pair)
    response = client_of(people.curator).post(reverse("pair_dissolve", args=[pair.pk]), {"reason": "Передумали"})
    pair.refresh_from_db()
    assert ("Сначала уберите её оттуда" in response.content.decode(), pair.state) == (True, PairState.FORMING)


def test_pair_is_never_activated_by_a_plain_move(pair: Pair, people) -> None:
    """The step exists only as the effect of an order; without one the database refuses it."""
    with pytest.raises(Exception, match="pair_in_force_by_order"):
        move(pair, "activate", actor=people.curator)


def test_pair_is_closed_only_after_its_last_day(pair: Pair, people, client_of) -> None:
    order = approved_order(pair.organisation, people)
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order)
    client, url = client_of(people.curator), reverse("pair_close", args=[pair.pk])
    assert client.post(url, {"ground": "term", "reason": "Готово"}).status_code == 200
    Pair.objects.filter(pk=pair.pk).update(ends_on=day(-1))
    assert client.post(url, {"ground": "term", "reason": "Готово"}).status_code == 302
    pair.refresh_from_db()
    assert (pair.state, pair.closing_ground, pair.closing_reason) == (PairState.CLOSED, "term", "Готово")


def test_pair_services_ask_the_table(pair: Pair, people) -> None:
    for actor in (people.director, people.stranger, people.teacher):
        with pytest.raises(Forbidden):
            form_pair(pair.mentor, pair.mentees, actor)
        with pytest.raises(Forbidden):
            change_pair(pair=pair, plan=plan(pair.mentor, pair.mentees), actor=actor)
        with pytest.raises(Forbidden):
            dissolve_pair(pair=pair, actor=actor, reason="так")


# --- The page and the list --------------------------------------------------------------------------------------------
def test_pair_page_names_what_is_missing_with_one_action_each(pair: Pair, people, client_of) -> None:
    response = client_of(people.curator).get(reverse("pair_detail", args=[pair.pk]))
    mentee = pair.mentees[0]
    asked = [*((person.pk, "processing") for person in pair.people), (pair.mentor_id, "mentor"), (mentee.pk, "pair")]
    assert [item.url for item in response.context["items"]] == [
        *(f"{reverse('consent_new', args=who)}?pair={pair.pk}" for who in asked),
        f"{reverse('order_draft', args=['pairs'])}?pairs={pair.pk}",
        *(f"{reverse('interview_list')}?{urlencode({'q': person.surname})}" for person in pair.people),
    ]
    assert "не хватает 5 условий" in response.content.decode()


def test_pair_page_of_somebody_who_only_looks_has_no_actions(pair: Pair, people, client_of) -> None:
    response = client_of(people.inspector).get(reverse("pair_detail", args=[pair.pk]))
    assert ({item.url for item in response.context["items"]}, response.context["buttons"]) == ({""}, [])


def test_missing_blanks_are_printed_together(pair: Pair, people, client_of) -> None:
    client, url = client_of(people.curator), reverse("pair_blanks", args=[pair.pk])
    response = client.get(url)
    assert b"".join(response.streaming_content)[:4] == b"%PDF"
    agree_all(pair, people.curator)
    assert client.get(url).status_code == 404


def rows(response) -> list[str]:
    return [row.pair.mentees[0].surname for row in response.context["rows"]]


def test_pair_list_is_narrowed_by_state_and_name(mentor, people, school, client_of) -> None:
    names = ["Первый", "Второй", "Третий", "Четвёртый", "Пятый"]
    mentees = [card(school, f"{name} Борис Викторович") for name in names]
    lacking, drafted, active, overdue, dissolved = (
        form_pair(mentor, [mentee], people.curator, starts_on=day(-100 - number))
        for number, mentee in enumerate(mentees)
    )
    agree_all(drafted, people.curator)
    draft(people, drafted)
    order = approved_order(active.organisation, people)
    Pair.objects.filter(pk__in=[active.pk, overdue.pk]).update(state=PairState.ACTIVE, order=order)
    Pair.objects.filter(pk=overdue.pk).update(ends_on=day(-1))
    dissolve_pair(pair=dissolved, actor=people.curator, reason="так")
    client = client_of(people.curator)
    found = {
        state: rows(client.get(f"{LIST}?state={state}"))
        for state in ("", "forming", "draft", "active", "overdue", "closed", "dissolved", "ghost")
    }
    assert found == {
        "": names,
        "forming": ["Первый", "Второй"],
        "draft": ["Второй"],
        "active": ["Третий", "Четвёртый"],
        "overdue": ["Четвёртый"],
        "closed": [],
        "dissolved": ["Пятый"],
        "ghost": names,
    }
    assert rows(client.get(f"{LIST}?q=четвертый")) == ["Четвёртый"]
    assert rows(client.get(f"{LIST}?q=верескова")) == names


def test_list_and_page_cost_the_same_for_one_and_three(pair: Pair, second, school, people, client_of, queries) -> None:
    client = client_of(people.curator)
    urls = (LIST, f"{LIST}?missing=consent", reverse("pair_detail", args=[pair.pk]))
    first = [queries(client, url) for url in urls]
    form_pair(second, [card(school, "Ракитина Мария Ильинична")], people.curator)
    form_pair(second, [pair.mentor], people.curator)
    change_pair(
        pair=pair,
        plan=plan(pair.mentor, [*pair.mentees, second, card(school, "Ивин Пётр Ильич")]),
        actor=people.curator,
    )
    assert [queries(client, url) for url in urls] == first


@pytest.mark.parametrize(
    ("who", "listed", "seen", "changed"),
    [
        ("curator", 200, 200, 200),
        ("director", 200, 200, 403),
        ("inspector", 200, 200, 403),
        ("psychologist", 200, 200, 403),
        ("teacher", 403, 403, 403),
        ("stranger", 200, 404, 404),
        ("municipal", 403, 404, 404),
    ],
)
def test_pair_pages_ask_the_table(
    pair: Pair, people, client_of, who: str, listed: int, seen: int, changed: int
) -> None:
    client = client_of(getattr(people, who))
    assert client.get(LIST).status_code == listed
    assert client.get(reverse("pair_detail", args=[pair.pk])).status_code == seen
    own = [reverse(name, args=[pair.pk]) for name in ("pair_edit", "pair_dissolve", "pair_blanks")]
    assert {client.get(url).status_code for url in own} == {changed}
