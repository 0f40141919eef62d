"""The photograph: drawn anew, kept only with a consent, shown to whoever opens the card, deleted with its file."""

from __future__ import annotations

import datetime as dt
import io
import os
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.attention import queue_for
from accounts.models import User
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import Consent, ConsentKind, Participant
from mentorship.services.consents import withdraw_consent
from mentorship.services.photos import NO_CONSENT, remove_photo, set_photo
from tests.data.uploads.pictures import PLACE, jpeg, jpeg_with_exif, picture
from tests.mentorship.builders import agree, card, day


@pytest.fixture
def person(school, people) -> Participant:
    return card(school, "Теслина Светлана Николаевна")


@pytest.fixture
def allowed(person, people) -> Consent:
    return agree(person, ConsentKind.PHOTO, people.curator, resources=["section"])


@pytest.fixture
def pictured(person, allowed, people, django_capture_on_commit_callbacks) -> Participant:
    set_photo(participant=person, photo=ContentFile(jpeg(), name="a.jpg"), actor=people.curator)
    person.refresh_from_db()
    return person


def url(person: Participant, name: str = "participant_photo") -> str:
    return reverse(name, args=[person.pk])


def upload(content: bytes, name: str = "фото.jpg") -> dict:
    return {"photo": SimpleUploadedFile(name, content)}


def files() -> set[str]:
    return {name for _, _, names in os.walk(settings.MEDIA_ROOT) for name in names}


# --- Uploading --------------------------------------------------------------------------------------------------------
def test_photo_is_drawn_anew_and_reduced(person, allowed, people, client_of) -> None:
    """A turned picture with a place in it becomes an upright one with nothing attached."""
    client = client_of(people.curator)
    assert client.post(url(person, "participant_photo_edit"), upload(jpeg_with_exif())).status_code == 302
    person.refresh_from_db()
    kept = Path(person.photo.path).read_bytes()
    assert (PLACE in kept, b"Exif" in kept, Image.open(io.BytesIO(kept)).size) == (False, False, (48, 64))
    big = upload(picture("PNG", (1600, 1200)), "big.png")
    assert client.post(url(person, "participant_photo_edit"), big).status_code == 302
    person.refresh_from_db()
    assert Image.open(person.photo.path).size == (800, 600)
    texts = list(JournalEntry.objects.about(person).values_list("text", flat=True))
    assert texts == ["Фотография заменена.", "Загружена фотография."]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.gif", picture("GIF", mode="P"), "не принимаются"),
        ("a.jpg", b"<html>", "По содержимому это не"),
        ("a.jpg", b"", "Файл пустой"),
        ("a.svg", b"<svg/>", "не принимаются"),
    ],
)
def test_bad_photo_is_explained(person, allowed, people, client_of, name: str, content: bytes, words: str) -> None:
    response = client_of(people.curator).post(url(person, "participant_photo_edit"), upload(content, name))
    person.refresh_from_db()
    assert (response.status_code, words in response.content.decode(), person.photo.name) == (200, True, "")


def test_photo_without_a_file_is_asked_for(person, allowed, people, client_of) -> None:
    response = client_of(people.curator).post(url(person, "participant_photo_edit"), {})
    assert (response.status_code, "Обязательное поле." in response.content.decode()) == (200, True)


# --- The consent ------------------------------------------------------------------------------------------------------
def test_without_a_consent_the_page_refuses_and_leads_to_it(person, people, client_of) -> None:
    client = client_of(people.curator)
    html = client.get(url(person, "participant_photo_edit")).content.decode()
    consent = reverse("consent_new", args=[person.pk, "photo"])
    assert (NO_CONSENT in html, f'href="{consent}"' in html, 'type="file"' in html) == (True, True, False)
    refused = client.post(url(person, "participant_photo_edit"), upload(jpeg()))
    person.refresh_from_db()
    assert (refused.status_code, person.photo.name, files() & {"a.jpg"}) == (200, "", set())


@pytest.mark.parametrize("answer", [{"answer": "refused"}, {"valid_until": day(-1)}])
def test_refusal_and_an_ended_consent_allow_nothing(person, people, answer: dict) -> None:
    agree(person, ConsentKind.PHOTO, people.curator, signed_on=day(-30), resources=["section"], **answer)
    with pytest.raises(Refused, match="Действующего согласия нет"):
        set_photo(participant=person, photo=ContentFile(jpeg(), name="a.jpg"), actor=people.curator)


def test_another_consent_does_not_stand_for_this_one(person, people) -> None:
    agree(person, ConsentKind.DISSEMINATION, people.curator, shown=["name", "photo"])
    with pytest.raises(Refused):
        set_photo(participant=person, photo=ContentFile(jpeg(), name="a.jpg"), actor=people.curator)


def test_end_of_the_consent_hides_the_photo_and_asks_the_curator_to_delete_it(person, people, client_of) -> None:
    agree(person, ConsentKind.PHOTO, people.curator, resources=["section"], valid_until=day(0))
    set_photo(participant=person, photo=ContentFile(jpeg(), name="a.jpg"), actor=people.curator)
    assert client_of(people.director).get(url(person)).status_code == 200
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=1)):
        client = client_of(people.curator)
        assert client_of(people.director).get(url(person)).status_code == 404
        assert client.get(url(person)).status_code == 200
        assert f'src="{url(person)}"' not in client.get(url(person, "participant_detail")).content.decode()
        queue = queue_for(User.objects.get(pk=people.curator.pk), person.organisation, day(0))
    [entry] = [one for one in queue.late if one.title.endswith("фотография")]
    assert (entry.url, entry.chip) == (url(person, "participant_photo_edit"), "нет согласия")


def test_withdrawal_leaves_no_photo(pictured, allowed, people, django_capture_on_commit_callbacks) -> None:
    path = Path(pictured.photo.path)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_consent(consent=allowed, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    pictured.refresh_from_db()
    assert (pictured.photo.name, path.exists()) == ("", False)


# --- Showing ----------------------------------------------------------------------------------------------------------
def test_photo_is_served_in_place_and_never_kept_by_the_browser(pictured, people, client_of) -> None:
    response = client_of(people.director).get(url(pictured))
    assert (response["Content-Type"], response["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert response["Content-Disposition"].startswith("inline")
    html = client_of(people.director).get(url(pictured, "participant_detail")).content.decode()
    assert f'src="{url(pictured)}"' in html


def test_card_without_a_photo_has_no_picture(person, allowed, people, client_of) -> None:
    assert client_of(people.curator).get(url(person)).status_code == 404
    assert (
        f'src="{url(person)}"' not in client_of(people.curator).get(url(person, "participant_detail")).content.decode()
    )


# --- Removing ---------------------------------------------------------------------------------------------------------
def test_removing_deletes_the_file_too(pictured, people, client_of, django_capture_on_commit_callbacks) -> None:
    path = Path(pictured.photo.path)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        response = client_of(people.curator).post(url(pictured, "participant_photo_remove"))
    pictured.refresh_from_db()
    assert (response.status_code, pictured.photo.name, path.exists()) == (302, "", False)
    assert JournalEntry.objects.about(pictured)[0].text == "Фотография удалена."


def test_replacing_deletes_the_earlier_file(pictured, people, django_capture_on_commit_callbacks) -> None:
    path = Path(pictured.photo.path)
    with django_capture_on_commit_callbacks(execute=True):
        set_photo(participant=pictured, photo=ContentFile(jpeg(), name="b.jpg"), actor=people.curator)
    pictured.refresh_from_db()
    assert (path.exists(), Path(pictured.photo.path).exists()) == (False, True)


def test_nothing_to_remove_is_said(person, people, client_of) -> None:
    client = client_of(people.curator)
    response = client.post(url(person, "participant_photo_remove"), follow=True)
    assert "Фотографии на карточке нет." in response.content.decode()
    assert client.get(url(person, "participant_photo_remove")).status_code == 405


# --- Who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "seen", "changed"),
    [
        ("curator", 200, 200),
        ("inspector", 200, 403),
        ("teacher", 403, 403),
        ("accountant", 403, 403),
        ("stranger", 404, 404),
    ],
)
def test_photo_asks_the_table(pictured, people, client_of, who: str, seen: int, changed: int) -> None:
    client = client_of(getattr(people, who))
    assert client.get(url(pictured)).status_code == seen
    assert client.get(url(pictured, "participant_photo_edit")).status_code == changed
    if changed != 200:
        assert client.post(url(pictured, "participant_photo_remove")).status_code == changed
        with pytest.raises(Forbidden):
            remove_photo(participant=pictured, actor=getattr(people, who))
        with pytest.raises(Forbidden):
            set_photo(participant=pictured, photo=ContentFile(jpeg(), name="a.jpg"), actor=getattr(people, who))
