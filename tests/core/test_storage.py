"""Private files: no address, random names, written whole or not at all, sent with safe headers."""

import io
import re
import stat
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.migrations.writer import MigrationWriter
from django.db.models.fields.files import FieldFile
from django.http import Http404

from core.storage import NoAddressError, PrivateStorage, private_response, random_name
from core.uploads import DOCX, JPG, PDF

CONTENT = "План работы".encode()


class Breaking(ContentFile):
    """A file whose second piece never comes."""

    def chunks(self, chunk_size=None):
        yield b"first half"
        raise OSError("the disk is full")


@pytest.fixture
def storage(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return PrivateStorage()


def field_file(storage: PrivateStorage, name: str) -> FieldFile:
    field = models.FileField(storage=storage, upload_to=random_name)
    return FieldFile(None, field, name)


def files_under(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_storage_keeps_and_returns_a_file(storage, tmp_path):
    name = storage.save("ab/abc.pdf", ContentFile(CONTENT))
    assert name == "ab/abc.pdf"
    assert files_under(tmp_path) == [tmp_path / "ab" / "abc.pdf"]
    with storage.open(name) as kept:
        assert kept.read() == CONTENT


def test_storage_never_overwrites(storage):
    names = [storage.save("ab/abc.pdf", ContentFile(content)) for content in (b"one", b"two")]
    assert names[0] != names[1]
    with storage.open(names[0]) as first, storage.open(names[1]) as second:
        assert (first.read(), second.read()) == (b"one", b"two")


def test_storage_has_no_url(storage, tmp_path):
    name = storage.save("ab/abc.pdf", ContentFile(CONTENT))
    with pytest.raises(NoAddressError, match="нет адреса"):
        storage.url(name)
    assert FileSystemStorage(tmp_path, base_url="/media/").url(name) == "/media/ab/abc.pdf"


def test_kept_file_without_url_does_not_break_django_file_widgets(storage):
    class Form(forms.Form):
        scan = forms.FileField(required=False)

    kept = field_file(storage, storage.save("ab/abc.pdf", ContentFile(CONTENT)))
    assert 'type="file"' in str(Form(initial={"scan": kept})["scan"])


def test_files_are_open_to_the_owner_only(storage, tmp_path):
    storage.save("ab/abc.pdf", ContentFile(CONTENT))
    assert stat.S_IMODE((tmp_path / "ab" / "abc.pdf").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "ab").stat().st_mode) == 0o700


def test_broken_writing_leaves_nothing_behind(storage, tmp_path):
    with pytest.raises(OSError, match="the disk is full"):
        storage.save("ab/abc.pdf", Breaking(b"whole"))
    assert files_under(tmp_path) == []


def test_stock_storage_leaves_half_a_file_where_ours_leaves_none(tmp_path):
    with pytest.raises(OSError, match="the disk is full"):
        FileSystemStorage(tmp_path).save("ab/abc.pdf", Breaking(b"whole"))
    assert [path.read_bytes() for path in files_under(tmp_path)] == [b"first half"]


def test_file_is_on_the_disk_before_it_gets_its_name(storage, tmp_path, monkeypatch):
    order = []
    monkeypatch.setattr("core.storage.os.fsync", lambda descriptor: order.append(len(files_under(tmp_path))))
    monkeypatch.setattr("core.storage.os.replace", lambda old, new: (order.append("rename"), Path(old).rename(new)))
    storage.save("ab/abc.pdf", ContentFile(CONTENT))
    assert order == [1, "rename", 1]


def test_path_outside_the_root_is_refused(storage):
    with pytest.raises(SuspiciousFileOperation):
        storage.save("../abc.pdf", ContentFile(CONTENT))


def test_random_name_keeps_only_an_accepted_extension():
    names = [random_name(None, name) for name in ("Скан.PDF", "a.exe", "a", "../../x.docx", "a.pdf\0.php")]
    shapes = [re.sub(r"[0-9a-f]{32}", "X", name)[3:] for name in names]
    assert shapes == ["X.pdf", "X", "X", "X.docx", "X"]
    assert all(name[:2] == name[3:5] for name in names)
    assert len({random_name(None, "a.pdf") for _ in range(100)}) == 100


def test_storage_and_name_go_into_migrations():
    field = models.FileField(storage=PrivateStorage(), upload_to=random_name)
    text, imports = MigrationWriter.serialize(field)
    assert text == "models.FileField(storage=core.storage.PrivateStorage(), upload_to=core.storage.random_name)"
    assert imports == {"from django.db import models", "import core.storage"}


def test_response_is_an_attachment_under_its_russian_name(storage):
    kept = field_file(storage, storage.save("ab/abc.docx", ContentFile(CONTENT)))
    response = private_response(kept, filename="Приказ № 5.docx", content_type=DOCX.content_type)
    assert b"".join(response.streaming_content) == CONTENT
    assert {name: response[name] for name in response.headers} == {
        "Content-Type": DOCX.content_type,
        "Content-Length": str(len(CONTENT)),
        "Content-Disposition": "attachment; filename*=utf-8''%D0%9F%D1%80%D0%B8%D0%BA%D0%B0%D0%B7%20%E2%84%96%205.docx",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }


@pytest.mark.parametrize(
    ("content_type", "disposition"),
    [
        (PDF.content_type, 'inline; filename="a.pdf"'),
        (JPG.content_type, 'inline; filename="a.pdf"'),
        ("text/html", 'attachment; filename="a.pdf"'),
        ("image/svg+xml", 'attachment; filename="a.pdf"'),
    ],
)
def test_only_pdf_and_pictures_are_shown_in_place(content_type, disposition):
    response = private_response(io.BytesIO(b"x"), filename="a.pdf", content_type=content_type, inline=True)
    assert response["Content-Disposition"] == disposition


def test_response_name_cannot_break_the_header():
    response = private_response(io.BytesIO(b"x"), filename='a"\r\nSet-Cookie: x=1.pdf', content_type="text/csv")
    assert response["Content-Disposition"] == 'attachment; filename="aSet-Cookie x=1.pdf"'


def test_response_begins_at_the_beginning(storage):
    kept = field_file(storage, storage.save("ab/abc.pdf", ContentFile(CONTENT)))
    kept.read(3)
    again = private_response(kept, filename="a.pdf", content_type=PDF.content_type)
    assert b"".join(again.streaming_content) == CONTENT
    once_more = private_response(kept, filename="a.pdf", content_type=PDF.content_type)
    assert b"".join(once_more.streaming_content) == CONTENT


def test_missing_file_is_not_found(storage):
    with pytest.raises(Http404, match="в хранилище его нет"):
        private_response(field_file(storage, "ab/none.pdf"), filename="a.pdf", content_type=PDF.content_type)
