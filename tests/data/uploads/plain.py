"""PDF, text and names: good ones, and bad ones with the beginning of the refusal each must meet."""

from tests.data.uploads.archives import docx
from tests.data.uploads.pictures import jpeg

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
TWOFOLD = "Это два файла разных видов"
NOT_PDF = "По содержимому это не PDF"
NOT_CSV = "По содержимому это не CSV"
NOT_TEXT = "Это не текст"


def pdf_with(extra: bytes) -> bytes:
    return PDF.replace(b"endobj\n", b"endobj\n" + extra, 1)


def pdf_and_docx() -> bytes:
    return PDF + docx()


def pdf_and_page() -> bytes:
    return b"%PDF-1.7\n<html><body onload=alert(1)>\n" + PDF[9:]


# name of the case → (file name, builder, beginning of the refusal)
BAD_PLAIN = {
    "empty": ("скан.pdf", lambda: b"", "Файл пустой"),
    "too_big": ("скан.pdf", lambda: PDF + b" " * 10 * 1024 * 1024, "Файл больше 10 МБ"),
    "program": ("игра.exe", lambda: b"MZ\x90\0" + bytes(500), "Файлы .exe здесь не принимаются"),
    "program_named_pdf": ("справка.pdf", lambda: b"MZ\x90\0" + bytes(500), NOT_PDF),
    "program_after_pdf_name": ("справка.pdf.exe", lambda: PDF, "Файлы .exe здесь не принимаются"),
    "elf_named_csv": ("список.csv", lambda: b"\x7fELF\x02\x01\x01" + bytes(60), NOT_TEXT),
    "shell_script": ("запуск.sh", lambda: b"#!/bin/sh\nrm -rf /\n", "Файлы .sh здесь не принимаются"),
    "no_extension": ("скан", lambda: PDF, "У имени файла нет расширения"),
    "only_extension": (".pdf", lambda: PDF, "У имени файла нет расширения"),
    "turned_name": ("отчёт\u202efdp.pdf", lambda: PDF, "В имени файла есть скрытые знаки"),
    "isolated_name": ("отчёт\u2067fdp.pdf", lambda: PDF, "В имени файла есть скрытые знаки"),
    "nul_in_name": ("скан.pdf\0.exe", lambda: PDF, "В имени файла есть скрытые знаки"),
    "newline_in_name": ("скан\r\nSet-Cookie: a=b.pdf", lambda: PDF, "В имени файла есть скрытые знаки"),
    "svg": ("схема.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "Файлы .svg"),
    "html": ("страница.html", lambda: b"<html><script>alert(1)</script></html>", "Файлы .html здесь не принимаются"),
    "html_named_pdf": ("страница.pdf", lambda: b"<html>%PDF-1.7 %%EOF</html>", NOT_PDF),
    "html_named_csv": ("список.csv", lambda: b"<!DOCTYPE html><script>alert(1)</script>", NOT_CSV),
    "html_named_csv_after_mark": ("список.csv", lambda: b"\xef\xbb\xbf <script>alert(1)</script>", NOT_CSV),
    "xml_named_txt": ("заметка.txt", lambda: b"<?xml version='1.0'?><x/>", "По содержимому это не TXT"),
    "pdf_named_csv": ("список.csv", lambda: PDF, NOT_CSV),
    "nul_in_csv": ("список.csv", lambda: b"a;b\n1;\x002\n", NOT_TEXT),
    "control_in_csv": ("список.csv", lambda: b"a;b\n1;\x1b[2J\n", NOT_CSV),
    "utf16_csv": ("список.csv", lambda: "имя;класс\n".encode("utf-16"), NOT_TEXT),
    "jpeg_named_csv": ("список.csv", lambda: jpeg(), NOT_TEXT),
    "jpeg_named_pdf": ("скан.pdf", lambda: jpeg(), NOT_PDF),
    "pdf_cut": ("скан.pdf", lambda: PDF[:60], "Файл PDF обрезан"),
    "pdf_late_start": ("скан.pdf", lambda: b"GIF89a" + bytes(100) + PDF, NOT_PDF),
    "pdf_and_docx": ("скан.pdf", pdf_and_docx, TWOFOLD),
    "pdf_and_page": ("скан.pdf", pdf_and_page, TWOFOLD),
    "pdf_with_script": ("анкета.pdf", lambda: pdf_with(b"<< /S /JavaScript /JS (alert(1)) >>\n"), "В файле PDF"),
    "pdf_with_launch": ("анкета.pdf", lambda: pdf_with(b"<< /S /Launch /F (cmd.exe) >>\n"), "В файле PDF"),
    "pdf_hidden_behind_trailer": ("скан.pdf", lambda: PDF + b"A" * 5000, "Файл PDF обрезан"),
}

GOOD_PLAIN = {
    "pdf": ("скан.pdf", lambda: PDF),
    "pdf_capital_extension": ("СКАН.PDF", lambda: PDF),
    "pdf_after_mark": ("скан.pdf", lambda: b"\xef\xbb\xbf" + PDF),
    "pdf_with_metadata": ("скан.pdf", lambda: pdf_with(b"<?xpacket begin=''?><?xml version='1.0'?><x:xmpmeta/>\n")),
    "pdf_of_ten_megabytes": ("скан.pdf", lambda: pdf_with(b"%" + b" " * (10 * 1024 * 1024 - len(PDF) - 2) + b"\n")),
    "pdf_long_name": ("о" * 300 + ".pdf", lambda: PDF),
    "csv_utf8": ("список.csv", lambda: "имя;класс\nЁлкина;7 «А»\n".encode()),
    "csv_mark": ("список.csv", lambda: "имя;класс\n".encode("utf-8-sig")),
    "csv_windows": ("список.csv", lambda: "имя;класс\nЁлкина;7 №1\n".encode("cp1251")),
    "txt": ("заметка.txt", lambda: "Встреча прошла.\r\n\tВсё.".encode()),
}
