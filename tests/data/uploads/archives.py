"""Word and Excel files: good ones, and bad ones with the beginning of the refusal each must meet."""

import io
import random
import struct
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
from docx import Document

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOMB = bytes(1024 * 1024)
LINKED = "Файл подгружает данные извне"
STRANGE = "Файл устроен не так"
MACRO = "В файле есть макросы"
HUGE = "Файл слишком сильно сжат"
STUFFED = "Внутри файла спрятан"
DECLARED = "Внутри файла есть объявления DTD"
DAMAGED = "Файл повреждён"
OLD = "Это файл старого Word или Excel"


def docx() -> bytes:
    out = io.BytesIO()
    document = Document()
    document.add_paragraph("План работы с молодым педагогом")
    document.save(out)
    return out.getvalue()


def xlsx(rows: int = 3, columns: int = 3) -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in range(rows):
        sheet.append([f"ячейка {row} {column}" for column in range(columns)])
    book.save(out)
    return out.getvalue()


def rebuilt(
    content: bytes,
    *,
    add: Mapping[str, bytes] | None = None,
    change: Mapping[str, Callable[[bytes], bytes]] | None = None,
    drop: str = "",
) -> bytes:
    """The same archive with parts added, changed or left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != drop:
                new.writestr(name, (change or {}).get(name, bytes)(old.read(name)))
        for name, data in (add or {}).items():
            new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def related(kind: str, target: str, *, part: str = "word/_rels/document.xml.rels", strange: bool = False) -> bytes:
    """A Word file with one more relation to the outside; `strange` hides it in another encoding."""
    head = '<?xml version="1.0" encoding="UTF-16"?>' if strange else ""
    relation = f'<Relationship Id="rIdX" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="External"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    text = f'{head}<Relationships xmlns="{space}">{relation}</Relationships>'
    data = text.encode("utf-16" if strange else "utf-8")
    return rebuilt(docx(), add={part: data}, drop=part)


def declaring(text: str, part: str = "word/document.xml", encoding: str = "utf-8") -> bytes:
    return rebuilt(docx(), change={part: lambda old: text.encode(encoding)})


def laughing() -> bytes:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return declaring(f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ха">{levels}]><x>&a9;</x>')


def bomb(megabytes: int, **member: bytes) -> bytes:
    return rebuilt(xlsx(), add={"xl/bomb.bin": BOMB * megabytes, **member})


def patched(content: bytes, name: bytes, field: int, value: int) -> bytes:
    """Change a 32-bit field of one entry's central header, `field` bytes from its signature."""
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(name) + 1)
    return content[: at + field] + struct.pack("<I", value) + content[at + field + 4 :]


def crowd_of_elements() -> bytes:
    """Two million empty shared strings beside something that does not compress, so that the ratio stays low."""
    strings = b"<sst>" + b"<si/>" * 2_000_000 + b"</sst>"
    return rebuilt(xlsx(), add={"xl/sharedStrings.xml": strings, "xl/media/a.bin": random.Random(1).randbytes(200_000)})


def crowd_of_styles() -> bytes:
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    styles = b"<styleSheet " + space + b"><cellXfs>" + b"<xf/>" * 200_000 + b"</cellXfs></styleSheet>"
    noise = {"xl/media/a.bin": random.Random(1).randbytes(9000)}
    return rebuilt(xlsx(), change={"xl/styles.xml": lambda old: styles}, add=noise)


def lying_small() -> bytes:
    """The header promises 100 bytes, the stream holds 60 MB: a reader that believes headers notices nothing."""
    return patched(bomb(60), b"xl/bomb.bin", 24, 100)


def lying_large() -> bytes:
    return patched(rebuilt(xlsx(), add={"xl/note.bin": b"12345"}), b"xl/note.bin", 24, 5000)


def locked() -> bytes:
    whole = rebuilt(xlsx(), add={"xl/note.bin": b"12345"})
    at = whole.rfind(b"PK\x01\x02")
    return whole[: at + 8] + b"\x01\x00" + whole[at + 10 :]


def damaged() -> bytes:
    whole = docx()
    start = 30 + sum(struct.unpack("<HH", whole[26:30]))
    return whole[:start] + b"\xff" * 20 + whole[start + 20 :]


def directory_of(entries: int) -> bytes:
    """Nothing but a central directory of many entries."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    size = len(entry) * entries
    start = b"PK\x03\x04" + bytes(26)
    return start + entry * entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, size, len(start), 0)


def hidden_declaration() -> bytes:
    """A DTD behind twenty kilobytes of spaces in a part whose name does not say XML."""
    return rebuilt(docx(), add={"word/data.dat": b" " * 40_000 + b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'})


def macro_type(old: bytes) -> bytes:
    return old.replace(b"wordprocessingml.document.main+xml", b"ms-word.document.macroEnabled.main+xml")


def with_bytes(name: str, data: bytes) -> Callable[[], bytes]:
    return lambda: rebuilt(docx(), add={name: data})


XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
XXE16 = XXE.replace('"1.0"', '"1.0" encoding="UTF-16"')

# name of the case → (file name, builder, beginning of the refusal)
BAD_ARCHIVES = {
    "bomb": ("список.xlsx", lambda: bomb(99), HUGE),
    "bomb_by_ratio": ("список.xlsx", lambda: bomb(8), HUGE),
    "bomb_lying_small": ("список.xlsx", lying_small, STRANGE),
    "crowd_of_elements": ("список.xlsx", crowd_of_elements, HUGE),
    "crowd_of_styles": ("список.xlsx", crowd_of_styles, HUGE),
    "lying_large": ("список.xlsx", lying_large, STRANGE),
    "bomb_of_entries": ("план.docx", lambda: directory_of(200_000), "Внутри файла больше 200 частей"),
    "many_members": (
        "план.docx",
        lambda: rebuilt(docx(), add={f"word/p{number}.bin": b"1" for number in range(300)}),
        "Внутри файла больше 200 частей",
    ),
    "nested_zip": ("план.docx", with_bytes("word/inner.bin", docx()), STUFFED),
    "nested_by_name": ("план.docx", with_bytes("word/inner.zip", b"12345"), STUFFED),
    "program_inside": ("план.docx", with_bytes("word/media/image1.png", b"MZ\x90\0" + bytes(100)), STUFFED),
    "program_by_name": ("план.docx", with_bytes("word/embeddings/setup.exe", b"12345"), STUFFED),
    "nested_twice": (
        "план.docx",
        lambda: rebuilt(docx(), add={"word/embeddings/a.docx": with_bytes("word/embeddings/b.docx", docx())()}),
        STUFFED,
    ),
    "nested_bomb": ("план.docx", lambda: rebuilt(docx(), add={"word/embeddings/a.xlsx": bomb(99)}), HUGE),
    "macro": ("план.docx", with_bytes("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"), MACRO),
    "macro_capitals": ("план.docx", with_bytes("word/VBAPROJECT.BIN", b"\xd0\xcf\x11\xe0"), MACRO),
    "macro_by_type": ("план.docx", lambda: rebuilt(docx(), change={"[Content_Types].xml": macro_type}), MACRO),
    "macro_sheet": ("список.xlsx", lambda: rebuilt(xlsx(), add={"xl/macrosheets/sheet1.xml": b"<a/>"}), MACRO),
    "remote_template": (
        "план.docx",
        lambda: related("attachedTemplate", "https://example.org/t.dotm", part="word/_rels/settings.xml.rels"),
        LINKED,
    ),
    "template_on_a_server": ("план.docx", lambda: related("attachedTemplate", "file://///10.0.0.1/s/t.dotm"), LINKED),
    "remote_template_utf16": ("план.docx", lambda: related("attachedTemplate", "http://e.org/t", strange=True), LINKED),
    "remote_picture": ("план.docx", lambda: related("image", "https://example.org/pixel.png"), LINKED),
    "remote_frame": ("план.docx", lambda: related("frame", "https://example.org/page"), LINKED),
    "remote_object": ("план.docx", lambda: related("oleObject", "mhtml:https://example.org/x"), LINKED),
    "external_book": (
        "список.xlsx",
        lambda: rebuilt(xlsx(), add={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}),
        LINKED,
    ),
    "dtd": ("план.docx", lambda: declaring('<!DOCTYPE x SYSTEM "http://example.org/x.dtd"><x/>'), DECLARED),
    "xxe": ("план.docx", lambda: declaring(XXE), DECLARED),
    "xxe_utf16": ("план.docx", lambda: declaring(XXE16, encoding="utf-16"), DECLARED),
    "xxe_in_types": ("план.docx", lambda: declaring(XXE, "[Content_Types].xml"), DECLARED),
    "xxe_in_xlsx": (
        "список.xlsx",
        lambda: rebuilt(xlsx(), change={"xl/workbook.xml": lambda old: XXE.encode()}),
        DECLARED,
    ),
    "xxe_behind_spaces": ("план.docx", hidden_declaration, DECLARED),
    "billion_laughs": ("план.docx", laughing, DECLARED),
    "broken_xml": ("план.docx", lambda: declaring("<w:document>"), DAMAGED),
    "upwards": ("план.docx", with_bytes("../../etc/cron.d/x", b"1"), STRANGE),
    "from_root": ("план.docx", with_bytes("/etc/cron.d/x", b"1"), STRANGE),
    "backslashes": ("план.docx", with_bytes("word\\..\\..\\x", b"1"), STRANGE),
    "disk": ("план.docx", with_bytes("C:/x", b"1"), STRANGE),
    "same_name_twice": ("план.docx", with_bytes("WORD/document.xml", b"<a/>"), STRANGE),
    "locked_member": ("список.xlsx", locked, "Файл защищён паролем"),
    "old_word": ("план.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), OLD),
    "old_word_by_name": ("план.doc", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "Файлы .doc здесь не принимаются. Откр"),
    "damaged": ("план.docx", damaged, DAMAGED),
    "cut": ("план.docx", lambda: docx()[:-100], DAMAGED),
    "only_signature": ("план.docx", lambda: b"PK\x03\x04", DAMAGED),
    "program_with_docx": ("план.docx", lambda: b"MZ\x90\0" + docx(), STRANGE),
    "page_after_docx": ("план.docx", lambda: docx() + b"<script>alert(1)</script>", STRANGE),
    "plain_zip": ("план.docx", lambda: rebuilt(docx(), drop="[Content_Types].xml"), "По содержимому это не Word"),
    "xlsx_named_docx": ("план.docx", xlsx, "По содержимому это не Word"),
    "docx_named_xlsx": ("список.xlsx", docx, "По содержимому это не Excel"),
    "jpeg_named_docx": ("план.docx", lambda: b"\xff\xd8\xff\xe0" + bytes(100), STRANGE),
    "zip": ("план.zip", docx, "Файлы .zip здесь не принимаются. Загрузите сам документ"),
}

GOOD_ARCHIVES = {
    "docx": ("план.docx", docx),
    "xlsx": ("список.xlsx", xlsx),
    "xlsx_large": ("список.xlsx", lambda: xlsx(3000, 12)),
    "docx_with_a_web_link": ("план.docx", lambda: related("hyperlink", "https://example.org/")),
    "docx_of_own_template": ("план.docx", lambda: related("attachedTemplate", "file:///C:\\Users\\a\\t.dotx")),
    "docx_with_a_table_inside": ("план.docx", lambda: rebuilt(docx(), add={"word/embeddings/a.xlsx": xlsx()})),
    "docx_with_careless_notes": ("план.docx", with_bytes("word/drawing1.vml", b"<xml><br></xml>")),
    "docx_with_empty_folder": ("план.docx", with_bytes("word/", b"")),
}
