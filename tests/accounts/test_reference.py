"""The production calendar: loaded from data, more than once, never over somebody's correction."""

import datetime as dt
import json

import pytest
from django.core.management import call_command

from accounts.models import ProductionDay
from accounts.services import reference
from accounts.services.reference import load_calendar
from core.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(tmp_path, monkeypatch):
    """Put other days into the file."""

    def write(*days: dict) -> None:
        file = tmp_path / "calendar.json"
        file.write_text(json.dumps({"days": days}, ensure_ascii=False), encoding="utf-8")
        monkeypatch.setattr(reference, "SOURCE", file)

    return write


def test_calendar_is_loaded_once(journal_count):
    added = load_calendar()
    assert added == ProductionDay.objects.count() == journal_count()
    assert (load_calendar(), journal_count()) == (0, added)


def test_calendar_knows_the_years_and_the_transfers():
    load_calendar()
    assert sorted({day.day.year for day in ProductionDay.objects.all()}) == [2025, 2026, 2027]
    off = ProductionDay.objects.filter(kind="holiday").values_list("day", flat=True)
    assert [day for day in off if day.year == 2026 and day.month == 1] == [dt.date(2026, 1, n) for n in range(1, 10)]
    assert list(ProductionDay.objects.filter(kind="working").values_list("day", flat=True)) == [dt.date(2025, 11, 1)]


def test_working_days_of_a_year_are_as_many_as_published():
    """247 for the five-day week of 2025 and of 2026."""
    load_calendar()
    kinds = dict(ProductionDay.objects.values_list("day", "kind"))
    for year in (2025, 2026):
        days = [dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range(365)]
        worked = [day for day in days if works(day, kinds.get(day))]
        assert len(worked) == 247


def works(day: dt.date, kind: str | None) -> bool:
    return kind in ("working", "short") or kind is None and day.weekday() < 5


def test_days_nobody_has_announced_are_marked():
    load_calendar()
    unsure = ProductionDay.objects.filter(name__endswith="(проверить)")
    assert {day.day.year for day in unsure} == {2027}


def test_marked_day_is_settled_and_a_corrected_one_stays(source):
    source(
        {"day": "2027-05-03", "kind": "holiday", "name": "Перенос", "check": True},
        {"day": "2027-05-10", "kind": "holiday", "name": "Перенос", "check": True},
    )
    load_calendar()
    ProductionDay.objects.filter(day="2027-05-10").update(kind="working", name="По решению школы")
    source(
        {"day": "2027-05-03", "kind": "working", "name": "Рабочий"},
        {"day": "2027-05-10", "kind": "holiday", "name": "Перенос"},
    )
    assert load_calendar() == 1
    assert list(ProductionDay.objects.values_list("kind", "name")) == [
        ("working", "Рабочий"),
        ("working", "По решению школы"),
    ]
    assert JournalEntry.objects.latest("pk").changes == [
        {"field": "День", "old": "Нерабочий день: Перенос (проверить)", "new": "Рабочий день по переносу: Рабочий"},
    ]


def test_command_loads_everything_and_says_how_much(capsys):
    call_command("load_reference")
    days = ProductionDay.objects.count()
    assert capsys.readouterr().out.startswith(f"Календарь: новых и уточнённых дней — {days}. Словари: новых слов — ")
    call_command("load_reference")
    assert capsys.readouterr().out.startswith("Календарь: новых и уточнённых дней — 0. Словари: новых слов — 0. ")
