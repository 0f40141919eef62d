"""Pictures: good ones, and bad ones with the beginning of the refusal each must meet."""

import io
import struct
import zlib

from PIL import Image

from tests.data.uploads.archives import docx

NOT_JPG = "По содержимому это не JPG"
NOT_A_PICTURE = "По содержимому это не картинка"
TWOFOLD = "Это два файла разных видов"
PLACE = b"secret place 55.7558 37.6173"


def picture(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    colours = {"L": 120, "1": 1, "P": 3, "I;16": 40000, "CMYK": (10, 20, 30, 40), "RGBA": (200, 30, 30, 100)}
    Image.new(mode, size, colours.get(mode, (200, 30, 30))).save(out, kind, **options)
    return out.getvalue()


def jpeg(size: tuple[int, int] = (64, 48), **options: object) -> bytes:
    return picture("JPEG", size, **options)


def jpeg_with_exif(orientation: int = 6) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = PLACE.decode()
    exif.get_ifd(0x8825)[1] = "N"
    return jpeg(exif=exif.tobytes(), comment=PLACE)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_claiming(width: int, height: int) -> bytes:
    """A small file whose header promises a picture of this size."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


def png_with_text_bomb() -> bytes:
    """A compressed remark that unpacks to 100 MB."""
    whole = picture("PNG")
    bomb = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100 * 1024 * 1024), 9))
    return whole[:33] + bomb + whole[33:]


def jpeg_of_many_layers(layers: int = 400) -> bytes:
    """A progressive JPEG whose last layer is repeated over and over: cheap to send, dear to decode."""
    whole = jpeg((256, 256), progressive=True)
    last = whole[whole.rfind(b"\xff\xda") : -2]
    return whole[:-2] + last * layers + b"\xff\xd9"


# name of the case → (file name, builder, beginning of the refusal)
BAD_PICTURES = {
    "png_named_jpg": ("снимок.jpg", lambda: picture("PNG"), NOT_JPG),
    "gif_named_jpg": ("снимок.jpg", lambda: picture("GIF", mode="P"), NOT_A_PICTURE),
    "tiff_named_png": ("снимок.png", lambda: picture("TIFF"), NOT_A_PICTURE),
    "text_named_png": ("снимок.png", lambda: b"just words", NOT_A_PICTURE),
    "svg_named_png": ("снимок.png", lambda: b"<svg onload='alert(1)'/>", NOT_A_PICTURE),
    "jpeg_cut": ("снимок.jpg", lambda: jpeg((600, 600))[:900], "Картинка повреждена"),
    "png_cut": ("снимок.png", lambda: picture("PNG", (600, 600))[:200], "Картинка повреждена"),
    "png_bomb": ("снимок.png", lambda: png_claiming(30000, 30000), "Картинка слишком большая"),
    "png_over_the_limit": ("снимок.png", lambda: png_claiming(5000, 5000), "Картинка слишком большая: 5000 × 5000"),
    "png_long_strip": ("снимок.png", lambda: png_claiming(2_000_000_000, 1), "Картинка слишком большая"),
    "jpeg_over_the_limit": ("снимок.jpg", lambda: jpeg((7200, 7200), mode="L"), "Картинка слишком большая"),
    "webp_over_the_limit": ("снимок.webp", lambda: picture("WEBP", (5000, 4100)), "Картинка слишком большая"),
    "png_text_bomb": ("снимок.png", png_with_text_bomb, "По содержимому это не картинка"),
    "jpeg_of_many_layers": ("снимок.jpg", jpeg_of_many_layers, "Картинка сохранена необычным способом"),
    "jpeg_and_docx": ("снимок.jpg", lambda: jpeg() + docx(), TWOFOLD),
    "png_and_docx": ("снимок.png", lambda: picture("PNG") + docx(), TWOFOLD),
    "jpeg_and_page": ("снимок.jpg", lambda: jpeg(comment=b"<script>alert(1)</script>"), TWOFOLD),
    "jpeg_and_php": ("снимок.jpg", lambda: jpeg() + b"<?php system($_GET[0]); ?>", TWOFOLD),
    "jpeg_and_pdf": ("снимок.jpg", lambda: jpeg(comment=b"%PDF-1.7"), TWOFOLD),
}

GOOD_PICTURES = {
    "jpeg": ("снимок.jpg", jpeg),
    "jpeg_long_extension": ("снимок.JPEG", jpeg),
    "jpeg_progressive": ("снимок.jpg", lambda: jpeg((800, 600), progressive=True)),
    "jpeg_of_a_telephone": ("снимок.jpg", lambda: jpeg((8000, 6000), mode="L")),
    "jpeg_with_exif": ("снимок.jpg", jpeg_with_exif),
    "jpeg_cmyk": ("снимок.jpg", lambda: jpeg(mode="CMYK")),
    "png": ("снимок.png", lambda: picture("PNG")),
    "png_see_through": ("снимок.png", lambda: picture("PNG", mode="RGBA")),
    "png_palette": ("снимок.png", lambda: picture("PNG", mode="P")),
    "png_sixteen_bits": ("снимок.png", lambda: picture("PNG", mode="I;16")),
    "png_black_and_white": ("снимок.png", lambda: picture("PNG", (2480, 3508), mode="1")),
    "webp": ("снимок.webp", lambda: picture("WEBP")),
}
