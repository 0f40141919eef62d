"""Files from outside: every bad one is refused in the right words, every good one passes, pictures lose their past."""

import contextlib
import io
import re
import tracemalloc
import zipfile

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook
from PIL import Image, ImageFile

from core.uploads import (
    DOCX,
    IMAGES,
    KINDS,
    SCANS,
    SafeFileField,
    SafeImageField,
    clean_image,
    contents,
    images,
    safe_name,
    validate_upload,
    validation,
)
from core.uploads import archives as guard
from core.uploads.kinds import MAX_BYTES, UploadError, accepted_words
from core.uploads.names import kind_of
from tests.data.uploads import BAD, GOOD
from tests.data.uploads.archives import bomb, docx, lying_small
from tests.data.uploads.pictures import PLACE, jpeg, jpeg_with_exif, picture
from tests.data.uploads.plain import PDF


class Named(io.BytesIO):
    """A file with exactly this name, without the tidying that Django's own upload classes do."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name
        self.size = len(content)


class ScanForm(forms.Form):
    scan = SafeFileField(label="Скан", required=False)


class PhotoForm(forms.Form):
    photo = SafeImageField(label="Фото", max_side=100)


def refusal(name: str, content: bytes, kinds=KINDS) -> str:
    with pytest.raises(ValidationError) as caught:
        validate_upload(Named(content, name), kinds=kinds)
    return caught.value.messages[0]


def test_corpus_is_large_enough():
    assert len(BAD) >= 40


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_refused_in_its_own_words(case):
    name, build, words = BAD[case]
    said = refusal(name, build())
    assert said[: len(words)] == words
    assert said.endswith(f"Подойдёт файл {accepted_words(KINDS)}.")


@pytest.mark.parametrize("case", ["jpeg_cut", "png_cut", "png_text_bomb"])
def test_broken_picture_is_refused_after_another_library_has_told_pillow_to_forgive(monkeypatch, case):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    name, build, words = BAD[case]
    assert refusal(name, build())[: len(words)] == words
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True
    monkeypatch.setattr(images, "strictly", contextlib.nullcontext)
    validate_upload(Named(build(), name), kinds=KINDS)


@pytest.mark.parametrize("case", GOOD)
def test_good_file_passes_and_is_left_rewound(case):
    name, build = GOOD[case]
    file = Named(build(), name)
    validate_upload(file, kinds=KINDS)
    assert file.tell() == 0


def test_kind_outside_the_list_is_refused():
    assert refusal("план.docx", docx(), SCANS) == (
        "Файлы .docx здесь не принимаются. Подойдёт файл PDF, JPG или PNG, до 10 МБ."
    )
    validate_upload(Named(docx(), "план.docx"), kinds=[DOCX])


def test_own_limit_of_size_is_named_in_the_refusal():
    file = Named(PDF + b" " * 3_000_000 + b"%%EOF", "скан.pdf")
    validate_upload(file)
    with pytest.raises(ValidationError) as caught:
        validate_upload(file, max_bytes=2_621_440)
    assert caught.value.messages == [
        "Файл больше 2,5 МБ. Уменьшите его или разделите на части. Подойдёт файл PDF, JPG или PNG, до 2,5 МБ."
    ]


def test_announced_size_is_not_believed():
    file = Named(PDF + b" " * MAX_BYTES, "скан.pdf")
    file.size = 10
    with pytest.raises(ValidationError, match="Файл больше 10 МБ"):
        validate_upload(file)


def test_library_believes_a_lying_header_where_the_guard_does_not():
    with zipfile.ZipFile(io.BytesIO(lying_small())) as archive:
        assert archive.getinfo("xl/bomb.bin").file_size == 100
        assert sum(member.file_size for member in archive.infolist()) < 100_000
    with pytest.raises(UploadError):
        guard.inspect(lying_small())


def test_guard_stops_inflating_at_the_budget():
    content = bomb(99)
    tracemalloc.start()
    try:
        with pytest.raises(UploadError):
            guard.inspect(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000


NEVER = re.compile("(?!)")
ANYTHING = re.compile("")


def nothing(*_: object) -> None:
    """A guard that has been taken away."""


@pytest.mark.parametrize(
    ("module", "name", "removed", "case"),
    [
        (guard, "MAX_RATIO", 10**9, "bomb_by_ratio"),
        (guard, "MAX_MEMBERS", 10**9, "many_members"),
        (guard, "MAX_ELEMENTS", 10**9, "crowd_of_elements"),
        (guard, "MAX_DETAILS", 10**9, "crowd_of_styles"),
        (guard, "MACROS", NEVER, "macro"),
        (guard, "OUTSIDE", NEVER, "external_book"),
        (guard, "PROGRAMS", NEVER, "nested_by_name"),
        (guard, "EMBEDDED", ANYTHING, "nested_zip"),
        (guard, "refuse_dtd", nothing, "xxe_in_xlsx"),
        (guard, "check_relation", nothing, "remote_template"),
        (guard, "check_relation", nothing, "remote_template_utf16"),
        (guard, "check_header", nothing, "upwards"),
        (contents, "PAGE", re.compile(b"(?!)"), "pdf_and_page"),
        (contents, "MARKUP", re.compile(b"(?!)"), "html_named_csv"),
        (contents, "ACTIVE", re.compile(b"(?!)"), "pdf_with_script"),
        (contents, "TAIL", 10**7, "pdf_hidden_behind_trailer"),
        (contents, "CONTROL", NEVER, "control_in_csv"),
        (contents, "PAGE", re.compile(b"(?!)"), "jpeg_and_page"),
        (images, "MAX_SCANS", 10**9, "jpeg_of_many_layers"),
        (images, "MAX_PIXELS", dict.fromkeys(images.MAX_PIXELS, 10**9), "webp_over_the_limit"),
        (validation, "is_disguised", nothing, "turned_name"),
    ],
)
def test_bad_file_passes_when_its_guard_is_removed(monkeypatch, module, name, removed, case):
    monkeypatch.setattr(module, name, removed)
    file_name, build, _ = BAD[case]
    validate_upload(Named(build(), file_name), kinds=KINDS)


@pytest.mark.parametrize("case", ["bomb", "many_members", "macro", "remote_template", "nested_zip", "same_name_twice"])
def test_file_is_openable_without_the_guard(case):
    """The libraries themselves let these pass: only the guard stands in the way."""
    name, build, _ = BAD[case]
    content = io.BytesIO(build())
    with zipfile.ZipFile(content) as archive:
        assert archive.testzip() is None
    if name.endswith("xlsx"):
        assert load_workbook(content, read_only=True).sheetnames == ["Sheet"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Приказ № 5.pdf", "Приказ № 5.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Документы\\скан.pdf", "скан.pdf"),
        ("отчёт\u202efdp.exe", "отчётfdp.exe"),
        ("скан\0.pdf", "скан.pdf"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("скан.pdf. ", "скан.pdf"),
        ("и\u0306.pdf", "й.pdf"),
        ('<"a">.pdf', "a.pdf"),
        ("\u200b", "файл"),
        ("..", "файл"),
        ("о" * 300 + ".pdf", "о" * 116 + ".pdf"),
        ("о" * 300, "о" * 120),
    ],
)
def test_safe_name_keeps_only_the_harmless_part(given, kept):
    assert safe_name(given) == kept


def test_kind_of_knows_accepted_extensions_only():
    assert [kind_of(name) for name in ("a.DOCX", "a.exe", "docx")] == [DOCX, None, None]


def test_clean_image_turns_upright_and_forgets_where_it_was_taken():
    source = jpeg_with_exif(orientation=6)
    assert PLACE in source
    cleaned = clean_image(Named(source, "фото.jpg"))
    content = cleaned.read()
    assert PLACE not in content
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (48, 64)
        assert dict(image.getexif()) == {}
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_clean_image_drops_unreadable_exif_and_the_tail():
    from_png = picture("PNG", exif=b"Exif\0\0" + PLACE) + PLACE
    assert from_png.count(PLACE) == 2
    assert PLACE not in clean_image(Named(from_png, "фото.png")).read()


@pytest.mark.parametrize(
    ("kind", "mode", "kept", "colour"),
    [
        ("PNG", "RGBA", "RGBA", (200, 30, 30, 100)),
        ("PNG", "1", "L", 255),
        ("PNG", "L", "L", 120),
        ("PNG", "I;16", "L", 156),
        ("PNG", "RGB", "RGB", (200, 30, 30)),
    ],
)
def test_clean_image_keeps_colours_and_transparency(kind, mode, kept, colour):
    with Image.open(clean_image(Named(picture(kind, mode=mode), "a.png"))) as image:
        assert (image.mode, image.getpixel((5, 5))) == (kept, colour)


def test_clean_image_reduces_large_and_leaves_small_alone():
    sizes = []
    for size in [(4000, 1000), (50, 40)]:
        with Image.open(clean_image(Named(jpeg(size), "a.jpg"), max_side=100)) as image:
            sizes.append(image.size)
    assert sizes == [(100, 25), (50, 40)]


def test_clean_image_names_by_content():
    assert clean_image(Named(picture("PNG"), "../фото.jpg")).name == "фото.png"
    assert clean_image(Named(picture("WEBP"), "фото.webp")).name == "фото.webp"
    assert clean_image(Named(jpeg(), "фото.JPEG")).name == "фото.JPEG"


def test_clean_image_refuses_in_russian():
    with pytest.raises(ValidationError) as caught:
        clean_image(Named(b"nothing", "a.jpg"))
    assert caught.value.messages == ["По содержимому это не картинка JPG, PNG или WEBP."]


def test_file_field_says_what_it_accepts():
    field = ScanForm().fields["scan"]
    assert field.help_text == "PDF, JPG или PNG, до 10 МБ"
    assert field.widget.attrs["accept"] == ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
    assert 'type="file"' in str(ScanForm()["scan"])


def test_file_field_gives_a_safe_rewound_file():
    form = ScanForm(files={"scan": Named(PDF, "../Скан\u200b 1.pdf")})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["scan"].name == "Скан 1.pdf"
    assert form.cleaned_data["scan"].read() == PDF


def test_file_field_draws_pictures_anew():
    form = ScanForm(files={"scan": SimpleUploadedFile("скан.jpg", jpeg_with_exif())})
    assert form.is_valid(), form.errors
    assert PLACE not in form.cleaned_data["scan"].read()


@pytest.mark.parametrize("case", ["empty", "pdf_and_docx", "png_bomb"])
def test_file_field_shows_the_refusal(case):
    name, build, words = BAD[case]
    form = ScanForm(files={"scan": SimpleUploadedFile(name, build())})
    assert [error[: len(words)] for error in form.errors["scan"]] == [words]


def test_file_field_left_empty_is_none():
    form = ScanForm(files={})
    assert form.is_valid()
    assert form.cleaned_data["scan"] is None


def test_image_field_accepts_pictures_only_and_reduces_them():
    form = PhotoForm(files={"photo": SimpleUploadedFile("фото.jpg", jpeg((400, 200)))})
    assert form.is_valid(), form.errors
    with Image.open(form.cleaned_data["photo"]) as image:
        assert image.size == (100, 50)
    refused = PhotoForm(files={"photo": SimpleUploadedFile("скан.pdf", PDF)})
    assert refused.errors["photo"] == [f"Файлы .pdf здесь не принимаются. Подойдёт файл {accepted_words(IMAGES)}."]


def test_image_field_missing_is_required():
    assert PhotoForm(files={}).errors["photo"] == ["Обязательное поле."]
