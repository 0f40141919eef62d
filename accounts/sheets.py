"""What a file of the journal and of the people of the portal looks like."""

from __future__ import annotations

from core.models import JournalEntry
from core.sheets.exports import ExportColumn


def changes_of(entry: JournalEntry) -> str:
    """«Фамилия: Белова → Серова; …»."""
    return "; ".join(f"{one['field']}: {one['old']} → {one['new']}" for one in entry.changes)


JOURNAL = (
    ExportColumn("Когда", lambda entry: entry.at),
    ExportColumn("Кто", lambda entry: entry.actor_name),
    ExportColumn("Что", lambda entry: entry.text),
    ExportColumn("О чём", lambda entry: entry.subject_text),
    ExportColumn("Подробности", changes_of),
)
PARTNERS = (
    ExportColumn("Название", lambda partner: partner.title),
    ExportColumn("ИНН", lambda partner: partner.inn),
    ExportColumn("Адрес", lambda partner: partner.address),
    ExportColumn("Сайт", lambda partner: partner.site),
    ExportColumn("Контактное лицо", lambda partner: partner.contact_name),
    ExportColumn("Должность", lambda partner: partner.contact_post),
    ExportColumn("Телефон", lambda partner: partner.phone),
    ExportColumn("Почта", lambda partner: partner.email),
    ExportColumn("Сотрудничаем", lambda partner: partner.is_active),
)
USERS = (
    ExportColumn("Имя", lambda person: person.full_name),
    ExportColumn("Роли", lambda person: ", ".join(role.get_role_display() for role in person.current_roles)),
    ExportColumn("Логин", lambda person: person.username),
    ExportColumn("Почта", lambda person: person.email),
    ExportColumn("Вход открыт", lambda person: person.is_active),
    ExportColumn("Последний вход", lambda person: person.last_login),
)
