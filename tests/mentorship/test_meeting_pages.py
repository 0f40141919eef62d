"""Pages of meetings: the journal and its filters, an entry, mending, cancelling, confirming, the rules."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.models import JournalEntry
from mentorship.models import Meeting, MeetingConfirmation, MeetingKind, MeetingRules, Pair
from mentorship.services.meetings import confirm_meeting
from tests.mentorship.builders import card, day
from tests.mentorship.meeting_builders import held, planned, working

LIST, NEW = "/cabinet/meetings/", "/cabinet/meetings/new/"
STORY = "Разобрали урок геометрии."


@pytest.fixture
def pair(mentor, mentee, leader, learner, people) -> Pair:
    return working(mentor, [mentee], people, "1")


@pytest.fixture
def other(school, people, pair) -> Pair:
    """A second pair of the school, of people who do not sign in."""
    first, second = card(school, "Акимова Зоя Ильинична"), card(school, "Белов Юрий Петрович")
    return working(first, [second], people, "2")


def page(name: str, *keys: int, query: str = "") -> str:
    return reverse(name, args=keys) + query


def story(**more: object) -> dict[str, object]:
    return {"day": day(-1).isoformat(), "kind": "organisational", "minutes": "45", "done": STORY, **more}


def days(response) -> list[str]:
    return [f"{meeting.day:%d.%m}" for meeting, _ in response.context["rows"]]


def short(*offsets: int) -> list[str]:
    return [f"{day(offset):%d.%m}" for offset in offsets]


# --- The journal ------------------------------------------------------------------------------------------------------
def test_everybody_sees_their_own_journal(pair, other, leader, learner, people, client_of) -> None:
    held(pair, leader, -5)
    held(other, people.curator, -3)
    assert days(client_of(people.curator).get(LIST)) == short(-3, -5)
    for person in (leader, learner):
        assert days(client_of(person).get(LIST)) == short(-5)
    assert days(client_of(people.stranger).get(LIST)) == []


def test_what_was_and_what_is_ahead_are_two_lists(pair, leader, client_of) -> None:
    held(pair, leader, -5)
    planned(pair, leader, -2, MeetingKind.REGULAR)
    planned(pair, leader, 20, MeetingKind.REGULAR)
    planned(pair, leader, 6, MeetingKind.REGULAR)
    client = client_of(leader)
    response = client.get(LIST)
    assert days(response) == short(-2, -5)
    assert [chip.word for _, chip in response.context["rows"]] == ["нет записи", "не подтверждена"]
    assert days(client.get(f"{LIST}?when=ahead")) == short(6, 20)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=верес", [-5, -9]),
        ("q=акимова", [-3]),
        ("state=unconfirmed", [-3, -9]),
        ("state=disputed", [-5]),
        ("state=cancelled", []),
        ("kind=organisational", [-3, -9]),
        ("kind=regular&state=held", [-5]),
        ("since={-4}", [-3]),
        ("until={-4}", [-5, -9]),
        ("state=чушь&since=чушь", [-3, -5, -9]),
    ],
)
def test_filters_narrow_the_journal(pair, other, leader, learner, people, client_of, query, expected) -> None:
    held(pair, leader, -9)
    confirm_meeting(meeting=held(pair, leader, -5, MeetingKind.REGULAR), agrees=False, text="Не так", actor=learner)
    held(other, people.curator, -3)
    query = query.replace("{-4}", day(-4).isoformat())
    assert days(client_of(people.curator).get(f"{LIST}?{query}")) == short(*expected)


def test_journal_of_one_pair_is_named_in_the_address(pair, other, leader, people, client_of) -> None:
    held(pair, leader, -5)
    held(other, people.curator, -3)
    response = client_of(people.curator).get(f"{LIST}?pair={pair.pk}")
    assert (days(response), response.context["pair"]) == (short(-5), pair)
    for person, named in ((people.stranger, pair), (leader, other)):
        response = client_of(person).get(f"{LIST}?pair={named.pk}")
        assert (days(response), response.context["pair"]) == ([], None)


def test_journal_costs_the_same_for_one_and_three(pair, leader, people, client_of, queries) -> None:
    client = client_of(people.curator)
    held(pair, leader, -9)
    before = queries(client, LIST)
    for offset in (-5, -3):
        held(pair, leader, offset, MeetingKind.REGULAR)
    assert (before, queries(client, LIST)) == (13, 13)


def test_empty_journal_says_what_to_do(pair, leader, people, client_of) -> None:
    assert "Записать встречу" in client_of(leader).get(LIST).content.decode()
    assert "Встреч пока нет" in client_of(people.inspector).get(LIST).content.decode()
    assert "Ни одна встреча не подошла" in client_of(leader).get(f"{LIST}?q=нет").content.decode()


def test_journal_is_closed_to_wrong_roles(pair, people, client_of) -> None:
    assert client_of(people.teacher).get(LIST).status_code == 403
    assert client_of(people.municipal).get(LIST).status_code == 403


def test_page_of_the_pair_leads_to_its_journal(pair, leader, client_of) -> None:
    assert f"{LIST}?pair={pair.pk}" in client_of(leader).get(page("pair_detail", pair.pk)).content.decode()


def test_export_is_written_into_the_history(pair, leader, people, client_of) -> None:
    held(pair, leader, -5)
    response = client_of(people.curator).get(reverse("meeting_export", args=["csv"]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert (text.count("\n"), "Посмотрели урок." in text) == (2, True)
    assert JournalEntry.objects.latest("pk").text.startswith("Выгружен список «Встречи»")
    assert client_of(leader).get(reverse("meeting_export", args=["csv"])).status_code == 403


# --- An entry ---------------------------------------------------------------------------------------------------------
def test_entry_is_ready_but_for_the_story(pair, leader, client_of) -> None:
    response = client_of(leader).get(NEW)
    assert response.context["form"].initial["kind"] == MeetingKind.ORGANISATIONAL
    assert response.context["pair"] == pair
    client_of(leader).post(NEW, story())
    assert Meeting.objects.get().done == STORY


@pytest.mark.parametrize("who", ["leader", "learner"])
def test_either_side_writes(pair, leader, learner, client_of, who) -> None:
    person = {"leader": leader, "learner": learner}[who]
    response = client_of(person).post(NEW, story())
    assert response.url == page("meeting_detail", Meeting.objects.get().pk)
    assert Meeting.objects.get().entered_by == person


def test_whoever_has_several_pairs_is_asked_which(pair, other, people, client_of) -> None:
    client = client_of(people.curator)
    assert "Чья встреча?" in client.get(NEW).content.decode()
    client.post(f"{NEW}?pair={other.pk}", story())
    assert Meeting.objects.get().pair == other


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"done": ""}, "Хватит одного предложения."),
        ({"minutes": "много"}, "Напишите число минут, например 45."),
        ({"minutes": "4"}, "больше либо равно 5"),
        ({"day": "завтра"}, "правильную дату"),
        ({"kind": "чушь"}, "Выберите корректный вариант"),
        ({"kind": "final"}, "Итоговая встреча не может быть первой"),
        ({"done": "ы" * 2001}, "не более 2000"),
    ],
)
def test_bad_entry_keeps_the_words_and_says_why(pair, leader, client_of, more, sentence) -> None:
    sent = {**story(next_step="ЧЕРНОВИК-шаг"), **more}
    html = client_of(leader).post(NEW, sent).content.decode()
    assert sentence in html
    assert "ЧЕРНОВИК-шаг" in html
    assert Meeting.objects.count() == 0


def test_entry_of_tomorrow_is_refused_beside_the_day(pair, leader, client_of) -> None:
    response = client_of(leader).post(NEW, story(day=day(1).isoformat()))
    assert "ещё не наступил" in response.context["form"].errors["day"][0]
    assert STORY in response.content.decode()


def test_planned_meeting_becomes_the_entry(pair, leader, client_of) -> None:
    plan = planned(pair, leader, -3)
    client_of(leader).post(f"{NEW}?meeting={plan.pk}", story(day=day(-3).isoformat()))
    plan.refresh_from_db()
    assert (plan.state, Meeting.objects.count()) == ("held", 1)


def test_entry_is_not_for_strangers_or_wrong_roles(pair, other, leader, people, client_of) -> None:
    assert client_of(people.director).get(NEW).status_code == 403
    plan = planned(other, people.curator, -1)
    for person, query in (
        (people.stranger, f"pair={pair.pk}"), (leader, f"pair={other.pk}"), (leader, "pair=999999"),
        (leader, "pair=чушь"), (people.stranger, f"meeting={plan.pk}"),
    ):  # fmt: skip
        response = client_of(person).post(f"{NEW}?{query}", story())
        assert "Чья встреча?" in response.content.decode()
    assert list(Meeting.objects.all()) == [plan]


def test_meeting_that_somebody_has_written_down_is_not_written_again(pair, leader, learner, client_of) -> None:
    meeting = held(pair, leader)
    response = client_of(learner).post(f"{NEW}?meeting={meeting.pk}", story(done="И я"))
    assert response.url == page("meeting_detail", meeting.pk)
    assert Meeting.objects.count() == 1


# --- One meeting ------------------------------------------------------------------------------------------------------
def test_page_of_a_meeting_offers_each_side_its_own(pair, leader, learner, people, client_of) -> None:
    meeting = held(pair, leader)
    url = page("meeting_detail", meeting.pk)
    labels = {
        person.username: [one.label for one in client_of(person).get(url).context["buttons"]]
        for person in (leader, learner, people.curator, people.director)
    }
    assert labels == {
        "leader": ["Исправить запись", "Вычеркнуть запись"],
        "learner": ["Подтвердить или дополнить"],
        "curator": [],
        "director": [],
    }


def test_page_of_a_planned_meeting_explains_why_it_cannot_be_written_yet(pair, leader, client_of) -> None:
    meeting = planned(pair, leader, 4)
    buttons = client_of(leader).get(page("meeting_detail", meeting.pk)).context["buttons"]
    assert [(one.label, bool(one.obstacles)) for one in buttons] == [
        ("Записать встречу", True), ("Перенести", False), ("Отменить встречу", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["meeting_detail", "meeting_edit", "meeting_cancel", "meeting_confirm", "meeting_move", "meeting_note_new"]
)
def test_pages_of_a_meeting_are_closed_to_others(pair, leader, people, client_of, name) -> None:
    url = page(name, held(pair, leader).pk)
    assert client_of(people.stranger).get(url).status_code == 404
    assert client_of(people.teacher).get(url).status_code == 403


def test_mending_through_the_page(pair, leader, learner, client_of) -> None:
    meeting = held(pair, leader)
    url = page("meeting_edit", meeting.pk)
    assert client_of(leader).get(url).context["form"]["done"].value() == "Посмотрели урок."
    client_of(leader).post(url, story(done="Иначе."))
    meeting.refresh_from_db()
    assert meeting.done == "Иначе."
    assert client_of(learner).get(url).url == page("meeting_detail", meeting.pk)


def test_cancelling_and_striking_out_through_the_page(pair, leader, client_of) -> None:
    plan, written = planned(pair, leader, 5, MeetingKind.REGULAR), held(pair, leader)
    for meeting in (plan, written):
        url = page("meeting_cancel", meeting.pk)
        assert "Обязательное поле" in client_of(leader).post(url, {"reason": "  "}).content.decode()
        client_of(leader).post(url, {"reason": "Перепутал день"})
        meeting.refresh_from_db()
        assert (meeting.state, meeting.cancel_reason) == ("cancelled", "Перепутал день")
        assert client_of(leader).get(url).status_code == 302


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"answer": "yes", "text": "лишнее"}, (True, "")),
        ({"answer": "more", "text": "И план"}, (True, "И план")),
        ({"answer": "no", "text": "Было 20 минут"}, (False, "Было 20 минут")),
    ],
)
def test_confirming_through_the_page(pair, leader, learner, client_of, sent, expected) -> None:
    meeting = held(pair, leader)
    client_of(learner).post(page("meeting_confirm", meeting.pk), sent)
    said = MeetingConfirmation.objects.get()
    assert (said.agrees, said.text) == expected


@pytest.mark.parametrize("answer", ["more", "no", "чушь", ""])
def test_answer_without_words_is_asked_for_them(pair, leader, learner, client_of, answer) -> None:
    meeting = held(pair, leader)
    response = client_of(learner).post(page("meeting_confirm", meeting.pk), {"answer": answer})
    assert response.status_code == 200
    assert MeetingConfirmation.objects.count() == 0


def test_author_is_led_back_from_confirming(pair, leader, client_of) -> None:
    meeting = held(pair, leader)
    assert client_of(leader).get(page("meeting_confirm", meeting.pk)).url == page("meeting_detail", meeting.pk)


# --- Rules ------------------------------------------------------------------------------------------------------------
def test_rules_are_saved_with_a_trace(school, people, client_of, journal_count) -> None:
    before = journal_count()
    client_of(people.curator).post(reverse("meeting_rules_edit"), {"yellow_days": "10", "red_days": "20"})
    assert MeetingRules.objects.get(organisation=school).limits == (10, 20)
    assert journal_count() == before + 1


@pytest.mark.parametrize(("yellow", "red"), [("20", "20"), ("1", "20"), ("десять", "20"), ("20", "9999")])
def test_wrong_rules_are_refused_in_words(people, client_of, yellow, red) -> None:
    response = client_of(people.curator).post(reverse("meeting_rules_edit"), {"yellow_days": yellow, "red_days": red})
    assert (response.status_code, response.context["form"].is_valid()) == (200, False)
    assert MeetingRules.objects.count() == 0


def test_rules_are_closed_to_others(pair, leader, people, client_of) -> None:
    for person in (leader, people.inspector, people.municipal):
        assert client_of(person).get(reverse("meeting_rules_edit")).status_code == 403
