"""Versions of the words that people sign: never edited, the right one for the day, only known names in braces."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.documents import consent_bodies
from mentorship.models import ConsentKind, ConsentText
from mentorship.services.consent_texts import add_consent_text, load_consent_texts
from tests.mentorship.builders import agree, day
from tests.mentorship.test_constraints import without_trigger

WORDS = "разрешаю {оператор} обрабатывать {данные}.\n\nЦель: проба.\n\n- первое;\n- второе."


@pytest.fixture
def own(school, people, reference: None) -> ConsentText:
    return add_consent_text(organisation=school, kind="processing", body=WORDS, note="Короче", actor=people.curator)


# --- Versions ---------------------------------------------------------------------------------------------------------
def test_product_words_are_loaded_once_and_anew_when_they_change(reference: None, monkeypatch) -> None:
    assert (ConsentText.objects.count(), load_consent_texts()) == (len(ConsentKind), 0)
    words = consent_bodies.product_words
    changed = lambda kind: "другие слова" if kind == "photo" else words(kind)  # noqa: E731
    monkeypatch.setattr("mentorship.services.consent_texts.product_words", changed)
    assert load_consent_texts() == 1
    assert list(ConsentText.objects.filter(kind="photo").values_list("version", flat=True)) == [2, 1]


@pytest.mark.parametrize("kind", ConsentKind.values)
def test_product_words_use_only_known_names(kind: str) -> None:
    assert consent_bodies.word_faults(consent_bodies.product_words(kind)) == []


def test_own_version_follows_the_common_one(own: ConsentText, school, other_school, mentee, people) -> None:
    assert (own.version, ConsentText.objects.in_use(school.pk, "processing", day(0))) == (2, own)
    elsewhere = ConsentText.objects.in_use(other_school.pk, "processing", day(0))
    assert (elsewhere.organisation, elsewhere.version) == (None, 1)
    assert agree(mentee, ConsentKind.PROCESSING, people.curator, signed_on=day(0)).text == own


def test_version_of_the_signing_day_counts(own: ConsentText, school, mentee, people) -> None:
    earlier = timezone.now() - dt.timedelta(days=10)
    common = ConsentText.objects.get(organisation=None, kind="processing")
    with without_trigger("mentorship_consenttext", "consent_text_is_kept"):
        ConsentText.objects.filter(pk=common.pk).update(created_at=earlier)
    found = [ConsentText.objects.in_use(school.pk, "processing", day(offset)) for offset in (-11, -10, -1, 0)]
    assert found == [common, common, common, own]
    assert agree(mentee, ConsentKind.PROCESSING, people.curator, signed_on=day(-1)).text == common


def test_recorded_version_is_neither_changed_nor_deleted(own: ConsentText) -> None:
    rows = ConsentText.objects.filter(pk=own.pk)
    for act in (lambda: rows.update(body="другое"), rows.delete):
        with pytest.raises(IntegrityError, match="never changed or deleted"), transaction.atomic():
            act()


def test_without_the_guard_a_version_could_be_changed(own: ConsentText) -> None:
    with without_trigger("mentorship_consenttext", "consent_text_is_kept"):
        ConsentText.objects.filter(pk=own.pk).update(body="другое")
    own.refresh_from_db()
    assert own.body == "другое"


# --- Names in braces --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("разрешаю {паспорт}", "Обозначения {паспорт} нет. Список того, что можно вставить, — под полем."),
        ("разрешаю {}", "Обозначения {} нет. Список того, что можно вставить, — под полем."),
        ("разрешаю {оператор", "Фигурные скобки ставятся парами вокруг обозначения: {оператор}."),
        ("разрешаю {{оператор}}", "Фигурные скобки ставятся парами вокруг обозначения: {оператор}."),
    ],
)
def test_unknown_name_is_refused_beside_the_field(school, people, client_of, reference, body: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        add_consent_text(organisation=school, kind="processing", body=body, note="", actor=people.curator)
    assert refusal.value.obstacles == [words]
    url = reverse("consent_text_new", args=["processing"])
    form = client_of(people.curator).post(url, {"body": body, "note": "проба"}).context["form"]
    assert (form.errors, form["body"].value()) == ({"body": [words]}, body)


def test_every_name_is_filled(pair) -> None:
    body = " ".join(f"{{{name}}}" for name in consent_bodies.PLACEHOLDERS)
    occasion = consent_bodies.Occasion(pair.mentees[0], pair, day(0))
    [part] = consent_bodies.parts_of(body, occasion)
    assert ("{" in part.text, "Верескова Алла Петровна" in part.text) == (False, True)


def test_body_becomes_paragraphs_and_lists(mentee) -> None:
    parts = consent_bodies.parts_of(WORDS, consent_bodies.Occasion(mentee, None, day(0)))
    assert [(part.lead, part.text, part.items) for part in parts[1:]] == [
        ("Цель:", "проба.", []),
        ("", "", ["первое;", "второе."]),
    ]


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_list_counts_who_signed_what(own: ConsentText, school, mentor, mentee, people, client_of) -> None:
    agree(mentor, ConsentKind.PROCESSING, people.curator, signed_on=day(-5))
    agree(mentee, ConsentKind.PROCESSING, people.curator, signed_on=day(0))
    rows = client_of(people.curator).get(reverse("consent_text_list")).context["rows"]
    assert (rows[0].kind, rows[0].text, rows[0].signed, rows[0].older) == ("processing", own, 1, 1)


def test_list_costs_the_same_for_one_and_three(own: ConsentText, school, people, client_of, queries) -> None:
    client, url = client_of(people.curator), reverse("consent_text_list")
    first = queries(client, url)
    for number in range(2):
        body = f"{WORDS}\n\nРедакция {number}."
        add_consent_text(organisation=school, kind="processing", body=body, note="", actor=people.curator)
    assert queries(client, url) == first


def test_new_version_is_previewed_and_then_written(school, people, client_of, reference: None) -> None:
    client, url = client_of(people.curator), reverse("consent_text_new", args=["photo"])
    assert client.get(url).context["form"]["body"].value() == consent_bodies.product_words("photo")
    seen = client.post(url, {"body": WORDS, "note": "Короче", "preview": "1"})
    written = ConsentText.objects.filter(organisation=school)
    assert ("Образцова Анна Ивановна" in seen.content.decode(), written.count()) == (True, 0)
    done = client.post(url, {"body": WORDS.replace("\n", "\r\n"), "note": "Короче"})
    text = ConsentText.objects.get(organisation=school)
    assert (done.status_code, text.version, text.body, text.created_by) == (302, 2, WORDS, people.curator)
    assert list(JournalEntry.objects.about(text).values_list("text", flat=True)) == [
        "Новая редакция: Фото- и видеосъёмка, редакция 2. Короче"
    ]


def test_unchanged_words_are_no_version(school, people, client_of, reference: None) -> None:
    url = reverse("consent_text_new", args=["photo"])
    form = (
        client_of(people.curator)
        .post(url, {"body": consent_bodies.product_words("photo"), "note": "х"})
        .context["form"]
    )
    assert form.errors == {"body": ["Текст не изменился: новая редакция не нужна."]}


def test_detail_shows_the_difference(own: ConsentText, school, people, client_of) -> None:
    body = WORDS.replace("второе", "третье")
    later = add_consent_text(organisation=school, kind="processing", body=body, note="", actor=people.curator)
    page = client_of(people.curator).get(reverse("consent_text_detail", args=[later.pk]))
    changed = [change for change in page.context["changes"] if change[0] != "same"]
    assert (page.context["before"], changed) == (own, [("gone", "- второе."), ("new", "- третье.")])


@pytest.mark.parametrize(
    ("who", "listed", "detail"),
    [("curator", 200, 200), ("director", 403, 403), ("class_teacher", 403, 403), ("stranger", 200, 404)],
)
def test_text_pages_ask_the_table(own: ConsentText, people, client_of, who: str, listed: int, detail: int) -> None:
    client = client_of(getattr(people, who))
    urls = [reverse("consent_text_list"), reverse("consent_text_detail", args=[own.pk])]
    assert [client.get(url).status_code for url in urls] == [listed, detail]


def test_nobody_else_writes_the_school_words(school, people, reference: None) -> None:
    for actor in (people.director, people.stranger):
        with pytest.raises(Forbidden):
            add_consent_text(organisation=school, kind="photo", body=WORDS, note="", actor=actor)
