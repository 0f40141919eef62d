"""Pages of the banks: the lists with their filters and bulk steps, a card, its steps, and who sees how much."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.models import JournalEntry
from mentorship.models import BankCard, BankState, Category, ConsentKind, PairState
from tests.mentorship.bank_builders import LIST, MENTEE, MENTOR, NEW, bank_card, consented, pair_of
from tests.mentorship.builders import agree, card, day, word

STEPS = ("enter", "train", "step_back", "confirm", "long_term")
FORMS = ("edit", "refuse", "archive", "support")


def url(name: str, one: BankCard) -> str:
    return reverse(f"bank_{name}", args=[one.pk])


def names(response) -> list[str]:
    return [row.card.participant.surname for row in response.context["rows"]]


# --- Who may open what ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("curator", 200),
        ("director", 200),
        ("inspector", 200),
        ("psychologist", 200),
        ("methodical_union", 200),
        ("department_head", 200),
        ("teacher", 403),
        ("accountant", 403),
        ("class_teacher", 403),
    ],
)
def test_banks_are_read_by_those_who_work_with_them(mentor, people, client_of, who: str, status: int) -> None:
    one, client = bank_card(mentor), client_of(getattr(people, who))
    assert [client.get(address).status_code for address in (LIST, url("detail", one))] == [status, status]


def test_another_school_finds_nothing(mentor, people, client_of) -> None:
    one, client = bank_card(mentor), client_of(people.stranger)
    pages = [client.get(url(name, one)).status_code for name in ("detail", *FORMS)]
    steps = [client.post(url(name, one)).status_code for name in (*FORMS, *STEPS)]
    assert set(pages + steps) == {404}
    assert names(client.get(LIST)) == []


@pytest.mark.parametrize("who", ["director", "psychologist", "teacher"])
def test_only_the_curator_changes_anything(mentor, people, client_of, who: str) -> None:
    one, client = consented(mentor, people.curator, state=BankState.CANDIDATE), client_of(getattr(people, who))
    pages = [client.get(address).status_code for address in (NEW, *(url(name, one) for name in FORMS))]
    steps = [client.post(url(name, one)).status_code for name in (*FORMS, *STEPS)]
    bulk = client.post(LIST, {"card": [one.pk], "act": "enter"}).status_code
    assert set([*pages, *steps, bulk]) == {403}
    assert BankCard.objects.get().state == "candidate"


def test_steps_answer_to_post_alone(mentor, people, client_of) -> None:
    one, client = bank_card(mentor), client_of(people.curator)
    assert {client.get(url(name, one)).status_code for name in STEPS} == {405}


# --- The lists --------------------------------------------------------------------------------------------------------
def test_each_bank_lists_its_own_cards_by_name(mentor, mentee, second, people, client_of) -> None:
    for one in (mentor, second):
        bank_card(one)
    bank_card(mentee, MENTEE)
    client = client_of(people.curator)
    found = [names(client.get(LIST + query)) for query in ("", "?role=mentor", "?role=mentee", "?role=ghost")]
    assert found == [["Верескова", "Осокина"], ["Верескова", "Осокина"], ["Ольхин"], ["Верескова", "Осокина"]]


@pytest.mark.parametrize("role", [MENTOR, MENTEE])
@pytest.mark.parametrize("who", ["curator", "director"])
def test_list_costs_the_same_for_one_three_and_fifty(
    school, mentor, second, people, client_of, queries, role, who
) -> None:
    client, address = client_of(getattr(people, who)), f"{LIST}?role={role}"
    wide = word("competence" if role == MENTOR else "difficulty", "subject")

    def add(person) -> None:
        one = consented(person, people.curator, role)
        (one.competences if role == MENTOR else one.difficulties).add(wide)

    add(mentor)
    first = queries(client, address)
    for number in range(2):
        person = card(school, f"Ивин{'аб'[number]} Пётр Ильич")
        add(person)
        pair_of(*((person, second) if role == MENTOR else (second, person)), people, PairState.ACTIVE)
    third = queries(client, address)
    for number in range(47):
        bank_card(card(school, f"Осин{'абвгдежзиклмн'[number % 13] * (number // 13 + 1)} Пётр Ильич"), role)
    assert (first, third, queries(client, address)) == (COST[who] + (role == MENTOR),) * 3


# Of mentors the list also says who is appointed by an order.
COST = {"curator": 17, "director": 16}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Агатов", "Берилов", "Гранатов", "Яшмин"]),
        ("q=берил", ["Берилов"]),
        ("q=ЯШМИН", ["Яшмин"]),
        ("show=candidate", ["Агатов"]),
        ("show=standing", ["Берилов", "Гранатов", "Яшмин"]),
        ("show=selected", ["Берилов"]),
        ("show=trained", ["Гранатов"]),
        ("show=free", ["Берилов", "Гранатов"]),
        ("show=start", ["Берилов", "Гранатов"]),
        ("show=paired", ["Яшмин"]),
        ("show=long", ["Гранатов"]),
        ("show=outdated", ["Берилов"]),
        ("show=no_consent", ["Агатов", "Берилов"]),
        ("show=refused", ["Дымов"]),
        ("show=archived", ["Ежов"]),
        ("show=ghost", ["Агатов", "Берилов", "Гранатов", "Яшмин"]),
        ("subject=астроном", ["Гранатов"]),
        ("people=pupils", ["Агатов"]),
        ("people=teachers&show=standing", ["Берилов", "Гранатов", "Яшмин"]),
        ("word=WORD", ["Берилов"]),
        ("word=999999", ["Агатов", "Берилов", "Гранатов", "Яшмин"]),
    ],
)
def test_filters_of_the_mentors(school, mentee, people, client_of, reference, query: str, found: list) -> None:
    def person(name: str, post: str = "учитель физики", **more):
        return card(school, f"{name} Пётр Ильич", post, **more)

    bank_card(person("Агатов", "", category=Category.PUPIL))
    old = bank_card(person("Берилов"), state=BankState.SELECTED, actual_on=day(-400))
    old.competences.add(word("competence", "ict"))
    agreed = [person("Гранатов", "учитель астрономии"), person("Яшмин")]
    for one in agreed:
        agree(one, ConsentKind.PROCESSING, people.curator)
    bank_card(agreed[0], state=BankState.TRAINED, long_term=True)
    bank_card(agreed[1], state=BankState.IN_BANK)
    pair_of(agreed[1], mentee, people, PairState.ACTIVE)
    bank_card(person("Дымов"), state=BankState.REFUSED)
    bank_card(person("Ежов"), state=BankState.ARCHIVED)
    query = query.replace("WORD", str(word("competence", "ict").pk))
    assert names(client_of(people.curator).get(f"{LIST}?role=mentor&{query}")) == found


def test_mentees_without_a_mentor_are_listed_with_their_support(mentor, mentee, second, people, client_of) -> None:
    """BR-39: a pair that is only being formed does not take anybody off the list."""
    for one in (mentee, second):
        consented(one, people.curator, MENTEE)
    BankCard.objects.filter(participant=second).update(support="психолог, среда")
    pair_of(mentor, second, people)
    response = client_of(people.curator).get(f"{LIST}?role=mentee&show=without")
    html = response.content.decode()
    assert (names(response), "Поддержка: психолог, среда" in html) == (["Ольхин", "Осокина"], True)
    pair_of(mentor, mentee, people, PairState.ACTIVE)
    assert names(client_of(people.curator).get(f"{LIST}?role=mentee&show=without")) == ["Осокина"]


def test_numbers_over_the_list_are_its_filters(mentor, mentee, second, people, client_of) -> None:
    consented(mentor, people.curator)
    bank_card(second)
    bank_card(mentee, MENTEE, BankState.IN_BANK, actual_on=day(-400))
    client = client_of(people.director)
    told = [
        [(one.value, one.label, one.show, one.bad) for one in client.get(f"{LIST}?role={role}").context["tallies"]]
        for role in (MENTOR, MENTEE)
    ]
    assert told == [
        [
            (1, "в банке", "standing", False),
            (1, "есть свободные места", "free", False),
            (1, "кандидаты", "candidate", False),
            (0, "сведения устарели", "outdated", False),
        ],
        [
            (1, "в банке", "standing", False),
            (1, "без наставника", "without", True),
            (0, "кандидаты", "candidate", False),
            (1, "сведения устарели", "outdated", True),
        ],
    ]


@pytest.mark.parametrize(
    ("who", "query", "words"),
    [
        ("curator", "", "В банке наставников пока никого"),
        ("curator", "?role=mentee", "В банке наставляемых пока никого"),
        ("curator", "?role=mentee&q=никто", "Никто не подошёл"),
        ("director", "", "Карточки появятся, когда их заведёт куратор."),
    ],
)
def test_empty_list_says_what_to_do(school, people, client_of, who: str, query: str, words: str) -> None:
    assert words in client_of(getattr(people, who)).get(LIST + query).content.decode()


# --- Many at once -----------------------------------------------------------------------------------------------------
def test_ticked_cards_are_confirmed_together(mentor, second, people, client_of) -> None:
    cards = [bank_card(one, state=BankState.IN_BANK, actual_on=day(-400)) for one in (mentor, second)]
    client = client_of(people.curator)
    response = client.post(f"{LIST}?role=mentor&show=outdated", {"card": [one.pk for one in cards], "act": "confirm"})
    assert (response.status_code, response["Location"]) == (302, f"{LIST}?role=mentor&show=outdated")
    assert set(BankCard.objects.values_list("actual_on", flat=True)) == {day(0)}


def test_bulk_entry_names_who_stands_in_the_way_and_keeps_the_boxes(mentor, second, people, client_of) -> None:
    cards = [consented(mentor, people.curator, state=BankState.CANDIDATE), bank_card(second)]
    client, data = client_of(people.curator), {"card": [one.pk for one in cards], "act": "enter"}
    response = client.post(LIST, data)
    html = response.content.decode()
    assert (response.status_code, [row.checked for row in response.context["rows"]]) == (200, [True, True])
    assert "Нет согласия на обработку персональных данных: Осокина" in html
    assert set(BankCard.objects.values_list("state", flat=True)) == {"candidate"}
    assert client.post(LIST, {**data, "card": [cards[0].pk]}).status_code == 302
    assert BankCard.objects.get(participant=mentor).state == "in_bank"


@pytest.mark.parametrize("ticked", [[], ["999999"], ["нет"], ["1" * 40]])
def test_nothing_ticked_is_said(mentor, people, client_of, ticked: list, journal_count) -> None:
    bank_card(mentor)
    before = journal_count()
    response = client_of(people.curator).post(LIST, {"card": ticked, "act": "enter"})
    assert (response.status_code, response.context["refusals"]) == (200, ["Отметьте хотя бы одного человека."])
    assert journal_count() == before


def test_another_schools_card_cannot_be_ticked(mentor, other_school, people, client_of, canary) -> None:
    foreign = bank_card(card(other_school, "Чужестранов Фома Игоревич"))
    response = client_of(people.curator).post(LIST, {"card": [foreign.pk], "act": "confirm"})
    assert response.context["refusals"] == ["Отметьте хотя бы одного человека."]
    assert [one for one in canary if one in response.content.decode()] == []


# --- Adding people ----------------------------------------------------------------------------------------------------
def test_young_specialists_are_added_ten_at_once(school, people, client_of, reference) -> None:
    young = [card(school, f"Ивин{letter} Пётр Ильич", young_flag=True) for letter in "абвгдежзик"]
    card(school, "Старов Пётр Ильич")
    client = client_of(people.curator)
    address = f"{NEW}?role=mentee&young=on"
    assert [row.person for row in client.get(address).context["rows"]] == young
    response = client.post(address, {"person": [one.pk for one in young], "act": "open"})
    assert (response.status_code, response["Location"]) == (302, f"{LIST}?role=mentee&show=candidate")
    assert list(BankCard.objects.order_by("pk").values_list("role", "state")) == [("mentee", "candidate")] * 10
    assert client.get(address).context["rows"] == []


def test_people_are_added_straight_into_the_bank_or_not_at_all(mentor, second, people, client_of) -> None:
    agree(mentor, ConsentKind.PROCESSING, people.curator)
    client, address = client_of(people.curator), f"{NEW}?role=mentor"
    response = client.post(address, {"person": [mentor.pk, second.pk], "act": "enter"})
    assert "Нет согласия на обработку персональных данных: Осокина" in response.content.decode()
    assert ([row.checked for row in response.context["rows"]], BankCard.objects.count()) == ([True, True], 0)
    response = client.post(address, {"person": [mentor.pk], "act": "enter"})
    one = BankCard.objects.get()
    assert (response["Location"], one.state) == (url("detail", one), "in_bank")


def test_button_of_a_persons_card_leads_to_that_person_alone(mentor, second, people, client_of) -> None:
    client = client_of(people.curator)
    html = client.get(f"/cabinet/participants/{mentor.pk}/").content.decode()
    address = f"{NEW}?role=mentor&person={mentor.pk}"
    assert f'href="{address.replace("&", "&amp;")}"' in html
    assert [(row.person, row.checked) for row in client.get(address).context["rows"]] == [(mentor, True)]


def test_list_of_newcomers_costs_the_same_for_one_and_three(school, mentor, people, client_of, queries) -> None:
    client = client_of(people.curator)
    first = queries(client, NEW)
    for letter in "аб":
        agree(card(school, f"Ивин{letter} Пётр Ильич"), ConsentKind.PROCESSING, people.curator)
    assert (first, queries(client, NEW)) == (12, 12)


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=осок", ["Осокина"]), ("subject=музык", ["Осокина"]), ("people=pupils", []), ("consented=on", ["Верескова"])],
)
def test_filters_of_newcomers(mentor, second, people, client_of, query: str, found: list) -> None:
    agree(mentor, ConsentKind.PROCESSING, people.curator)
    rows = client_of(people.curator).get(f"{NEW}?{query}").context["rows"]
    assert [row.person.surname for row in rows] == found


def test_newcomers_are_never_of_another_school(school, other_school, people, client_of, canary) -> None:
    foreign = card(other_school, "Чужестранов Фома Игоревич")
    client = client_of(people.curator)
    assert [one for one in canary if one in client.get(NEW).content.decode()] == []
    response = client.post(NEW, {"person": [foreign.pk], "act": "open"})
    assert (response.context["refusals"], BankCard.objects.count()) == (["Отметьте хотя бы одного человека."], 0)


def test_history_names_whoever_added(mentor, people, client_of) -> None:
    client_of(people.curator).post(f"{NEW}?role=mentor", {"person": [mentor.pk], "act": "open"})
    entry = JournalEntry.objects.about(BankCard.objects.get()).get()
    assert (entry.actor, entry.text) == (
        people.curator,
        "Заведена карточка в банке наставников: Верескова Алла Петровна.",
    )
