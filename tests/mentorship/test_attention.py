"""What the home pages say of pairs and consents, and to whom."""

from __future__ import annotations

import pytest

from accounts.attention import Entry, Queue, figures_for, panels_for, queue_for, tabs_for
from accounts.models import User
from mentorship.models import ConsentKind, Pair, PairState, Participant
from tests.mentorship.builders import agree, agree_all, approved_order, card, day, draft, form_pair

PAIR = "Верескова\u00a0А.\u00a0П. — Ольхин\u00a0Б.\u00a0В."


def queue(user: User, pair: Pair) -> Queue:
    return queue_for(User.objects.get(pk=user.pk), pair.organisation, day(0))


def about_pair(user: User, pair: Pair) -> list[Entry]:
    found = queue(user, pair)
    return [one for one in (*found.late, *found.now, *found.waiting) if one.title == PAIR]


def titles(user: User, pair: Pair) -> set[str]:
    found = queue(user, pair)
    return {one.title for one in (*found.late, *found.now, *found.waiting)}


def test_curator_reads_what_a_pair_lacks(pair: Pair, people) -> None:
    [entry] = about_pair(people.curator, pair)
    assert (entry.url, entry.chip, entry.late) == (f"/cabinet/pairs/{pair.pk}/", "начало прошло", True)
    assert entry.detail == "Нет согласия: Верескова\u00a0А.\u00a0П. — обработка персональных данных. И ещё 3."


def test_curator_is_led_to_the_order_when_consents_are_there(pair: Pair, people) -> None:
    agree_all(pair, people.curator)
    [entry] = about_pair(people.curator, pair)
    assert (entry.url, entry.action) == (f"/cabinet/orders/new/pairs/?pairs={pair.pk}", "Составить приказ")
    draft(people, pair)
    assert about_pair(people.curator, pair) == []


def test_curator_reads_of_pairs_whose_term_is_over(pair: Pair, people) -> None:
    order = approved_order(pair.organisation, people)
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order, ends_on=day(-1))
    [entry] = about_pair(people.curator, pair)
    assert (entry.chip, entry.due, entry.late) == ("срок истёк", day(-1), True)


def test_long_list_of_pairs_ends_in_one_line(mentor: Participant, school, people) -> None:
    for number in range(12):
        mentee = card(school, f"Ивин{'а' * number} Пётр Ильич")
        pair = form_pair(mentor, [mentee], people.curator, starts_on=day(number))
    found = queue(people.curator, pair)
    assert [one.title for one in found.now if one.title.startswith("Ещё")] == ["Ещё 2 пары оформляются"]
    assert sum(one.chip == "нет согласия" for one in (*found.late, *found.now)) == 10


@pytest.mark.parametrize(
    ("kind", "until", "told"),
    [
        ("processing", 30, True),
        ("processing", 31, False),
        ("processing", -1, False),
        ("dissemination", -1, True),
        ("dissemination", -31, False),
    ],
)
def test_curator_reads_of_consents_that_end(pair: Pair, people, kind: str, until: int, told: bool) -> None:
    agree(pair.mentor, kind, people.curator, signed_on=day(-40), valid_until=day(until))
    purpose = {"processing": "обработка персональных данных", "dissemination": "публикация на сайте"}[kind]
    assert (f"Верескова\u00a0А.\u00a0П. — {purpose}" in titles(people.curator, pair)) is told


def test_renewed_consent_is_not_asked_for_again(pair: Pair, people) -> None:
    agree(pair.mentor, ConsentKind.DISSEMINATION, people.curator, signed_on=day(-40), valid_until=day(-1))
    agree(pair.mentor, ConsentKind.DISSEMINATION, people.curator)
    assert "Верескова\u00a0А.\u00a0П. — публикация на сайте" not in titles(people.curator, pair)


@pytest.mark.parametrize("who", ["inspector", "psychologist", "teacher", "stranger"])
def test_others_read_nothing_of_it(pair: Pair, people, who: str) -> None:
    assert [title for title in titles(getattr(people, who), pair) if "Верескова" in title] == []


@pytest.fixture
def own(pair: Pair, people) -> Pair:
    """The mentee signs in as a teacher."""
    mentee = pair.mentees[0]
    mentee.user = people.teacher
    mentee.save(update_fields=["user"])
    return pair


def test_asked_person_gets_the_blank(own: Pair, people) -> None:
    found = queue(people.teacher, own)
    mentee = own.mentees[0]
    assert [(one.title, one.url) for one in (*found.late, *found.now)] == [
        (
            "От вас нужно согласие: обработка персональных данных",
            f"/cabinet/participants/{mentee.pk}/consents/processing/blank.pdf?pair={own.pk}",
        ),
        (
            "От вас нужно согласие: участие в паре",
            f"/cabinet/participants/{mentee.pk}/consents/pair/blank.pdf?pair={own.pk}",
        ),
    ]


def test_own_working_pair_is_one_click_away(own: Pair, people, client_of) -> None:
    Pair.objects.filter(pk=own.pk).update(state=PairState.ACTIVE, order=approved_order(own.organisation, people))
    reader = User.objects.get(pk=people.teacher.pk)
    panel, meetings = panels_for(reader, own.organisation, day(0))
    assert (meetings.title, [row["pair"] for row in meetings.data]) == ("Встречи", [own])
    assert (panel.title, [(row["pair"], row["others"], row["leads"]) for row in panel.data]) == (
        "Ваша пара",
        [(own, "Верескова\u00a0А.\u00a0П.", False)],
    )
    page = client_of(reader).get("/cabinet/").content.decode()
    assert (f'href="/cabinet/pairs/{own.pk}/"' in page, "Вас сопровождает наставник" in page) == (True, True)


def test_without_a_working_pair_there_is_no_panel(own: Pair, people) -> None:
    assert panels_for(User.objects.get(pk=people.teacher.pk), own.organisation, day(0)) == []


def test_every_tab_of_every_role_opens(own: Pair, people, client_of) -> None:
    Pair.objects.filter(pk=own.pk).update(state=PairState.ACTIVE, order=approved_order(own.organisation, people))
    ours = ("/cabinet/participants/", "/cabinet/card/", "/cabinet/pairs/")
    opened = {}
    for who in ("curator", "director", "inspector", "psychologist", "teacher", "class_teacher", "admin"):
        user = User.objects.get(username=who)
        urls = [tab["url"] for tab in tabs_for(user, "/") if tab["url"] in ours]
        opened[who] = (urls, {client_of(user).get(url).status_code for url in urls})
    everybody = ["/cabinet/participants/", "/cabinet/pairs/"]
    assert opened == {
        "curator": (everybody, {200}),
        "director": (everybody, {200}),
        "inspector": (everybody, {200}),
        "psychologist": (everybody, {200}),
        "teacher": (["/cabinet/card/", "/cabinet/pairs/"], {200}),
        "class_teacher": (["/cabinet/participants/"], {200}),
        "admin": (everybody, {200}),
    }


def test_figures_count_people_and_pairs(pair: Pair, second, people) -> None:
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=approved_order(pair.organisation, people))
    form_pair(pair.mentor, [second], people.curator)
    told = [(one.value, one.label) for one in figures_for(people.director, pair.organisation, day(0))]
    working = [one for one in told if not {"банке", "ждут", "программ"} & set(one[1].split())]
    assert working[:4] == [("1", "наставник"), ("1", "наставляемый"), ("1", "пара в работе"), ("1", "пара оформляется")]
    strangers = [one.value for one in figures_for(people.stranger, pair.organisation, day(0))]
    assert set(strangers) <= {"0"}


def test_home_costs_the_same_for_one_and_three(pair: Pair, school, people, client_of, queries) -> None:
    client = client_of(people.curator)
    agree(pair.mentor, ConsentKind.PROCESSING, people.curator, valid_until=day(5))
    first = queries(client, "/cabinet/")
    for name in ("Ивин", "Осин"):
        person = card(school, f"{name} Пётр Ильич", young_flag=True)
        form_pair(pair.mentor, [person], people.curator)
        agree(person, ConsentKind.PROCESSING, people.curator, valid_until=day(5))
    assert queries(client, "/cabinet/") == first
