"""The history cannot be rewritten, not even past the application."""

import pytest
from django.db import DatabaseError, connection, transaction

from core.journal import record
from core.models import JournalEntry

pytestmark = pytest.mark.django_db
REFUSAL = "Журнал только дополняется"
DROP = "DROP TRIGGER core_journal_row ON core_journalentry; DROP TRIGGER core_journal_table ON core_journalentry"
WAYS = {
    "update": "UPDATE core_journalentry SET text = 'иначе'",
    "delete": "DELETE FROM core_journalentry",
    "truncate": "TRUNCATE core_journalentry",
}


@pytest.fixture
def written(school) -> JournalEntry:
    return record("tests.something", school, actor=None, text="Было.")


def run(sql: str) -> None:
    """One statement in a transaction of its own; checks put off to its end are made at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)


@pytest.mark.parametrize("way", WAYS)
def test_journal_refuses_every_way_of_rewriting(written, way):
    with pytest.raises(DatabaseError, match=REFUSAL):
        run(WAYS[way])
    assert list(JournalEntry.objects.values_list("text", flat=True)) == ["Было."]


@pytest.mark.parametrize(("way", "left"), [("update", ["иначе"]), ("delete", []), ("truncate", [])])
def test_journal_without_its_triggers_could_be_rewritten(written, way, left):
    run(DROP)
    run(WAYS[way])
    assert list(JournalEntry.objects.values_list("text", flat=True)) == left


def test_journal_refuses_the_orm_too(written):
    written.text = "иначе"
    for change in (written.save, written.delete, JournalEntry.objects.all().delete):
        with pytest.raises(DatabaseError, match=REFUSAL), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_journal_written_in_a_transactional_test_is_cleaned_away_afterwards(written):
    assert JournalEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_journal_is_guarded_again_after_the_cleaning(written):
    with pytest.raises(DatabaseError, match=REFUSAL):
        run(WAYS["delete"])
    assert JournalEntry.objects.count() == 1
