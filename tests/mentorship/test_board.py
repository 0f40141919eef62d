"""The board of pairs: lights, what is missing, counts, both ways of showing, the file."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.attention import figures_for
from mentorship.models import (
    Consent,
    ConsentKind,
    MeetingRules,
    Pair,
    PairState,
    Participant,
    Programme,
    meeting_light,
    needs_of,
    with_last_meeting,
)
from mentorship.models.board import (
    Lack,
    Place,
    board_chips,
    counts_of,
    lacking,
    light_days,
    programme_chip,
    progress_of,
    with_place,
)
from mentorship.views.board import left_words
from tests.mentorship.board import activity, at_work, met, programme, the_school
from tests.mentorship.builders import agree, agree_all, card, day, draft, form_pair, submitted, word

LIST = reverse("pair_list")
pytestmark = pytest.mark.django_db


@pytest.fixture
def pairs(mentor: Participant, people, school) -> dict[str, Pair]:
    """A pair of each place of the board, named by its mentee's surname."""
    offsets = {"Зелёный": -100, "Жёлтый": -100, "Красный": -100, "Новый": -3, "Старый": -100, "Закрытый": -100}
    made = {}
    for name, starts in offsets.items():
        pair = form_pair(mentor, [card(school, f"{name} Борис Викторович")], people.curator, starts_on=day(starts))
        made[name] = at_work(pair, people)
    for name, ago in {"Зелёный": -2, "Жёлтый": -30, "Красный": -36, "Старый": -2}.items():
        met(made[name], ago, people.curator)
    Pair.objects.filter(pk=made["Старый"].pk).update(ends_on=day(-1))
    Pair.objects.filter(pk=made["Закрытый"].pk).update(state=PairState.CLOSED, closing_ground="term")
    made["Будущий"] = form_pair(mentor, [card(school, "Будущий Борис Викторович")], people.curator)
    return {name: Pair.objects.get(pk=pair.pk) for name, pair in made.items()}


def names(response) -> list[str]:
    return sorted(row.pair.mentees[0].surname for row in response.context["rows"])


def places() -> dict[str, str]:
    rows = with_place(Pair.objects.prefetch_related("members__mentee"), day(0), the_school())
    return {pair.mentees[0].surname: pair.place for pair in rows}


def test_place_is_the_state_or_the_light(pairs) -> None:
    assert places() == {
        "Зелёный": "ok",
        "Новый": "ok",
        "Жёлтый": "wait",
        "Красный": "late",
        "Старый": "overdue",
        "Закрытый": "closed",
        "Будущий": "forming",
    }


@pytest.mark.parametrize("ago", [0, 20, 21, 22, 34, 35, 36, 150])
@pytest.mark.parametrize("held", [True, False])
def test_place_follows_the_law_of_lights(mentor, mentee, people, ago: int, held: bool) -> None:
    pair = form_pair(mentor, [mentee], people.curator, starts_on=day(-160 if held else -ago))
    at_work(pair, people)
    if held:
        met(pair, -ago, people.curator)
        met(pair, -ago - 50, people.curator)
        met(pair, -1, people.curator, state="cancelled")
    kind, _ = meeting_light(day(-ago) if held else None, day(-160 if held else -ago), day(0))
    assert [*places().values()] == [kind]


def test_edges_of_lights_are_asked_of_the_law(monkeypatch, school) -> None:
    assert light_days(day(0), school.pk) == (day(-21), day(-35))
    MeetingRules.objects.create(organisation=school, yellow_days=5, red_days=10)
    assert light_days(day(0), school.pk) == (day(-5), day(-10))
    monkeypatch.setattr("mentorship.models.board.meeting_light", lambda *asked, **more: ("ok", ""))
    assert light_days(day(0), school.pk) == (day(-730), day(-730))


def test_last_meeting_is_the_latest_held_one(pairs, people) -> None:
    met(pairs["Зелёный"], -40, people.curator)
    met(pairs["Зелёный"], 5, people.curator, state="planned")
    found = with_last_meeting(Pair.objects.filter(pk=pairs["Зелёный"].pk)).get()
    assert found.last_met == day(-2)


# --- What is missing --------------------------------------------------------------------------------------------------
def lack_of(what: str) -> list[str]:
    return sorted(pair.mentees[0].surname for pair in lacking(Pair.objects.all(), what, day(0)))


def test_consent_is_missing_by_the_law_of_needs(pairs, mentor, school, people) -> None:
    more = form_pair(mentor, [card(school, "Второй Борис Викторович")], people.curator)
    assert lack_of(Lack.CONSENT) == ["Будущий", "Второй"]
    agree_all(more, people.curator)
    assert lack_of(Lack.CONSENT) == ["Будущий"]
    needs = needs_of(Pair.objects.forming(), day(0))
    by_needs = {pk for pk, missing in needs.items() if any(need.person for need in missing)}
    assert by_needs == {pair.pk for pair in lacking(Pair.objects.all(), Lack.CONSENT, day(0))}


@pytest.mark.parametrize("kind", [ConsentKind.PROCESSING, ConsentKind.MENTOR, ConsentKind.PAIR])
def test_each_consent_of_a_pair_may_be_the_missing_one(pair: Pair, people, kind: str) -> None:
    agree_all(pair, people.curator)
    assert lack_of(Lack.CONSENT) == []
    given = Consent.objects.filter(kind=kind).order_by("pk")
    Consent.objects.filter(pk=given.last().pk).update(withdrawn_on=day(0))
    assert lack_of(Lack.CONSENT) == ["Ольхин"]
    assert [need.what for need in needs_of([pair], day(0))[pair.pk] if need.person] == [kind]


def test_order_is_missing_until_a_draft_holds_the_pair(pairs, people) -> None:
    assert lack_of(Lack.ORDER) == ["Будущий"]
    draft(people, pairs["Будущий"])
    assert lack_of(Lack.ORDER) == []


@pytest.mark.parametrize(
    ("state", "version", "lack"),
    [
        (None, 0, Lack.PROGRAMME),
        ("dropped", 0, Lack.PROGRAMME),
        ("draft", 0, Lack.DRAFT),
        ("draft", 1, None),
        ("review", 0, Lack.REVIEW),
        ("review", 1, None),
        ("approved", 1, None),
        ("completed", 0, None),
        ("summed", 1, None),
    ],
)
def test_programme_is_missing_by_its_state(pair, people, state: str | None, version: int, lack: Lack | None) -> None:
    at_work(pair, people)
    if state:
        programme(pair, state, version=version)
    found = [what for what in (Lack.PROGRAMME, Lack.DRAFT, Lack.REVIEW) if lack_of(what)]
    assert found == ([lack] if lack else [])
    assert {
        what: number for what, number in counts_of(Pair.objects.all(), day(0), the_school()).lacks.items() if number
    } == ({lack.value: 1} if lack else {})
    fresh = Pair.objects.get()
    chip = programme_chip(fresh, progress_of([fresh], Programme.objects.all()).get(fresh.pk))
    words = {Lack.PROGRAMME: "нет программы", Lack.DRAFT: "черновик", Lack.REVIEW: "на согласовании"}
    assert (chip and chip.word) == (words[lack] if lack else None)


def test_programme_of_a_forming_pair_is_not_missing_yet(pair: Pair) -> None:
    assert (lack_of(Lack.PROGRAMME), programme_chip(pair, None)) == ([], None)


def test_progress_counts_checked_lines_without_the_cancelled(pair: Pair, people) -> None:
    made = programme(at_work(pair, people))
    for state in ("checked", "checked", "done", "planned", "cancelled"):
        activity(made, 3, state)
    found = progress_of([pair], Programme.objects.all())[pair.pk]
    assert (found.programme, found.checked, found.total) == (made, 2, 4)


def test_chips_say_the_light_and_a_missing_consent(pairs, people) -> None:
    pair = pairs["Красный"]
    missing = needs_of([pair], day(0))[pair.pk]
    light = ("late", "нет встреч 36 дн.")
    told = [(chip.word, chip.kind) for chip in board_chips(pair, missing, day(0), light)]
    assert told == [("нет встреч 36 дн.", "late"), ("согласие не действует", "no")]
    assert [chip.word for chip in board_chips(pair, [], day(0), None)] == ["действует"]
    assert [chip.word for chip in board_chips(pairs["Старый"], [], day(0), light)][0].startswith("срок истёк")


@pytest.mark.parametrize(
    ("last", "words"),
    [(0, "последний день сегодня"), (1, "осталось 1 день"), (5, "осталось 5 дней"), (-1, "")],
)
def test_days_to_the_end_in_words(pair: Pair, people, last: int, words: str) -> None:
    assert left_words(at_work(pair, people, ends_on=day(last)), day(0)) == words


# --- The page ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?light=ok", ["Зелёный", "Новый"]),
        ("?light=wait", ["Жёлтый"]),
        ("?light=late", ["Красный"]),
        ("?state=overdue", ["Старый"]),
        ("?state=closed", ["Закрытый"]),
        ("?missing=order", ["Будущий"]),
        ("?missing=programme&light=late", ["Красный"]),
        ("?light=синий&missing=всё", ["Будущий", "Жёлтый", "Закрытый", "Зелёный", "Красный", "Новый", "Старый"]),
        ("?q=красный", ["Красный"]),
        ("?q=верескова&light=ok", ["Зелёный", "Новый"]),
        ("?form=0&direction=x", ["Будущий", "Жёлтый", "Закрытый", "Зелёный", "Красный", "Новый", "Старый"]),
    ],
)
def test_filters_narrow_the_board(pairs, people, client_of, query: str, found: list[str]) -> None:
    assert names(client_of(people.curator).get(LIST + query)) == found


def test_board_is_narrowed_by_form_direction_and_the_near_end(pairs, people, client_of) -> None:
    other = word("direction", "parents")
    Pair.objects.filter(pk=pairs["Будущий"].pk).update(direction=other, form=word("form", "teacher-teacher"))
    Pair.objects.filter(pk=pairs["Новый"].pk).update(ends_on=day(30))
    Pair.objects.filter(pk=pairs["Зелёный"].pk).update(ends_on=day(31))
    client = client_of(people.curator)
    assert names(client.get(f"{LIST}?direction={other.pk}")) == ["Будущий"]
    assert names(client.get(f"{LIST}?form={word('form', 'teacher-teacher').pk}")) == ["Будущий"]
    assert names(client.get(f"{LIST}?soon=on")) == ["Новый"]


def test_board_is_narrowed_to_what_the_head_has_to_approve(pairs, people, client_of) -> None:
    submitted(people, pairs["Будущий"])
    assert names(client_of(people.director).get(f"{LIST}?state=submitted")) == ["Будущий"]


def in_order(response) -> list[str]:
    return [row.pair.mentees[0].surname for row in response.context["rows"]]


def test_board_is_sorted_as_asked(pairs, people, client_of) -> None:
    client = client_of(people.curator)
    Pair.objects.filter(pk=pairs["Красный"].pk).update(ends_on=day(40))
    assert in_order(client.get(LIST))[0] == "Новый"
    assert in_order(client.get(f"{LIST}?sort=ends"))[:2] == ["Старый", "Красный"]
    assert in_order(client.get(f"{LIST}?sort=ends"))[-1] == "Закрытый"
    assert in_order(client.get(f"{LIST}?sort=met"))[:3] == ["Красный", "Жёлтый", "Новый"]
    assert in_order(client.get(f"{LIST}?sort=mentor"))[0] == "Будущий"


def test_counts_lead_to_what_they_count(pairs, people, client_of) -> None:
    client = client_of(people.curator)
    tallies = client.get(LIST).context["tallies"]
    assert [(one.label, one.number) for one in tallies] == [
        ("Все", 7),
        ("Оформляются", 1),
        ("Встречи идут", 2),
        ("Давно не встречались", 1),
        ("Встреч нет, нужна помощь", 1),
        ("Срок истёк", 1),
        ("Завершены", 1),
        ("Нет согласия", 1),
        ("Нет приказа", 1),
        ("Нет программы", 5),
    ]
    assert [len(names(client.get(one.url))) for one in tallies] == [one.number for one in tallies]
    assert [one.label for one in client.get(tallies[4].url).context["tallies"] if one.current] == [tallies[4].label]


def test_counts_of_nothing_are_none(people, client_of) -> None:
    assert [(one.label, one.number) for one in client_of(people.curator).get(LIST).context["tallies"]] == [("Все", 0)]


def columns(response) -> dict[str, list[str]]:
    return {one.title: [row.pair.mentees[0].surname for row in one.rows] for one in response.context["columns"]}


def test_states_show_the_same_pairs_in_columns(pairs, people, client_of) -> None:
    client = client_of(people.curator)
    assert columns(client.get(f"{LIST}?view=states")) == {
        "Оформляются": ["Будущий"],
        "Встречи идут": ["Новый", "Зелёный"],
        "Давно не встречались": ["Жёлтый"],
        "Встреч нет, нужна помощь": ["Красный"],
        "Срок истёк": ["Старый"],
        "Завершены": ["Закрытый"],
    }
    filtered = columns(client.get(f"{LIST}?view=states&q=красный"))
    assert {title: rows for title, rows in filtered.items() if rows} == {"Встреч нет, нужна помощь": ["Красный"]}


def test_long_column_leads_to_the_whole_list(pairs, people, client_of, monkeypatch) -> None:
    monkeypatch.setattr("mentorship.views.board.IN_COLUMN", 1)
    client = client_of(people.curator)
    response = client.get(f"{LIST}?view=states&q=верескова")
    green = response.context["columns"][1]
    assert (green.number, len(green.rows), green.more) == (2, 1, 1)
    assert names(client.get(green.url)) == ["Зелёный", "Новый"]
    assert f'href="{green.url.replace("&", "&amp;")}">Ещё 1' in response.content.decode()


def test_row_tells_of_meetings_programme_and_term(pairs, people, client_of) -> None:
    pair = pairs["Зелёный"]
    met(pair, 3, people.curator, state="planned")
    made = programme(pair)
    activity(made, 5, "checked")
    activity(made, 9)
    Pair.objects.filter(pk=pair.pk).update(ends_on=day(12))
    page = client_of(people.curator).get(f"{LIST}?q=зеленый").content.decode()
    told = ["встречи идут", f"последняя {day(-2):%d.%m.%Y}", f"следующая {day(3):%d.%m.%Y}", "1 из 2"]
    assert [words for words in [*told, "осталось 12", "приказ № 1 от"] if words not in page] == []


def test_empty_board_says_what_to_do(people, client_of, pair: Pair) -> None:
    client = client_of(people.curator)
    assert "Ни одна пара не подошла" in client.get(f"{LIST}?light=late").content.decode()
    assert "Ни одна пара не подошла" in client.get(f"{LIST}?view=states&q=никто").content.decode()
    assert "Пар пока нет" in client_of(people.stranger).get(LIST).content.decode()


def test_who_sees_no_meetings_is_asked_nothing_about_them(pairs, people, client_of) -> None:
    client = client_of(people.psychologist)
    response = client.get(f"{LIST}?light=late&view=states&missing=programme&sort=met")
    assert names(response) == ["Будущий", "Жёлтый", "Закрытый", "Зелёный", "Красный", "Новый", "Старый"]
    assert response.context["tabs"] == []
    assert [one.label for one in response.context["tallies"]] == [
        *("Все", "Оформляются", "Срок истёк", "Завершены", "Действуют", "Нет согласия", "Нет приказа"),
    ]
    page = response.content.decode()
    assert [words for words in ("нет встреч", "последняя", "нет программы", "Программа</th>") if words in page] == []


def test_mentor_reads_the_own_pairs_without_counts(pair: Pair, pairs, people, client_of) -> None:
    at_work(pair, people)
    Participant.objects.filter(pk=pair.mentees[0].pk).update(user=people.teacher)
    response = client_of(people.teacher).get(LIST)
    assert (names(response), response.context["tallies"], response.context["tabs"]) == (["Ольхин"], [], [])


def test_other_school_is_not_counted(pairs, people, client_of) -> None:
    response = client_of(people.stranger).get(f"{LIST}?view=states")
    assert response.context["found"] is False
    assert [one.number for one in response.context["tallies"]] == [0]


def test_export_keeps_the_filters_of_the_board(pairs, people, client_of) -> None:
    client = client_of(people.curator)
    page = client.get(f"{LIST}?light=late&view=states").content.decode()
    assert "export.xlsx?light=late&amp;view=states" in page
    answer = client.post(reverse("pair_export", args=["csv"]) + "?light=late&view=states&sort=met")
    body = b"".join(answer.streaming_content).decode("utf-8-sig") if answer.streaming else answer.content.decode()
    assert ("Красный" in body, "Зелёный" in body) == (True, False)


def test_board_costs_the_same_for_one_and_three(pair: Pair, second, school, people, client_of, queries) -> None:
    client = client_of(people.curator)
    urls = (LIST, f"{LIST}?view=states", f"{LIST}?light=late&missing=draft&sort=met&q=и")
    at_work(pair, people, starts_on=day(-100))
    programme(pair, "draft")
    first = [queries(client, url) for url in urls]
    for name in ("Ракитина Мария Ильинична", "Ивин Пётр Ильич"):
        more = form_pair(second, [card(school, name)], people.curator, starts_on=day(-100))
        met(at_work(more, people), -50, people.curator)
        activity(programme(more, "draft"), 3)
    assert [len(client.get(url).context["rows"]) for url in (urls[0], urls[2])] == [3, 3]
    assert ([queries(client, url) for url in urls], first) == ([24, 26, 26], [24, 26, 26])


def test_figures_name_silent_pairs_and_what_waits(pairs, people, school) -> None:
    programme(pairs["Жёлтый"], "review")
    submitted(people, pairs["Будущий"])
    told = {
        who: [(one.value, one.label, one.url) for one in figures_for(getattr(people, who), school, day(0))]
        for who in ("curator", "director", "inspector")
    }
    red = ("1", "пара давно без встреч", f"{LIST}?light=late")
    without = ("4", "пары без программы", f"{LIST}?missing=programme")
    waiting = ("1", "пара ждёт утверждения", f"{LIST}?state=submitted")
    review = ("1", "программа на согласовании", f"{LIST}?missing=review")
    ours = {red, without, waiting, review}
    assert {who: set(figures) & ours for who, figures in told.items()} == {
        "curator": {red, without},
        "director": {waiting, review},
        "inspector": set(),
    }


def test_ready_consent_is_not_asked_of_a_closed_pair(pairs, people) -> None:
    agree(pairs["Закрытый"].mentor, ConsentKind.PROCESSING, people.curator)
    assert "Закрытый" not in lack_of(Lack.CONSENT)


def test_pair_that_came_to_nothing_is_counted_apart(pairs) -> None:
    Pair.objects.filter(pk=pairs["Будущий"].pk).update(state=PairState.DISSOLVED)
    assert counts_of(Pair.objects.all(), day(0), the_school()).places[Place.DISSOLVED] == 1
