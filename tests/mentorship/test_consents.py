"""Recording and withdrawing consents: every answer its own record, nothing overtaken, nothing edited."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Letter, Membership, User
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import Category, Consent, ConsentKind, Pair, Participant, consent_lights
from mentorship.services.consents import withdraw_consent
from tests.mentorship.builders import agree, card, day, grown_on

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def live_kinds(person: Participant, on: dt.date) -> list[str]:
    return sorted(Consent.objects.live(on).filter(participant=person).values_list("kind", flat=True))


# --- The law ----------------------------------------------------------------------------------------------------------
def test_consent_counts_from_its_signature_to_its_end(mentee: Participant, people) -> None:
    agree(mentee, ConsentKind.PROCESSING, people.curator, signed_on=day(-10), valid_until=day(5))
    assert [live_kinds(mentee, day(offset)) for offset in (-11, -10, 5, 6)] == [[], ["processing"], ["processing"], []]


def test_withdrawal_counts_from_its_own_day(mentee: Participant, people) -> None:
    consent = agree(mentee, ConsentKind.PROCESSING, people.curator)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(-2), reason="заявление")
    assert [live_kinds(mentee, day(offset)) for offset in (-3, -2)] == [["processing"], []]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"signed_on": day(1)}, "Дата подписи не может быть в будущем."),
        ({"signed_on": dt.date(1999, 12, 31)}, "Проверьте год подписи."),
        ({"valid_until": day(-21)}, "Срок согласия не может закончиться раньше подписи."),
    ],
)
def test_impossible_paper_is_refused(mentee: Participant, people, more: dict, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        agree(mentee, ConsentKind.PROCESSING, people.curator, **more)
    assert (refusal.value.obstacles, Consent.objects.count()) == ([words], 0)


def test_publication_without_a_field_is_refused(mentee: Participant, people) -> None:
    with pytest.raises(Refused, match="Отметьте, что разрешено показывать"):
        agree(mentee, ConsentKind.DISSEMINATION, people.curator, shown=[])


def test_pair_consent_is_of_a_mentee_of_that_pair(pair: Pair, second: Participant, people) -> None:
    for person, to in ((second, pair), (pair.mentees[0], None)):
        with pytest.raises(Refused, match="Укажите пару"):
            agree(person, ConsentKind.PAIR, people.curator, pair=to)


def test_refusal_is_answered_only_by_a_later_paper(mentee: Participant, people) -> None:
    agree(mentee, ConsentKind.PROCESSING, people.curator, answer="refused", signed_on=day(-5))
    for offset in (-6, -5):
        with pytest.raises(Refused, match="Записан отказ от"):
            agree(mentee, ConsentKind.PROCESSING, people.curator, signed_on=day(offset))
    agree(mentee, ConsentKind.PROCESSING, people.curator, signed_on=day(-4))
    answers = Consent.objects.filter(participant=mentee).order_by("signed_on").values_list("answer", flat=True)
    assert list(answers) == ["refused", "given"]


def test_refusal_does_not_stand_beside_a_live_consent(mentee: Participant, people) -> None:
    agree(mentee, ConsentKind.PROCESSING, people.curator)
    with pytest.raises(Refused, match="оформите отзыв"):
        agree(mentee, ConsentKind.PROCESSING, people.curator, answer="refused", signed_on=day(-1))


def test_newer_consent_takes_the_place_of_the_live_one(mentee: Participant, people) -> None:
    wide = agree(mentee, ConsentKind.DISSEMINATION, people.curator, shown=["name", "post", "experience"])
    narrow = agree(mentee, ConsentKind.DISSEMINATION, people.curator, shown=["name"], signed_on=day(-3))
    wide.refresh_from_db()
    assert (wide.withdrawn_on, wide.withdrawal_reason) == (day(-3), f"Заменено согласием от {day(-3):%d.%m.%Y}.")
    assert list(Consent.objects.live(day(0))) == [narrow]
    assert list(Consent.objects.live(day(-4))) == [wide]


def test_older_paper_does_not_overtake_a_newer_one(mentee: Participant, people) -> None:
    agree(mentee, ConsentKind.PROCESSING, people.curator, signed_on=day(-3))
    with pytest.raises(Refused, match="Есть более поздняя запись"):
        agree(mentee, ConsentKind.PROCESSING, people.curator, signed_on=day(-4))


def test_minor_needs_a_representative_until_the_birthday(school, people, reference) -> None:
    pupil = card(school, "Ветров Егор Ильич", "", category=Category.PUPIL, birth_date=grown_on(day(-5)))
    with pytest.raises(Refused, match="укажите законного представителя"):
        agree(pupil, ConsentKind.PROCESSING, people.curator, signed_on=day(-6))
    assert agree(pupil, ConsentKind.PROCESSING, people.curator, signed_on=day(-5)).representative == ""


def test_minor_of_unknown_age_needs_a_representative(school, people, reference) -> None:
    pupil = card(school, "Ветров Егор Ильич", "", category=Category.PUPIL)
    with pytest.raises(Refused, match="укажите законного представителя"):
        agree(pupil, ConsentKind.PROCESSING, people.curator)
    signer = {"representative": "Ветрова Анна Олеговна", "relation": "мать"}
    assert agree(pupil, ConsentKind.PROCESSING, people.curator, **signer).representative == "Ветрова Анна Олеговна"


@pytest.mark.parametrize(
    ("offset", "words"),
    [(1, "Дата отзыва не может быть в будущем."), (-21, "отозвать его раньше нельзя")],
)
def test_withdrawal_on_an_impossible_day_is_refused(mentee: Participant, people, offset: int, words: str) -> None:
    consent = agree(mentee, ConsentKind.PROCESSING, people.curator)
    with pytest.raises(Refused, match=words):
        withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(offset), reason="заявление")


def test_withdrawal_happens_once_and_never_to_a_refusal(mentee: Participant, people) -> None:
    consent = agree(mentee, ConsentKind.PROCESSING, people.curator)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    with pytest.raises(Refused, match="уже отозвано"):
        withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="ещё раз")
    refusal = agree(mentee, ConsentKind.MENTOR, people.curator, answer="refused")
    with pytest.raises(Refused, match="Отказ не отзывают"):
        withdraw_consent(consent=refusal, actor=people.curator, withdrawn_on=day(0), reason="заявление")


def test_every_answer_and_withdrawal_is_in_the_history(mentee: Participant, people) -> None:
    consent = agree(mentee, ConsentKind.PROCESSING, people.curator)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    told = list(JournalEntry.objects.about(consent).values_list("event", "text"))
    name = "Ольхин\u00a0Б.\u00a0В."
    assert told == [
        (
            "mentorship.consent.withdraw",
            f"Отозвано согласие: {name} — обработка персональных данных, с {day(0):%d.%m.%Y}.",
        ),
        (
            "mentorship.consent.record",
            f"Записано согласие: {name} — обработка персональных данных, подписано {day(-20):%d.%m.%Y}.",
        ),
    ]


# --- Who --------------------------------------------------------------------------------------------------------------
@pytest.fixture
def own(mentee: Participant, people) -> User:
    """The mentee signs in as a teacher."""
    mentee.user = people.teacher
    mentee.save(update_fields=["user"])
    return people.teacher


def test_person_withdraws_their_own_and_curators_get_letters(mentee: Participant, own: User, people) -> None:
    second_curator = User.objects.create(username="second", full_name="Вторая Кира Львовна")
    Membership.objects.create(user=second_curator, organisation=mentee.organisation, role="curator")
    consent = agree(mentee, ConsentKind.PROCESSING, people.curator)
    withdraw_consent(consent=consent, actor=own, withdrawn_on=day(0), reason="заявление")
    assert set(Letter.objects.values_list("user__username", "subject")) == {
        ("curator", "Отозвано согласие"),
        ("second", "Отозвано согласие"),
    }


def test_person_is_told_of_a_withdrawal_made_for_them(mentee: Participant, own: User, people) -> None:
    consent = agree(mentee, ConsentKind.PROCESSING, people.curator)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    assert list(Letter.objects.values_list("user__username", "subject", "path")) == [
        ("teacher", "Отозвано ваше согласие", "/cabinet/card/")
    ]


def test_nobody_withdraws_or_records_for_others(mentee: Participant, mentor: Participant, own: User, people) -> None:
    consent = agree(mentor, ConsentKind.MENTOR, people.curator)
    for actor in (own, people.director, people.stranger):
        with pytest.raises(Forbidden):
            withdraw_consent(consent=consent, actor=actor, withdrawn_on=day(0), reason="заявление")
        with pytest.raises(Forbidden):
            agree(mentor, ConsentKind.PROCESSING, actor)


def test_lights_say_the_state_of_everybody_in_one_query(
    mentor: Participant, mentee: Participant, people, django_assert_num_queries
) -> None:
    agree(mentor, ConsentKind.PROCESSING, people.curator)
    agree(mentor, ConsentKind.MENTOR, people.curator, valid_until=day(30))
    agree(mentee, ConsentKind.DISSEMINATION, people.curator, valid_until=day(31))
    with django_assert_num_queries(1):
        lights = consent_lights([mentor, mentee], day(0))
    assert {pk: "".join(f"{one.letter}:{one.state} " for one in row) for pk, row in lights.items()} == {
        mentor.pk: "Д:ok Н:wait П:no Ф:no М:no ",
        mentee.pk: "Д:no Н:no П:ok Ф:no М:no ",
    }


# --- Pages ------------------------------------------------------------------------------------------------------------
def new_url(person: Participant, kind: str = "processing") -> str:
    return reverse("consent_new", args=[person.pk, kind])


def answer(**more: object) -> dict:
    """What the curator types for a paper that lies in the safe."""
    return {
        "answer": "given",
        "signed_on": day(-1).isoformat(),
        "method": "paper",
        "original_place": "сейф, папка 1",
        **more,
    }


def test_consent_page_chooses_nothing_beforehand(mentee: Participant, people, client_of) -> None:
    html = client_of(people.curator).get(new_url(mentee, "dissemination")).content.decode()
    assert ("checked" in html, html.count('type="checkbox"'), html.count('type="radio"')) == (False, 8, 4)


def test_consent_page_records_with_a_scan(mentee: Participant, people, client_of) -> None:
    client = client_of(people.curator)
    scan = SimpleUploadedFile("согласие Ольхина.pdf", PDF, "application/pdf")
    response = client.post(new_url(mentee), answer(scan=scan))
    consent = Consent.objects.get()
    assert (response.status_code, response["Location"]) == (302, reverse("participant_detail", args=[mentee.pk]))
    assert (consent.kind, consent.signed_on, consent.scan_name) == ("processing", day(-1), "согласие Ольхина.pdf")
    sent = client.get(reverse("consent_scan", args=[consent.pk]))
    assert (sent["Content-Type"], sent["Cache-Control"], b"".join(sent.streaming_content)) == (
        "application/pdf",
        "private, no-store",
        PDF,
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"method": "paper"}, "Обязательное поле."),
        (answer(signed_on="31.02.2026"), "Введите правильную дату."),
        (answer(signed_on="0001-01-01"), "Проверьте год подписи."),
        (answer(answer="maybe"), "Выберите корректный вариант"),
        (answer(signed_on="2999-01-01"), "Дата подписи не может быть в будущем."),
    ],
)
def test_consent_page_explains_bad_input(mentee: Participant, people, client_of, data: dict, words: str) -> None:
    response = client_of(people.curator).post(new_url(mentee), data)
    assert (response.status_code, words in response.content.decode(), Consent.objects.count()) == (200, True, 0)


@pytest.mark.parametrize("name", ["согласие.exe", "согласие.pdf", "согласие"])
def test_consent_page_refuses_what_is_not_a_scan(mentee: Participant, people, client_of, name: str) -> None:
    response = client_of(people.curator).post(new_url(mentee), answer(scan=SimpleUploadedFile(name, b"MZ\x90\x00")))
    assert (response.status_code, "id_scan" in response.content.decode(), Consent.objects.count()) == (200, True, 0)


def test_consent_page_refuses_nul(mentee: Participant, people, client_of) -> None:
    pupil_data = answer(representative="Ветрова\0")
    assert client_of(people.curator).post(new_url(mentee), pupil_data).status_code == 400


def test_consent_page_of_an_unknown_purpose_is_absent(mentee: Participant, people, client_of) -> None:
    assert client_of(people.curator).get(new_url(mentee, "whatever")).status_code == 404


def test_pair_consent_page_offers_the_pairs_of_the_person(pair: Pair, second: Participant, people, client_of) -> None:
    client = client_of(people.curator)
    mentee = pair.mentees[0]
    html = client.get(f"{new_url(mentee, 'pair')}?pair={pair.pk}").content.decode()
    assert f'<option value="{pair.pk}" selected>' in html
    assert client.post(new_url(second, "pair"), answer(pair=pair.pk)).status_code == 200
    response = client.post(new_url(mentee, "pair"), answer(pair=pair.pk))
    assert (response.status_code, response["Location"]) == (302, reverse("pair_detail", args=[pair.pk]))
    assert Consent.objects.get().pair == pair


def test_consent_page_leads_back_to_the_pair_it_came_from(pair: Pair, second: Participant, people, client_of) -> None:
    client, back = client_of(people.curator), reverse("pair_detail", args=[pair.pk])
    assert client.post(f"{new_url(pair.mentor)}?pair={pair.pk}", answer())["Location"] == back
    card_page = reverse("participant_detail", args=[second.pk])
    for foreign in (pair.pk, "x", "9" * 40, "²"):
        assert client.get(f"{new_url(second)}?pair={foreign}").context["back"] == card_page


def test_withdraw_page_asks_and_then_withdraws(mentee: Participant, own: User, people, client_of) -> None:
    consent = agree(mentee, ConsentKind.DISSEMINATION, people.curator)
    url, client = reverse("consent_withdraw", args=[consent.pk]), client_of(own)
    assert "исчезнут с сайта сразу" in client.get(url).content.decode()
    consent.refresh_from_db()
    assert consent.withdrawn_on is None
    late = client.post(url, {"withdrawn_on": day(3).isoformat(), "reason": "заявление"})
    assert (late.status_code, "не может быть в будущем" in late.content.decode()) == (200, True)
    done = client.post(url, {"withdrawn_on": day(0).isoformat(), "reason": "заявление"})
    consent.refresh_from_db()
    assert (done.status_code, done["Location"], consent.withdrawn_on) == (302, "/cabinet/card/", day(0))


@pytest.mark.parametrize(
    ("who", "record", "withdraw", "scan"),
    [
        ("curator", 200, 200, 200),
        ("director", 403, 403, 200),
        ("inspector", 403, 403, 200),
        ("psychologist", 403, 403, 403),
        ("class_teacher", 403, 403, 403),
        ("teacher", 403, 403, 403),
        ("stranger", 404, 404, 404),
        ("municipal", 404, 404, 404),
    ],
)
def test_consent_pages_ask_the_table(
    mentee: Participant, people, client_of, who: str, record: int, withdraw: int, scan: int
) -> None:
    client_of(people.curator).post(new_url(mentee), answer(scan=SimpleUploadedFile("a.pdf", PDF)))
    consent = Consent.objects.get()
    client = client_of(getattr(people, who))
    urls = [new_url(mentee), *(reverse(name, args=[consent.pk]) for name in ("consent_withdraw", "consent_scan"))]
    assert [client.get(url).status_code for url in urls] == [record, withdraw, scan]


# --- Blanks -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ConsentKind.values)
@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_blank_of_every_purpose_is_printed(pair: Pair, people, client_of, kind: str, form: str, start: bytes) -> None:
    person = pair.mentees[0] if kind == "pair" else pair.mentor
    url = reverse("consent_blank", args=[person.pk, kind, form])
    response = client_of(people.curator).get(f"{url}?pair={pair.pk}")
    assert (response.status_code, b"".join(response.streaming_content)[: len(start)]) == (200, start)


def test_blank_is_absent_where_there_is_nothing_to_print(pair: Pair, second: Participant, people, client_of) -> None:
    client = client_of(people.curator)
    urls = [
        reverse("consent_blank", args=[second.pk, "pair", "pdf"]) + f"?pair={pair.pk}",
        reverse("consent_blank", args=[pair.mentor_id, "pair", "pdf"]),
        reverse("consent_blank", args=[pair.mentor_id, "processing", "exe"]),
    ]
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]


def test_asked_person_reads_their_blank_before_the_pair_opens(pair: Pair, own: User, client_of) -> None:
    client = client_of(own)
    url = reverse("consent_blank", args=[pair.mentees[0].pk, "pair", "pdf"])
    assert client.get(f"{url}?pair={pair.pk}").status_code == 200
    assert client.get(reverse("pair_detail", args=[pair.pk])).status_code == 403
