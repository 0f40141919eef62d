"""Pictures from outside: opened within limits and drawn anew, so that only the picture itself remains."""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Iterator
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from PIL import Image, ImageFile, ImageOps

from core.uploads.kinds import EXTENSIONS, JPG, PNG, WEBP, UploadError, UploadKind
from core.uploads.names import extension_of, safe_name

FORMATS = {JPG: ("JPEG", "MPO"), PNG: ("PNG",), WEBP: ("WEBP",)}  # MPO: a JPEG with a second view, as telephones save
KIND_OF_FORMAT = {name: kind for kind, names in FORMATS.items() for name in names}
# An ordinary JPEG is decoded at a reduced scale, the others only whole: 16 million points are 64 MB of memory, and the
# decoder of WEBP keeps three copies.
MAX_PIXELS = {JPG: 50_000_000, PNG: 16_000_000, WEBP: 10_000_000}
MAX_PIXELS_PROGRESSIVE = 16_000_000
MAX_SCANS = 100
MAX_SIDE = 4000
QUALITY = 85
DECODING = threading.RLock()

UNREADABLE = "Картинка повреждена или сохранена не полностью. Откройте её, сохраните заново и загрузите снова."
TANGLED = "Картинка сохранена необычным способом. Откройте её, сохраните как обычный JPG и загрузите снова."


def open_image(content: bytes, kind: UploadKind | None = None, *, max_side: int = 1000) -> Image.Image:
    """Decode a JPG, PNG or WEBP (the given `kind` only); a JPEG may come reduced, but not below `max_side` points.

    Raises `UploadError`: another format, too many points, damaged.
    """
    with strictly():
        image = identified(content, kind)
        check_pixels(image)
        if image.info.get("progressive") and content.count(b"\xff\xda") > MAX_SCANS:
            raise UploadError(TANGLED)
        try:
            part = max_side / max(image.size)
            image.draft(None, (int(image.width * part), int(image.height * part)))
            image.load()
        except Exception as error:  # the decoders raise whatever a broken file makes them stumble over
            raise UploadError(UNREADABLE) from error
    return image


@contextlib.contextmanager
def strictly() -> Iterator[None]:
    """One picture at a time, for decoding takes up to 200 MB; and a cut picture is an error.

    WeasyPrint tells Pillow to forgive cut pictures, in the whole process and for good.
    """
    with DECODING:
        forgiving = ImageFile.LOAD_TRUNCATED_IMAGES
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = forgiving


def identified(content: bytes, kind: UploadKind | None) -> Image.Image:
    """Read the header only; no decoder but the accepted ones is tried."""
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
    except Image.DecompressionBombError as error:
        raise UploadError("Картинка слишком большая: в ней больше ста миллионов точек. Уменьшите её.") from error
    except Exception as error:  # see above: not only UnidentifiedImageError
        raise UploadError("По содержимому это не картинка JPG, PNG или WEBP.") from error
    if kind is not None and image.format not in FORMATS[kind]:
        raise UploadError(f"По содержимому это не {kind.title}: расширение не соответствует файлу.")
    return image


def check_pixels(image: Image.Image) -> None:
    """Refuse by the size in the header, before a single point is decoded."""
    limit = MAX_PIXELS[KIND_OF_FORMAT[str(image.format)]]
    if image.info.get("progressive"):
        limit = min(limit, MAX_PIXELS_PROGRESSIVE)
    width, height = image.size
    if width * height > limit:
        size = f"{width} × {height} точек, а принимается до {limit // 1_000_000} миллионов точек"
        raise UploadError(f"Картинка слишком большая: {size}. Уменьшите её.")


def clean_image(file: File[bytes] | IO[Any], *, max_side: int = MAX_SIDE) -> ContentFile[bytes]:
    """The picture drawn anew in its own format: turned upright, at most `max_side` points a side, nothing attached.

    EXIF (place, telephone, time), comments, profiles and thumbnails do not survive. Raises `ValidationError`.
    """
    file.seek(0)
    content = file.read()
    try:
        with strictly():
            drawn, kind = redrawn(content, max_side)
    except UploadError as refusal:
        raise ValidationError(str(refusal), code="image") from refusal
    return ContentFile(drawn, name=renamed(getattr(file, "name", None) or "", kind))


def redrawn(content: bytes, max_side: int) -> tuple[bytes, UploadKind]:
    """The bytes of the new picture and their kind."""
    image = open_image(content, max_side=max_side)
    kind = KIND_OF_FORMAT[str(image.format)]
    turn_upright(image)
    if image.mode not in {"1", "P", "PA"}:  # reduced before any copy is made, where that costs no quality
        image.thumbnail((max_side, max_side))
    bare = plain(image, kind)
    bare.thumbnail((max_side, max_side))
    return encoded(bare, kind), kind


def turn_upright(image: Image.Image) -> None:
    """Turn the picture the way the camera was held; one whose EXIF is unreadable stays as it lies."""
    # EXIF is a format of its own and breaks in as many ways as pictures do.
    with contextlib.suppress(Exception):
        ImageOps.exif_transpose(image, in_place=True)


def plain(image: Image.Image, kind: UploadKind) -> Image.Image:
    """The same points in a mode every program reads, without anything the file carried along."""
    if image.mode.startswith("I") or image.mode == "F":  # sixteen bits a point: keep the upper eight
        image = image.point(lambda value: value / 256).convert("L")
    see_through = kind is not JPG and (image.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in image.info)
    grey = image.mode in {"1", "L"} and not see_through
    bare = image.convert("RGBA" if see_through else "L" if grey else "RGB")
    bare.info = {}
    return bare


def encoded(image: Image.Image, kind: UploadKind) -> bytes:
    out = io.BytesIO()
    if kind is PNG:
        image.save(out, "PNG", optimize=False)
    else:
        image.save(out, FORMATS[kind][0], quality=QUALITY)
    return out.getvalue()


def renamed(name: str, kind: UploadKind) -> str:
    """The safe name with an extension of the kind it was saved in."""
    tidy = safe_name(name)
    if EXTENSIONS.get(extension_of(tidy)) is kind:
        return tidy
    return f"{PurePath(tidy).stem}.{kind.extensions[0]}"
