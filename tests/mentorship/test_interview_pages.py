"""Pages of interviews: the checklist, the forms, who may open what, and what the home pages say."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.attention import queue_for
from accounts.models import User
from mentorship.models import BankCard, BankRole, Interview
from mentorship.services.interviews import Outcome, cancel_interview, plan_interview, record_now
from tests.mentorship.builders import card, day
from tests.mentorship.federal import banked

LIST = "/cabinet/banks/interviews/"
PLAN = f"{LIST}plan/"


@pytest.fixture
def mentor_card(mentor, people) -> BankCard:
    return banked(mentor, BankRole.MENTOR, people)


@pytest.fixture
def planned(mentor_card, people) -> Interview:
    return plan(mentor_card, people)


def plan(card: BankCard, people, offset: int = 3, interviewer: User | None = None) -> Interview:
    interviewer = interviewer or people.curator
    found = plan_interview(
        card=card, planned_for=day(max(offset, 0)), place="", interviewer=interviewer, actor=people.curator
    )
    Interview.objects.filter(pk=found.pk).update(planned_for=day(offset))
    found.refresh_from_db()
    return found


def hold(card: BankCard, people, conclusion: str = "recommended") -> Interview:
    outcome = Outcome(held_on=day(0), conclusion=conclusion, reason="не хочет")
    return record_now(card=card, outcome=outcome, interviewer=people.curator, actor=people.curator)


def names(response) -> list[str]:
    return [row.card.participant.surname for row in response.context["rows"]]


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


# --- The checklist ----------------------------------------------------------------------------------------------------
@pytest.fixture
def four(school, people) -> dict[str, BankCard]:
    """One missed, one that nobody has planned, one planned, one held."""
    found = {}
    for surname in ("Ягодин", "Вишнин", "Берёзин", "Акимов"):
        found[surname] = banked(card(school, f"{surname} Пётр Ильич"), BankRole.MENTOR, people)
    plan(found["Ягодин"], people, -2)
    plan(found["Берёзин"], people, 2)
    hold(found["Акимов"], people)
    return found


def test_checklist_puts_the_missed_first_and_the_held_last(four, people, client_of) -> None:
    response = client_of(people.curator).get(LIST)
    assert names(response) == ["Ягодин", "Вишнин", "Берёзин", "Акимов"]
    assert [row.chip.word for row in response.context["rows"]] == [
        f"{day(-2):%d.%m.%Y}: день прошёл, итог не записан",
        "не назначено",
        f"назначено {day(2):%d.%m.%Y}",
        f"проведено {day(0):%d.%m.%Y}",
    ]
    assert [(one.label, one.value, one.bad) for one in response.context["tallies"]] == [
        ("день прошёл, итог не записан", 1, True),
        ("не назначено", 1, False),
        ("назначено", 1, False),
        ("проведено", 1, False),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=missed", ["Ягодин"]),
        ("state=without", ["Вишнин"]),
        ("state=planned", ["Берёзин"]),
        ("state=held", ["Акимов"]),
        ("q=березин", ["Берёзин"]),
        ("role=mentee", []),
        ("role=mentor&q=ким", ["Акимов"]),
        ("state=бред", ["Ягодин", "Вишнин", "Берёзин", "Акимов"]),
    ],
)
def test_checklist_filters(four, people, client_of, query, expected) -> None:
    assert names(client_of(people.curator).get(f"{LIST}?{query}")) == expected


def test_interview_of_last_year_asks_for_a_new_one(four, people, client_of) -> None:
    Interview.objects.filter(state="held").update(held_on=day(-400))
    assert names(client_of(people.curator).get(f"{LIST}?state=without")) == ["Акимов", "Вишнин"]


def test_candidates_are_not_in_the_checklist_but_their_talks_are(four, people, client_of) -> None:
    BankCard.objects.filter(pk=four["Вишнин"].pk).update(state="candidate")
    BankCard.objects.filter(pk=four["Берёзин"].pk).update(state="archived")
    assert names(client_of(people.curator).get(LIST)) == ["Ягодин", "Берёзин", "Акимов"]


def test_checklist_costs_the_same_for_one_and_three(mentor_card, school, people, client_of, queries) -> None:
    client = client_of(people.curator)
    plan(mentor_card, people)
    before = queries(client, LIST)
    for surname in ("Ивин", "Осин"):
        plan(banked(card(school, f"{surname} Пётр Ильич"), BankRole.MENTEE, people), people)
    assert (before, queries(client, LIST)) == (15, 15)


def test_empty_checklist_leads_to_the_banks(people, client_of) -> None:
    html = client_of(people.curator).get(LIST).content.decode()
    assert "Беседовать пока не с кем" in html
    assert 'href="/cabinet/banks/"' in html


def test_checklist_never_shows_another_school(four, people, client_of) -> None:
    assert names(client_of(people.stranger).get(LIST)) == []


# --- Who may open what ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "seen", "changed"),
    [
        ("curator", 200, 200),
        ("psychologist", 200, 200),
        ("director", 200, 403),
        ("inspector", 200, 403),
        ("teacher", 403, 403),
        ("methodical_union", 403, 403),
        ("stranger", 404, 404),
    ],
)
def test_pages_open_to_those_who_may(planned, people, client_of, who, seen, changed) -> None:
    client, pk = client_of(getattr(people, who)), planned.card_id
    looked = [reverse("interview_detail", args=[planned.pk]), reverse("interview_blank", args=[pk, "pdf"])]
    written = [reverse(f"interview_{step}", args=[planned.pk]) for step in ("record", "cancel")]
    assert [client.get(url).status_code for url in looked] == [seen] * 2
    assert [client.get(url).status_code for url in written] == [changed] * 2
    lists = {404: 200}.get(seen, seen)
    assert client.get(LIST).status_code == lists
    assert client.get(f"{PLAN}?card={pk}").status_code == {404: 200}.get(changed, changed)


def test_record_is_hidden_from_the_person_and_the_mentor(mentor_card, people, client_of) -> None:
    mentor_card.participant.user = people.teacher
    mentor_card.participant.save(update_fields=["user"])
    outcome = Outcome(held_on=day(0), conclusion="later", record="Канарейка-17")
    held = record_now(card=mentor_card, outcome=outcome, interviewer=people.curator, actor=people.curator)
    client = client_of(again(people.teacher))
    assert client.get(reverse("interview_detail", args=[held.pk])).status_code == 403
    for url in ("/cabinet/", reverse("my_card"), reverse("participant_detail", args=[mentor_card.participant_id])):
        assert "Канарейка" not in client.get(url).content.decode()
    assert (
        "Канарейка" in client_of(people.psychologist).get(reverse("interview_detail", args=[held.pk])).content.decode()
    )


def test_sheet_has_no_other_formats(planned, people, client_of) -> None:
    assert client_of(people.curator).get(reverse("interview_blank", args=[planned.card_id, "exe"])).status_code == 404


# --- Planning ---------------------------------------------------------------------------------------------------------
def test_plan_page_makes_interviews_for_everybody_ticked(mentor_card, school, people, client_of, journal_count) -> None:
    other = banked(card(school, "Ивин Пётр Ильич"), BankRole.MENTEE, people)
    client, before = client_of(people.curator), journal_count()
    url = f"{PLAN}?card={mentor_card.pk}&card={other.pk}"
    data = {"planned_for": day(3).isoformat(), "place": "15:10", "interviewer": people.psychologist.pk}
    assert client.get(url).context["form"].initial["interviewer"] == people.curator.pk
    response = client.post(url, data)
    assert (response.status_code, response.url, Interview.objects.count()) == (302, LIST, 2)
    assert journal_count() == before + 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"planned_for": "вчера"}, "Введите правильную дату"),
        ({"planned_for": "2001-01-01"}, "Этот день уже прошёл"),
        ({"planned_for": ""}, "Обязательное поле"),
        ({"interviewer": "999999"}, "Выберите корректный вариант"),
    ],
)
def test_plan_page_explains_wrong_input_and_keeps_what_was_typed(mentor_card, people, client_of, data, words) -> None:
    sent = {"planned_for": day(3).isoformat(), "place": "кабинет 12", "interviewer": people.curator.pk, **data}
    response = client_of(people.curator).post(f"{PLAN}?card={mentor_card.pk}", sent)
    html = response.content.decode()
    assert (response.status_code, words in html, "кабинет 12" in html) == (200, True, True)
    assert Interview.objects.count() == 0


def test_plan_page_refuses_what_the_service_refuses(planned, people, client_of) -> None:
    sent = {"planned_for": day(3).isoformat(), "interviewer": people.curator.pk}
    response = client_of(people.curator).post(f"{PLAN}?card={planned.card_id}", sent)
    assert (response.status_code, "собеседование уже назначено" in response.content.decode()) == (200, True)


def test_plan_page_without_people_says_where_to_tick_them(people, client_of) -> None:
    assert "Никто не выбран" in client_of(people.curator).get(PLAN).content.decode()


@pytest.mark.parametrize("query", ["card=999999", "card=бред", "card=1e9"])
def test_plan_of_unknown_cards_is_a_plan_of_nobody(people, client_of, query) -> None:
    client = client_of(people.curator)
    for response in (client.get(f"{PLAN}?{query}"), client.post(f"{PLAN}?{query}", {})):
        assert (response.status_code, "Никто не выбран" in response.content.decode()) == (200, True)


def test_plan_leaves_out_cards_of_others_and_says_so(planned, people, client_of) -> None:
    own, others = f"{PLAN}?card={planned.card_id}", planned.card.participant.full_name
    page = client_of(people.curator).get(f"{own}&card=999999").content.decode()
    assert ("не вошла 1 карточка" in page, others in page) == (True, True)
    assert "не вошла" not in client_of(people.curator).get(own).content.decode()
    page = client_of(people.stranger).get(own).content.decode()
    assert ("Никто не выбран" in page, others in page) == (True, False)


# --- Recording and calling off ----------------------------------------------------------------------------------------
def test_record_page_moves_the_card(planned, people, client_of) -> None:
    url = reverse("interview_record", args=[planned.pk])
    sent = {"held_on": day(0).isoformat(), "conclusion": "recommended", "record": "Готова.", "reason": ""}
    response = client_of(people.psychologist).post(url, sent)
    planned.refresh_from_db()
    assert (response.status_code, planned.state, planned.card.state) == (302, "held", "selected")
    late = client_of(people.curator).get(url)
    assert (late.status_code, late.url) == (302, reverse("interview_detail", args=[planned.pk]))


def test_record_page_asks_for_the_reason_of_a_refusal(planned, people, client_of) -> None:
    url = reverse("interview_record", args=[planned.pk])
    sent = {"held_on": day(0).isoformat(), "conclusion": "declined", "record": "Долгий разговор", "reason": " "}
    html = client_of(people.curator).post(url, sent).content.decode()
    assert ("Напишите причину" in html, "Долгий разговор" in html) == (True, True)
    assert client_of(people.curator).post(url, {**sent, "reason": "нет времени"}).status_code == 302
    assert BankCard.objects.get(pk=planned.card_id).state_reason == "нет времени"


@pytest.mark.parametrize(
    "data", [{"held_on": day(2).isoformat()}, {"conclusion": "бред"}, {"conclusion": ""}, {"record": "а" * 4001}]
)
def test_record_page_refuses_wrong_input(planned, people, client_of, data) -> None:
    sent = {"held_on": day(0).isoformat(), "conclusion": "later", **data}
    response = client_of(people.curator).post(reverse("interview_record", args=[planned.pk]), sent)
    planned.refresh_from_db()
    assert (response.status_code, planned.state) == (200, "planned")


def test_refused_conclusion_leaves_the_page_as_it_was(planned, people, client_of) -> None:
    BankCard.objects.filter(pk=planned.card_id).update(state="archived")
    sent = {"held_on": day(0).isoformat(), "conclusion": "later", "record": "Разговор"}
    response = client_of(people.curator).post(reverse("interview_record", args=[planned.pk]), sent)
    assert (response.status_code, "внесите человека в банк" in response.content.decode()) == (200, True)


def test_unplanned_talk_has_a_page_of_its_own(mentor_card, people, client_of) -> None:
    url, client = reverse("interview_record_now", args=[mentor_card.pk]), client_of(people.curator)
    sent = {"held_on": day(0).isoformat(), "conclusion": "recommended", "interviewer": people.psychologist.pk}
    assert client.get(url).status_code == 200
    response = client.post(url, sent)
    interview = Interview.objects.get()
    assert (response.status_code, response.url) == (302, reverse("interview_detail", args=[interview.pk]))
    twice = client.post(url, sent)
    assert (twice.status_code, "уже записан" in twice.content.decode()) == (200, True)
    assert client_of(people.stranger).get(url).status_code == 404
    assert client_of(people.director).get(url).status_code == 403


def test_planned_talk_is_recorded_on_its_own_page(planned, people, client_of) -> None:
    response = client_of(people.curator).get(reverse("interview_record_now", args=[planned.card_id]))
    assert (response.status_code, response.url) == (302, reverse("interview_record", args=[planned.pk]))


def test_cancelled_talk_offers_to_plan_another(planned, people, client_of) -> None:
    client, detail = client_of(people.curator), reverse("interview_detail", args=[planned.pk])
    assert client.post(reverse("interview_cancel", args=[planned.pk]), {"reason": "карантин"}).url == detail
    assert "Назначить снова" in client.get(detail).content.decode()
    late = client.post(reverse("interview_cancel", args=[planned.pk]), {"reason": "карантин"})
    assert (late.status_code, late.url) == (302, detail)


def test_bank_card_shows_its_interviews(planned, people, client_of) -> None:
    url = reverse("bank_detail", args=[planned.card_id])
    assert "Записать итог" in client_of(people.curator).get(url).content.decode()
    html = client_of(people.director).get(url).content.decode()
    assert ("назначено" in html, "Записать итог" in html) == (True, False)
    assert "Собеседования" not in client_of(people.methodical_union).get(url).content.decode().split("<main")[1]


# --- The home pages ---------------------------------------------------------------------------------------------------
def entries(user: User, school, word: str) -> list[tuple[str, str, bool]]:
    queue = queue_for(again(user), school, day(0))
    return [(one.title, one.url, one.late) for one in (*queue.late, *queue.now) if word in one.title]


def test_interviewer_is_reminded_of_the_near_and_the_missed(four, people, school) -> None:
    far = banked(card(school, "Дальний Пётр Ильич"), BankRole.MENTEE, people)
    plan(far, people, 8)
    plan(four["Вишнин"], people, 1, people.psychologist)
    near, missed = four["Берёзин"].interviews.get(), four["Ягодин"].interviews.get()
    assert entries(people.curator, school, "Собеседование:") == [
        ("Собеседование: Ягодин\u00a0П.\u00a0И., наставник", reverse("interview_record", args=[missed.pk]), True),
        ("Собеседование: Берёзин\u00a0П.\u00a0И., наставник", reverse("interview_detail", args=[near.pk]), False),
    ]
    assert [title for title, *_ in entries(people.psychologist, school, "Собеседование:")] == [
        "Собеседование: Вишнин\u00a0П.\u00a0И., наставник"
    ]
    cancel_interview(interview=missed, actor=people.curator, reason="болезнь")
    assert len(entries(people.curator, school, "Собеседование:")) == 1


def test_curator_reads_how_many_are_to_plan(four, people, school, other_school) -> None:
    assert entries(people.curator, school, "Не назначено") == [
        ("Не назначено 1 собеседование", f"{LIST}?state=without", False)
    ]
    for who in ("psychologist", "director", "teacher", "stranger"):
        assert entries(getattr(people, who), school, "Не назначено") == []


def test_many_interviews_end_in_one_line(people, school) -> None:
    for number in range(11):
        plan(banked(card(school, f"Ивин{'а' * number} Пётр Ильич"), BankRole.MENTEE, people), people, 1)
    assert len(entries(people.curator, school, "Собеседование:")) == 10
    assert [url for _, url, _ in entries(people.curator, school, "Ещё собеседования")] == [LIST]
