"""An act that is an uploaded file, and the editions of an act."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Organisation
from core.models import JournalEntry
from core.storage import PrivateStorage
from orders.models import LocalAct
from tests.data.uploads.plain import PDF
from tests.orders.pages import file_name, page, said
from tests.orders.test_act_parts import introduce, url


@pytest.fixture
def act(school: Organisation) -> LocalAct:
    return LocalAct.objects.create(organisation=school, title="Положение", text="1. Общее")


# --- The file ---------------------------------------------------------------------------------------------------------
def upload(name: str = "Программа.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def act_data(**more: Any) -> dict[str, Any]:
    return {"kind": "programme", "title": "Программа", "text": "", **more}


def test_act_is_an_uploaded_file(school, people, client_of, journal_count) -> None:
    client = client_of(people.curator)
    response = client.post("/cabinet/acts/new/", act_data(new_file=upload()))
    act = LocalAct.objects.get()
    assert (response["Location"], act.file_name, act.text, len(act.sha256)) == (
        url("detail", act),
        "Программа.pdf",
        "",
        64,
    )
    assert (act.has_content, journal_count()) == (True, 1)
    text = page(client.get(url("detail", act)))
    assert (url("file", act) in text, act.sha256 in text) == (True, True)
    got = client_of(people.inspector).get(url("file", act))
    assert (b"".join(got), "Программа.pdf" in file_name(got), got["Content-Type"]) == (PDF, True, "application/pdf")


def test_file_gives_way_to_another_and_to_a_text(act, people, client_of, django_capture_on_commit_callbacks) -> None:
    client, storage = client_of(people.curator), PrivateStorage()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("edit", act), act_data(new_file=upload()))
    first = LocalAct.objects.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("edit", act), act_data(new_file=upload("Иначе.pdf", PDF + b"\n")))
    act.refresh_from_db()
    assert (act.file_name, storage.exists(first), storage.exists(act.file.name)) == ("Иначе.pdf", False, True)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("edit", act), act_data(text="1. Общее", drop_file="on"))
    last = act.file.name
    act.refresh_from_db()
    assert (act.text, act.file.name, act.file_name, act.sha256, storage.exists(last)) == ("1. Общее", "", "", "", False)
    assert client.get(url("file", act)).status_code == 404
    changes = [
        change for entry in JournalEntry.objects.about(act) for change in entry.changes if change["field"] == "Файл"
    ]
    assert [change["new"] for change in changes] == ["—", "Иначе.pdf", "Программа.pdf"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"text": "1. Общее", "new_file": upload()}, "text"),
        ({"new_file": upload("игра.exe", b"MZ")}, "new_file"),
        ({"new_file": upload("фото.pdf", b"MZ")}, "new_file"),
        ({"new_file": upload("список.xlsx", b"PK")}, "new_file"),
    ],
)
def test_bad_file_is_explained(act, people, client_of, more: dict, field: str) -> None:
    for sent in more.values():
        if hasattr(sent, "seek"):
            sent.seek(0)
    response = client_of(people.curator).post("/cabinet/acts/new/", act_data(**more))
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert LocalAct.objects.count() == 1


def test_lost_file_is_absent_and_breaks_no_page(act, people, client_of) -> None:
    client = client_of(people.curator)
    client.post(url("edit", act), act_data(new_file=upload()))
    act.refresh_from_db()
    act.file.storage.delete(act.file.name)
    assert [client.get(url(name, act)).status_code for name in ("detail", "file")] == [200, 404]


def test_deleted_draft_takes_its_file_along(act, people, client_of, django_capture_on_commit_callbacks) -> None:
    client = client_of(people.curator)
    client.post(url("edit", act), act_data(new_file=upload()))
    name = LocalAct.objects.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("delete", act))
    assert (LocalAct.objects.count(), PrivateStorage().exists(name)) == (0, False)


# --- Editions ---------------------------------------------------------------------------------------------------------
def test_edition_that_is_begun_is_not_begun_twice(act, people, client_of) -> None:
    introduce(act, people)
    client = client_of(people.curator)
    first = client.post(url("edition", act))["Location"]
    assert (client.post(url("edition", act))["Location"], LocalAct.objects.count()) == (first, 2)


def test_edition_of_a_draft_is_refused(act, people, client_of) -> None:
    client = client_of(people.curator)
    assert said(client, client.post(url("edition", act))) == ["Это ещё проект: исправьте его текст."]
    assert LocalAct.objects.count() == 1


def test_numbers_of_editions_go_on_within_a_kind(school, act, people, client_of) -> None:
    client = client_of(people.curator)
    client.post("/cabinet/acts/new/", act_data(text="1. Общее"))
    client.post("/cabinet/acts/new/", act_data(text="1. Общее", kind="regulation"))
    found = dict(LocalAct.objects.exclude(pk=act.pk).values_list("kind", "edition"))
    assert found == {"programme": 1, "regulation": 2}
    assert LocalAct.objects.next_edition(school, "council") == 1


def test_kind_of_a_new_edition_is_that_of_the_earlier(act, people, client_of) -> None:
    introduce(act, people)
    client = client_of(people.curator)
    edition = LocalAct.objects.get(pk=client.post(url("edition", act))["Location"].split("/")[-2])
    client.post(url("edit", edition), act_data(text="1. Иначе", kind="council"))
    edition.refresh_from_db()
    assert (edition.kind, edition.text, edition.replaces) == ("regulation", "1. Иначе", act)
