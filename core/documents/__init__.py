"""Документы: один текст — два файла с одними и теми же словами, PDF для подписи и DOCX для правки.

Приложение рисует шаблоном короткую разметку (`markup.py` перечисляет всё, что в ней бывает), `blocks.py` читает её
в список блоков, `pdf.py` и `docx.py` печатают этот список на листе из `page.py`, а шаблон
`core/documents/paper.html` показывает его на экране. Чего нет в разметке, того не может быть и в документе:
неизвестный тег — ошибка, а не пропавший абзац.

    blocks = read_blocks(render_to_string("app/some_document.html", facts))
    setup = PageSetup(title="О чём документ", author="Организация")
    pdf, docx = to_pdf(blocks, setup), to_docx(blocks, setup)
"""
