"""What a file of the items of a roadmap looks like."""

from __future__ import annotations

from core.sheets.exports import ExportColumn

ITEMS = (
    ExportColumn("Этап", lambda row: row.item.stage.title),
    ExportColumn("№", lambda row: row.number),
    ExportColumn("Содержание", lambda row: row.item.text),
    ExportColumn("Срок, как в документе", lambda row: row.item.term),
    ExportColumn("Начало", lambda row: row.item.starts_on),
    ExportColumn("Срок", lambda row: row.item.due_on),
    ExportColumn("Ответственный", lambda row: row.item.responsible),
    ExportColumn("Состояние", lambda row: row.status),
    ExportColumn("Выполнено", lambda row: row.item.done_on),
    ExportColumn("Чем подтверждено", lambda row: row.item.done_note),
)
