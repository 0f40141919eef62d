"""What the register of programmes looks like as a file."""

from __future__ import annotations

from core.sheets.exports import ExportColumn
from mentorship.models import ActivityState, Programme


def words(rows: object) -> str:
    return ", ".join(str(one) for one in rows.all())  # type: ignore[attr-defined]


def checked(programme: Programme) -> str:
    """«7 из 12»: lines checked by the mentor out of those in force."""
    lines = [one for one in programme.activities.all() if one.is_in_force and one.state != ActivityState.CANCELLED]
    return f"{sum(one.state == ActivityState.CHECKED for one in lines)} из {len(lines)}" if lines else ""


PROGRAMMES = (
    ExportColumn("Программа", lambda one: one.title),
    ExportColumn("Наставник", lambda one: one.pair.mentor.full_name),
    ExportColumn("Наставляемые", lambda one: ", ".join(person.full_name for person in one.pair.mentees)),
    ExportColumn("Индивидуальная или групповая", lambda one: "групповая" if one.pair.is_group else "индивидуальная"),
    ExportColumn("Формы", lambda one: words(one.forms)),
    ExportColumn("Виды", lambda one: words(one.kinds)),
    ExportColumn("Направления", lambda one: words(one.directions)),
    ExportColumn("Начало", lambda one: one.starts_on),
    ExportColumn("Окончание", lambda one: one.ends_on),
    ExportColumn("Состояние", lambda one: one.get_state_display()),
    ExportColumn("Редакция", lambda one: one.version or ""),
    ExportColumn("Утверждена", lambda one: one.approved_on),
    ExportColumn("Приказ", lambda one: str(one.order) if one.order else ""),
    ExportColumn("Проверено мероприятий", checked),
    ExportColumn("Завершена", lambda one: one.completed_on),
    ExportColumn("Итоги", lambda one: one.results),
)
