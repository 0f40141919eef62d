"""What a signed paper must say before it is recorded: proof, signers, places, terms; each fault beside its field."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from core.documents.blocks import plain_text, read_blocks
from core.transitions import Refused
from mentorship.models import Category, Consent, ConsentKind, LegalDuty, Pair, PairState, Participant
from tests.mentorship.builders import agree, approved_order, card, day

TERMS = {"content": "разбор уроков", "term": "учебный год", "form": "педагог – педагог", "pay": "10 % оклада"}
MOTHER = {"representative": "Ветрова Анна Олеговна", "relation": "мать"}


def turned(years: int, on: dt.date) -> dt.date:
    """The date of birth of somebody who becomes so many years old on the day."""
    return on.replace(year=on.year - years, day=min(on.day, 28))


@pytest.fixture
def pupil(school, people, reference: None) -> Participant:
    """A pupil who became 14 a month ago, of the cast's class teacher."""
    born = turned(14, day(-30))
    more = {"category": Category.PUPIL, "birth_date": born, "class_teacher": people.class_teacher, "class_name": "8А"}
    return card(school, "Ветров Егор Ильич", "", **more)


def refusal(person: Participant, kind: str, actor, **more: object) -> list[str]:
    with pytest.raises(Refused) as refused:
        agree(person, kind, actor, **more)
    return refused.value.obstacles


# --- Proof ------------------------------------------------------------------------------------------------------------
def test_paper_without_a_scan_and_a_place_is_refused(mentee: Participant, people) -> None:
    words = ["Приложите скан или напишите, где хранится подписанная бумага."]
    assert refusal(mentee, ConsentKind.PROCESSING, people.curator, original_place="") == words
    assert agree(mentee, ConsentKind.PROCESSING, people.curator, original_place="сейф").original_place == "сейф"


def test_electronic_answer_needs_no_place(mentee: Participant, people) -> None:
    assert agree(mentee, ConsentKind.PROCESSING, people.curator, method="electronic", original_place="").pk


# --- Minors -----------------------------------------------------------------------------------------------------------
def test_representative_and_relation_are_both_needed(pupil: Participant, people) -> None:
    found = refusal(pupil, ConsentKind.PROCESSING, people.curator, signed_on=day(-60))
    assert found == [
        "Ветров\u00a0Е.\u00a0И. — несовершеннолетний участник: укажите законного представителя.",
        "Напишите, кем представитель приходится: «мать», «отец», «опекун».",
    ]


def test_from_fourteen_the_minor_signs_too(pupil: Participant, people) -> None:
    birthday = day(-30).replace(day=min(day(-30).day, 28))
    eve = birthday - dt.timedelta(days=1)
    assert agree(pupil, ConsentKind.PROCESSING, people.curator, signed_on=eve, **MOTHER).own_signature is False
    found = refusal(pupil, ConsentKind.PROCESSING, people.curator, signed_on=birthday, **MOTHER)
    assert found == ["На день подписи исполнилось 14 лет: нужна и подпись самого несовершеннолетнего."]
    both = agree(pupil, ConsentKind.PROCESSING, people.curator, signed_on=birthday, own_signature=True, **MOTHER)
    assert (both.relation, both.own_signature) == ("мать", True)


def test_class_teacher_records_for_own_pupils_only(pupil: Participant, mentee: Participant, people, client_of) -> None:
    client, url = client_of(people.class_teacher), reverse("consent_new", args=[pupil.pk, "processing"])
    data = {"answer": "given", "signed_on": day(-1), "method": "paper", "original_place": "класс", **MOTHER}
    without = client.post(url, data)
    assert "нужна и подпись самого" in without.context["form"].errors["own_signature"][0]
    assert client.post(url, {**data, "own_signature": "on"}).status_code == 302
    assert Consent.objects.get().recorded_by == people.class_teacher
    others = reverse("consent_new", args=[mentee.pk, "processing"])
    assert client.get(others).status_code == 403


def test_class_teacher_of_others_may_not_record(pupil: Participant, people, client_of) -> None:
    url = reverse("consent_new", args=[pupil.pk, "processing"])
    Participant.objects.filter(pk=pupil.pk).update(class_teacher=None)
    assert client_of(people.class_teacher).get(url).status_code == 403
    assert client_of(people.stranger).get(url).status_code == 404


# --- Publication ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [ConsentKind.DISSEMINATION, ConsentKind.PHOTO])
def test_places_are_named(mentee: Participant, people, kind: ConsentKind) -> None:
    found = refusal(mentee, kind, people.curator, resources=[])
    assert found == ["Отметьте, где разрешено показывать: так, как отмечено в бумаге."]
    assert agree(mentee, kind, people.curator, resources=["site", "section"]).resources == ["section", "site"]


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ({"photo": "без подписи"}, "Условие записано, а показ не отмечен. Отметьте данные или уберите условие."),
        ({"post": "Запрещаю"}, "Это запрет, а не условие: снимите отметку «должность и предмет»."),
        ({"post": "не показывать"}, "Это запрет, а не условие: снимите отметку «должность и предмет»."),
    ],
)
def test_condition_that_contradicts_the_mark_is_refused(mentee: Participant, people, conditions, words: str) -> None:
    assert refusal(mentee, ConsentKind.DISSEMINATION, people.curator, conditions=conditions) == [words]


def test_conditions_and_bans_open_the_term_of_publishing_them(mentee: Participant, people) -> None:
    more = {"conditions": {"post": "только с предметом"}, "bans": "не передавать другим"}
    consent = agree(mentee, ConsentKind.DISSEMINATION, people.curator, resources=["section", "site"], **more)
    assert consent.limits == [("должность и предмет", "только с предметом"), ("запрет", "не передавать другим")]
    duty = LegalDuty.objects.get()
    assert (duty.kind, duty.since, duty.done_on) == ("publish_conditions", consent.signed_on, None)


def test_section_publishes_the_conditions_of_its_mentors_itself(pair: Pair, people) -> None:
    more = {"resources": ["section"], "bans": "не передавать другим"}
    agree(pair.mentees[0], ConsentKind.DISSEMINATION, people.curator, **more)
    assert LegalDuty.objects.get().done_on is None
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=approved_order(pair.organisation, people))
    consent = agree(pair.mentor, ConsentKind.DISSEMINATION, people.curator, **more)
    duty = consent.duties.get()
    assert (duty.done_on, duty.note) == (day(0), "Условия и запреты показывает сам открытый раздел портала.")


def test_paper_without_conditions_opens_nothing(mentee: Participant, people) -> None:
    agree(mentee, ConsentKind.DISSEMINATION, people.curator)
    assert LegalDuty.objects.count() == 0


# --- The mentor's work ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("missing", list(TERMS))
def test_mentor_agrees_to_every_term(mentor: Participant, people, missing: str) -> None:
    terms = {name: text for name, text in TERMS.items() if name != missing}
    [words] = refusal(mentor, ConsentKind.MENTOR, people.curator, terms=terms)
    assert words.endswith("без этого согласие наставника неполное.")
    assert agree(mentor, ConsentKind.MENTOR, people.curator, terms=TERMS).terms == TERMS


def test_duties_of_the_post_need_their_document(mentor: Participant, people) -> None:
    found = refusal(mentor, ConsentKind.MENTOR, people.curator, terms={"in_duties": True})
    assert found == ["Укажите документ: трудовой договор или должностную инструкцию, номер и дату."]


def test_pupil_who_leads_has_no_terms_of_employment(pupil: Participant, people) -> None:
    assert agree(pupil, ConsentKind.MENTOR, people.curator, terms={}, own_signature=True, **MOTHER).terms == {}


def test_refusal_says_nothing_but_itself(mentor: Participant, people) -> None:
    consent = agree(mentor, ConsentKind.DISSEMINATION, people.curator, answer="refused", conditions={"post": "нельзя"})
    said = (consent.fields, consent.resources, consent.conditions, consent.signed_text, consent.text)
    assert said == ([], [], {}, "", None)


# --- The snapshot -----------------------------------------------------------------------------------------------------
def test_record_keeps_the_text_with_the_answers(mentor: Participant, people) -> None:
    more = {
        "shown": ["name", "post"],
        "conditions": {"post": "без нагрузки"},
        "bans": "не передавать",
        "resources": ["section"],
    }
    consent = agree(mentor, ConsentKind.DISSEMINATION, people.curator, **more)
    text = plain_text(read_blocks(consent.signed_text))
    assert [part for part in ("Верескова Алла Петровна", "без нагрузки", "не передавать") if part not in text] == []
    assert (text.count("■ да"), text.count("■ нет"), "□" in text) == (3, 5, False)
    assert (consent.text.version, "серия и номер" in text) == (1, False)


def test_snapshot_stays_as_it_was_when_the_person_changes(mentor: Participant, people) -> None:
    consent = agree(mentor, ConsentKind.PROCESSING, people.curator)
    mentor.surname = "Новая"
    mentor.save(update_fields=["surname"])
    consent.refresh_from_db()
    assert ("Верескова Алла" in consent.signed_text, "Новая" in consent.signed_text) == (True, False)


# --- Faults stand beside their fields ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("processing", {"original_place": ""}, "original_place"),
        ("processing", {"signed_on": day(1).isoformat()}, "signed_on"),
        ("processing", {"valid_until": day(-9).isoformat()}, "valid_until"),
        ("dissemination", {"resources": ["section"]}, "shown"),
        ("dissemination", {"shown": ["name"]}, "resources"),
        ("dissemination", {"shown": ["name"], "resources": ["section"], "condition_post": "х"}, "condition_post"),
        ("photo", {}, "resources"),
        ("mentor", {**TERMS, "pay": " "}, "pay"),
        ("mentor", {"in_duties": "on"}, "document"),
    ],
)
def test_fault_stands_beside_its_field(mentor: Participant, people, client_of, kind: str, data, field: str) -> None:
    url = reverse("consent_new", args=[mentor.pk, kind])
    typed = {"answer": "given", "signed_on": day(-1).isoformat(), "method": "paper", "original_place": "сейф", **data}
    response = client_of(people.curator).post(url, typed)
    assert (response.status_code, list(response.context["form"].errors), Consent.objects.count()) == (200, [field], 0)


def test_answer_overtaken_by_a_later_refusal_is_told_beside_the_date(mentor: Participant, people, client_of) -> None:
    agree(mentor, ConsentKind.PROCESSING, people.curator, answer="refused", signed_on=day(-1))
    url = reverse("consent_new", args=[mentor.pk, "processing"])
    typed = {"answer": "given", "signed_on": day(-1).isoformat(), "method": "paper", "original_place": "сейф"}
    assert list(client_of(people.curator).post(url, typed).context["form"].errors) == ["signed_on"]


def test_form_of_a_purpose_asks_only_what_it_needs(mentor: Participant, people, client_of) -> None:
    common = {"answer", "signed_on", "method", "valid_until", "scan", "original_place"}
    client = client_of(people.curator)
    asked = {
        kind: set(client.get(reverse("consent_new", args=[mentor.pk, kind])).context["form"].fields) - common
        for kind in ("processing", "transfer", "photo", "mentor", "dissemination")
    }
    assert asked == {
        "processing": set(),
        "transfer": set(),
        "photo": {"resources", "bans"},
        "mentor": {"in_duties", "document", *TERMS},
        "dissemination": {"shown", "resources", "bans"}
        | {f"condition_{field}" for field in ("name", "post", "experience", "photo")},
    }
