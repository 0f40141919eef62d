"""The matrix of consents, requests of many people, blanks in one file, the page of one consent."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from accounts.attention import Entry, queue_for
from accounts.models import Letter, User
from accounts.permissions import Forbidden
from mentorship.models import (
    Category,
    Consent,
    ConsentKind,
    ConsentRequest,
    ConsentState,
    Participant,
    consent_lights,
    in_state,
    states_of,
)
from mentorship.services.consent_requests import cancel_request, request_consents
from mentorship.services.consents import withdraw_consent
from tests.mentorship.builders import agree, card, day
from tests.mentorship.test_consents import PDF

LIST = "/cabinet/consents/"


def ask(person: Participant, actor, *kinds: str) -> list[ConsentRequest]:
    people = Participant.objects.filter(pk=person.pk)
    wanted = kinds or ("processing",)
    return request_consents(organisation=person.organisation, people=people, kinds=wanted, actor=actor)


@pytest.fixture
def everybody(school, people, reference: None) -> dict[str, Participant]:
    """One person in each state of the consent to processing."""
    found = {state: card(school, f"{state.capitalize()} Пётр Ильич") for state in ConsentState.values}
    curator, kind = people.curator, ConsentKind.PROCESSING
    ask(found["asked"], curator)
    agree(found["live"], kind, curator, valid_until=day(31))
    agree(found["soon"], kind, curator, valid_until=day(30))
    agree(found["expired"], kind, curator, valid_until=day(-1))
    consent = agree(found["withdrawn"], kind, curator)
    withdraw_consent(consent=consent, actor=curator, withdrawn_on=day(0), reason="заявление")
    agree(found["refused"], kind, curator, answer="refused")
    return found


# --- States -----------------------------------------------------------------------------------------------------------
def test_state_is_one_in_lists_and_filters(everybody, school, django_assert_num_queries) -> None:
    rows = Participant.objects.filter(organisation=school)
    filtered = {state: list(rows.filter(in_state("processing", state, day(0)))) for state in ConsentState.values}
    assert filtered == {state: [person] for state, person in everybody.items()}
    with django_assert_num_queries(1):
        states = states_of(everybody.values(), day(0))
    assert {state: states[person.pk]["processing"].state.value for state, person in everybody.items()} == {
        state: state for state in ConsentState.values
    }


def test_words_say_the_day(everybody) -> None:
    states = states_of(everybody.values(), day(0))
    assert {state: states[person.pk]["processing"].words for state, person in everybody.items()} == {
        "none": "нет",
        "asked": f"запрошено {day(0):%d.%m.%Y}",
        "live": f"есть, до {day(31):%d.%m.%Y}",
        "soon": f"до {day(30):%d.%m.%Y}",
        "expired": f"истекло {day(-1):%d.%m.%Y}",
        "withdrawn": f"отозвано {day(0):%d.%m.%Y}",
        "refused": f"отказ от {day(-20):%d.%m.%Y}",
    }


def test_request_after_a_refusal_is_what_counts(everybody, people) -> None:
    person = everybody["refused"]
    ask(person, people.curator)
    assert states_of([person], day(0))[person.pk]["processing"].state == ConsentState.ASKED
    rows = Participant.objects.filter(in_state("processing", ConsentState.REFUSED, day(0)))
    assert list(rows) == []


def test_light_of_a_request_is_yellow(everybody) -> None:
    person = everybody["asked"]
    [light] = [one for one in consent_lights([person], day(0))[person.pk] if one.letter == "Д"]
    assert (light.state, light.words) == ("wait", f"обработка данных: запрошено {day(0):%d.%m.%Y}")


# --- The matrix -------------------------------------------------------------------------------------------------------
def names(client, **query: str) -> list[str]:
    return [row.person.surname for row in client.get(LIST, query).context["rows"]]


@pytest.mark.parametrize("state", ConsentState.values)
def test_matrix_is_filtered_by_purpose_and_state(everybody, people, client_of, state: str) -> None:
    client = client_of(people.curator)
    assert names(client, kind="processing", state=state) == [state.capitalize()]


def test_matrix_without_a_purpose_looks_at_all_of_them(everybody, people, client_of) -> None:
    agree(everybody["live"], ConsentKind.TRANSFER, people.curator, answer="refused")
    client = client_of(people.curator)
    assert names(client, state="refused") == ["Live", "Refused"]
    assert (names(client, q="soon"), names(client, state="wrong", kind="x")) == (["Soon"], sorted(names(client)))


def test_matrix_costs_the_same_for_one_and_three(mentor: Participant, school, people, client_of, queries) -> None:
    client = client_of(people.curator)
    agree(mentor, ConsentKind.PROCESSING, people.curator)
    first = [queries(client, LIST), queries(client, f"{LIST}?state=none")]
    for name in ("Ивин", "Осин"):
        agree(card(school, f"{name} Пётр Ильич"), ConsentKind.PROCESSING, people.curator)
    assert [queries(client, LIST), queries(client, f"{LIST}?state=none")] == first


def test_matrix_shows_a_class_teacher_the_pupils_alone(mentor: Participant, school, people, client_of) -> None:
    more = {"category": Category.PUPIL, "class_teacher": people.class_teacher}
    card(school, "Ветров Егор Ильич", "", **more)
    assert names(client_of(people.class_teacher)) == ["Ветров"]
    assert names(client_of(people.stranger)) == []


# --- Requests ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def own(mentee: Participant, people) -> Participant:
    """The mentee signs in as a teacher."""
    mentee.user = people.teacher
    mentee.save(update_fields=["user"])
    return mentee


def entries(user: User, person: Participant) -> list[Entry]:
    found = queue_for(User.objects.get(pk=user.pk), person.organisation, day(0))
    return [*found.late, *found.now, *found.waiting]


def test_request_reaches_the_person_and_is_closed_by_the_answer(own: Participant, people) -> None:
    ask(own, people.curator, "processing", "photo")
    assert list(Letter.objects.values_list("user__username", "subject")) == [("teacher", "От вас нужно согласие")]
    titles = [one.title for one in entries(people.teacher, own)]
    assert titles == [
        "От вас нужно согласие: обработка персональных данных",
        "От вас нужно согласие: фото- и видеосъёмка",
    ]
    consent = agree(own, ConsentKind.PROCESSING, people.curator)
    answered = ConsentRequest.objects.get(kind="processing")
    assert (answered.answered_by, ConsentRequest.objects.waiting().count()) == (consent, 1)
    assert len(entries(people.teacher, own)) == 1


def test_refusal_answers_a_request_too(own: Participant, people) -> None:
    ask(own, people.curator)
    agree(own, ConsentKind.PROCESSING, people.curator, answer="refused")
    assert ConsentRequest.objects.waiting().count() == 0


def test_what_holds_or_is_asked_for_is_not_asked_again(own: Participant, people) -> None:
    agree(own, ConsentKind.PROCESSING, people.curator)
    asked = ask(own, people.curator, "processing", "transfer")
    assert ([one.kind for one in asked], ask(own, people.curator, "processing", "transfer")) == (["transfer"], [])


def test_class_teacher_is_told_of_the_pupils(school, people, reference: None) -> None:
    more = {"category": Category.PUPIL, "class_teacher": people.class_teacher}
    pupil = card(school, "Ветров Егор Ильич", "", **more)
    ask(pupil, people.curator)
    [entry] = entries(people.class_teacher, pupil)
    assert entry.title == "Нужно согласие родителей: Ветров\u00a0Е.\u00a0И. — обработка персональных данных"
    assert list(Letter.objects.values_list("user__username", flat=True)) == ["class_teacher"]


def test_curator_sees_how_many_have_not_answered(own: Participant, people) -> None:
    ask(own, people.curator, "processing", "photo")
    [entry] = [one for one in entries(people.curator, own) if "запрошенных" in one.title]
    assert (entry.title, entry.waiting, entry.url) == ("2 запрошенных согласия", True, f"{LIST}?state=asked")


def test_request_is_taken_back_once(own: Participant, people, client_of) -> None:
    [request] = ask(own, people.curator)
    client, url = client_of(people.curator), reverse("consent_request_cancel", args=[request.pk])
    assert (client.get(url).status_code, client_of(people.stranger).post(url).status_code) == (405, 404)
    assert client_of(people.director).post(url).status_code == 403
    assert client.post(url).status_code == 302
    request.refresh_from_db()
    assert request.cancelled_on == day(0)
    page = client.post(url, follow=True).content.decode()
    assert "Запрос уже закрыт" in page


def test_nobody_asks_people_of_another_school(own: Participant, other_school, people) -> None:
    with pytest.raises(Forbidden):
        ask(own, people.director)
    strange = Participant.objects.filter(pk=own.pk)
    with pytest.raises(Forbidden):
        request_consents(organisation=other_school, people=strange, kinds=["photo"], actor=people.stranger)
    with pytest.raises(Forbidden):
        cancel_request(request=ask(own, people.curator)[0], actor=people.stranger)


def test_everybody_found_is_asked_after_a_look_at_the_number(mentor, mentee, second, people, client_of) -> None:
    agree(second, ConsentKind.PROCESSING, people.curator)
    client, url = client_of(people.curator), f"{LIST}request/?all=1&kind=processing&state=none"
    page = client.get(url)
    assert (page.context["count"], page.context["form"]["kinds"].value()) == (2, None)
    assert client.post(url, {"count": 2}).context["form"].errors == {"kinds": ["Отметьте хотя бы одно согласие."]}
    card(mentor.organisation, "Новая Инна Ильинична")
    changed = client.post(url, {"count": 2, "kinds": ["processing"]})
    assert "теперь 3 человека" in changed.content.decode()
    assert (changed.context["form"]["count"].value(), ConsentRequest.objects.count()) == (3, 0)
    assert client.post(url, {"count": 3, "kinds": ["processing"]}).status_code == 302
    assert ConsentRequest.objects.count() == 3


def test_request_of_many_costs_the_same(mentor, school, people, django_assert_max_num_queries) -> None:
    rows = Participant.objects.filter(organisation=school)
    for number in range(30):
        card(school, f"Ивин{'а' * number} Пётр Ильич")
    with django_assert_max_num_queries(20):
        asked = request_consents(organisation=school, people=rows, kinds=["photo"], actor=people.curator)
    assert len(asked) == 31


@pytest.mark.parametrize(
    ("query", "count"), [("person=x", 0), ("person=9999999", 0), ("person=" + "9" * 30, 0), ("", 0)]
)
def test_request_page_of_nobody_says_so(mentor, people, client_of, query: str, count: int) -> None:
    page = client_of(people.curator).get(f"{LIST}request/?{query}")
    assert (page.context["count"], "Никто не отмечен" in page.content.decode()) == (count, True)


def test_strangers_people_cannot_be_named(mentor, people, client_of) -> None:
    url = f"{LIST}request/?person={mentor.pk}"
    assert client_of(people.stranger).get(url).context["count"] == 0
    assert client_of(people.director).get(url).status_code == 403


def test_card_leads_to_the_request(mentor, people, client_of) -> None:
    client, url = client_of(people.curator), reverse("consent_request", args=[mentor.pk])
    assert url in client.get(reverse("participant_detail", args=[mentor.pk])).content.decode()
    assert client.post(url, {"kinds": ["photo"], "count": 1}).status_code == 302
    again = client.post(url, {"kinds": ["photo"], "count": 1})
    assert "Запрашивать нечего" in again.content.decode()


# --- Blanks -----------------------------------------------------------------------------------------------------------
def test_blanks_of_the_chosen_come_in_one_file(mentor, mentee, people, client_of) -> None:
    client, url = client_of(people.curator), f"{LIST}blanks/?person={mentor.pk}&person={mentee.pk}"
    assert client.get(url).context["count"] == 2
    assert client.get(f"{url}&print=1").context["form"].errors == {"kinds": ["Отметьте хотя бы один бланк."]}
    response = client.get(f"{url}&print=1&kinds=processing&kinds=photo")
    pages = PdfReader(io.BytesIO(b"".join(response.streaming_content))).pages
    assert (response["Content-Type"], len(pages)) == ("application/pdf", 4)


def test_too_many_blanks_are_refused(mentor, mentee, people, client_of, monkeypatch) -> None:
    monkeypatch.setattr("mentorship.views.consent_lists.MOST_SHEETS", 1)
    url = f"{LIST}blanks/?all=1&print=1&kinds=processing"
    errors = client_of(people.curator).get(url).context["form"].errors
    assert errors == {"kinds": ["Получается 2 бланка, а в один файл входит 1. Выберите меньше."]}


def test_class_teacher_prints_for_the_pupils(mentor, school, people, client_of) -> None:
    more = {"category": Category.PUPIL, "class_teacher": people.class_teacher}
    pupil = card(school, "Ветров Егор Ильич", "", **more)
    url = f"{LIST}blanks/?person={mentor.pk}&person={pupil.pk}"
    assert client_of(people.class_teacher).get(url).context["names"] == ["Ветров\u00a0Е.\u00a0И."]
    assert client_of(people.director).get(url).status_code == 403


# --- One consent ------------------------------------------------------------------------------------------------------
@pytest.fixture
def consent(mentor, people) -> Consent:
    more = {"conditions": {"post": "без нагрузки"}, "bans": "не передавать", "resources": ["section", "site"]}
    scan = SimpleUploadedFile("согласие.pdf", PDF, "application/pdf")
    return agree(mentor, ConsentKind.DISSEMINATION, people.curator, scan=scan, **more)


def test_page_of_a_consent_says_everything(consent: Consent, people, client_of) -> None:
    page = client_of(people.curator).get(reverse("consent_detail", args=[consent.pk]))
    html = page.content.decode()
    wanted = ("без нагрузки", "не передавать", "официальный сайт", "папка 1", "согласие.pdf", "Лебедева Ольга", "■ да")
    assert [part for part in wanted if part not in html] == []
    assert [(label, yes) for label, yes, _ in page.context["shown"]] == [
        ("фамилия, имя, отчество", True),
        ("должность и предмет", True),
        ("стаж и категория", False),
        ("фотография", False),
    ]
    assert [duty.kind for duty in page.context["duties"]] == ["publish_conditions"]


@pytest.mark.parametrize(("form", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_signed_text_is_printed_again(consent: Consent, people, client_of, form: str, start: bytes) -> None:
    response = client_of(people.curator).get(reverse("consent_paper", args=[consent.pk, form]))
    assert b"".join(response.streaming_content)[: len(start)] == start


@pytest.mark.parametrize(
    ("who", "status"), [("director", 200), ("psychologist", 403), ("class_teacher", 403), ("stranger", 404)]
)
def test_consent_page_asks_the_table(consent: Consent, people, client_of, who: str, status: int) -> None:
    client = client_of(getattr(people, who))
    urls = [reverse("consent_detail", args=[consent.pk]), reverse("consent_paper", args=[consent.pk, "pdf"])]
    assert [client.get(url).status_code for url in urls] == [status, status]


def test_refusal_has_no_paper_to_print(mentor, people, client_of) -> None:
    refused = agree(mentor, ConsentKind.PHOTO, people.curator, answer="refused")
    client = client_of(people.curator)
    assert client.get(reverse("consent_detail", args=[refused.pk])).status_code == 200
    assert client.get(reverse("consent_paper", args=[refused.pk, "pdf"])).status_code == 404
