"""What a file of the register of orders looks like."""

from __future__ import annotations

from core.sheets.exports import ExportColumn

ORDERS = (
    ExportColumn("Номер", lambda order: order.number),
    ExportColumn("Дата", lambda order: order.date),
    ExportColumn("Заголовок", lambda order: order.title),
    ExportColumn("Вид", lambda order: order.kind_title),
    ExportColumn("Книга", lambda order: order.series.name),
    ExportColumn("Состояние", lambda order: order.get_state_display()),
    ExportColumn("Подписал", lambda order: order.signer_name),
)
