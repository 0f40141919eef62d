"""The pulse of a pair: when it is asked, that it may be left unanswered, who reads it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import Pair, Pulse
from mentorship.models.pulses import asked_on, asking_open
from mentorship.services.pulses import TOO_EARLY, TWICE, answer_pulse, mark_seen, open_pulse
from tests.mentorship.builders import day
from tests.mentorship.meeting_builders import working

GOOD, BAD = {"useful": 5, "often": 4, "trust": 5}, {"useful": 5, "often": 2, "trust": 5}


@pytest.fixture
def pair(mentor, mentee, leader, learner, people) -> Pair:
    return working(mentor, [mentee], people, "1", first=-40)


@pytest.mark.parametrize(
    ("worked", "asked", "is_open"),
    [
        (0, None, False), (29, None, False), (30, 30, True), (36, 30, True), (37, 30, False), (89, 30, False),
        (90, 90, True), (149, 90, False), (150, 150, True),
    ],
)  # fmt: skip
def test_asking_comes_after_a_month_and_every_two_months(worked, asked, is_open) -> None:
    start = day(-worked)
    assert asked_on(start, day(0)) == (None if asked is None else day(asked - worked))
    assert (asking_open(start, day(0)) is not None) == is_open


def test_answer_is_kept_and_said_nowhere_else(pair, learner, journal_count) -> None:
    before = journal_count()
    pulse = answer_pulse(pair=pair, values=BAD, text="ТАЙНОЕ слово", actor=learner)
    assert (pulse.asked_on, pulse.answered_on, pulse.is_low) == (day(-10), day(0), True)
    assert journal_count() == before + 1
    assert not any("ТАЙН" in str((one.text, one.changes)) for one in JournalEntry.objects.all())


def test_not_answering_closes_the_question_and_reads_the_same(pair, learner, leader) -> None:
    silent = answer_pulse(pair=pair, values={}, text="", actor=learner)
    answer_pulse(pair=pair, values=GOOD, text="", actor=leader)
    assert (silent.answered_on, silent.is_low, open_pulse(pair, learner)) == (None, False, False)
    texts = JournalEntry.objects.filter(event="mentorship.pulse.answer").values_list("text", flat=True)
    assert set(texts) == {"Вопросы о работе пары закрыты."}
    assert Pulse.objects.answered().count() == 1


def test_nobody_answers_twice(pair, learner) -> None:
    answer_pulse(pair=pair, values=GOOD, text="", actor=learner)
    with pytest.raises(Refused) as refused:
        answer_pulse(pair=pair, values=BAD, text="", actor=learner)
    assert refused.value.obstacles == [TWICE]
    pulse = Pulse.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Pulse.objects.create(pair=pair, participant=pulse.participant, asked_on=pulse.asked_on)


def test_young_pair_is_not_asked(mentor, mentee, leader, people) -> None:
    young = working(mentor, [mentee], people, "3", first=-29)
    with pytest.raises(Refused) as refused:
        answer_pulse(pair=young, values=GOOD, text="", actor=leader)
    assert refused.value.obstacles == [TOO_EARLY]


def test_only_the_pair_answers(pair, people) -> None:
    for actor in (people.curator, people.stranger, people.teacher):
        with pytest.raises(Forbidden):
            answer_pulse(pair=pair, values=GOOD, text="", actor=actor)


@pytest.mark.parametrize(
    ("values", "low"),
    [(GOOD, False), (BAD, True), ({"useful": 3, "often": 3, "trust": 3}, False), ({"trust": 1}, True), ({}, False)],
)
def test_low_answers_are_those_of_one_or_two(pair, learner, values, low) -> None:
    pulse = answer_pulse(pair=pair, values=values, text="слово", actor=learner)
    assert (pulse.is_low, Pulse.objects.low().exists()) == (low, low)


def test_reading_is_noted_once(pair, learner, people, journal_count) -> None:
    pulse = answer_pulse(pair=pair, values=BAD, text="", actor=learner)
    before = journal_count()
    for _ in range(2):
        mark_seen(pulse=pulse, actor=people.curator, day=day(0))
    assert (Pulse.objects.unseen().count(), journal_count()) == (0, before + 1)
    for actor in (people.director, people.stranger, learner):
        with pytest.raises(Forbidden):
            mark_seen(pulse=pulse, actor=actor, day=day(0))


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_answering_through_the_page(pair, learner, client_of) -> None:
    url = reverse("pulse_answer", args=[pair.pk])
    client = client_of(learner)
    assert f"{url}" in client.get(f"/cabinet/meetings/?pair={pair.pk}").content.decode()
    assert "хотя бы один ответ" in client.post(url, {"text": " "}).content.decode()
    assert client.post(url, {"useful": "9", "text": "ЧЕРНОВИК"}).content.decode().count("ЧЕРНОВИК") == 1
    client.post(url, {"useful": "4", "text": "Хорошо"})
    pulse = Pulse.objects.get()
    assert (pulse.useful, pulse.often, pulse.text) == (4, None, "Хорошо")
    assert url not in client.get(f"/cabinet/meetings/?pair={pair.pk}").content.decode()


def test_refusing_through_the_page(pair, learner, client_of) -> None:
    client_of(learner).post(reverse("pulse_answer", args=[pair.pk]), {"refuse": "1", "useful": "1"})
    assert Pulse.objects.get().answered_on is None


def test_page_of_questions_is_closed_to_others(pair, people, client_of) -> None:
    url = reverse("pulse_answer", args=[pair.pk])
    assert [client_of(person).get(url).status_code for person in (people.stranger, people.curator)] == [404, 403]


def test_answers_are_read_by_the_curator_alone(pair, leader, learner, people, client_of) -> None:
    answer_pulse(pair=pair, values=BAD, text="ТАЙНОЕ слово", actor=learner)
    url = reverse("pulse_list")
    assert "ТАЙНОЕ слово" in client_of(people.curator).get(url).content.decode()
    for person in (people.director, people.inspector, leader, learner, people.admin):
        assert client_of(person).get(url).status_code == 403
    for person in (people.director, leader):
        html = client_of(person).get(f"/cabinet/meetings/?pair={pair.pk}").content.decode()
        assert "ТАЙНОЕ" not in html


def test_another_school_reads_its_own_answers(pair, learner, people, client_of) -> None:
    pulse = answer_pulse(pair=pair, values=BAD, text="ТАЙНОЕ слово", actor=learner)
    client = client_of(people.stranger)
    assert "ТАЙНОЕ" not in client.get(reverse("pulse_list")).content.decode()
    assert client.post(reverse("pulse_seen", args=[pulse.pk])).status_code == 404


def test_list_of_answers_narrows_marks_and_costs_the_same(pair, leader, learner, people, client_of, queries) -> None:
    client, url = client_of(people.curator), reverse("pulse_list")
    low = answer_pulse(pair=pair, values=BAD, text="", actor=learner)
    before = queries(client, url)
    answer_pulse(pair=pair, values=GOOD, text="", actor=leader)
    assert (before, queries(client, url)) == (11, 11)
    assert list(client.get(f"{url}?low=on").context["rows"]) == [low]
    assert client.get(reverse("pulse_seen", args=[low.pk])).status_code == 405
    client.post(reverse("pulse_seen", args=[low.pk]))
    assert Pulse.objects.unseen().low().count() == 0
