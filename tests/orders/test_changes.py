"""What refreshing would change in a draft is shown before, and kept in the history after."""

from __future__ import annotations

import pytest

from core.models import JournalEntry
from orders import services
from orders.services.drafting import TextChange, pending_changes
from tests.orders import memo
from tests.orders.pages import page, url

ASTRONOMER = ("Черных Максим Олегович", "m", "учитель астрономии")


@pytest.fixture
def stale(draft, monkeypatch):
    """A function: a draft about two people, one of whom has another post since."""

    def make(**changes):
        order = draft(people=[2, 3], **changes)
        monkeypatch.setitem(memo.PEOPLE, 2, ASTRONOMER)
        return order

    return make


def test_untouched_draft_has_nothing_to_change(draft):
    assert pending_changes(draft(people=[2])) == []


def test_changed_clause_is_shown_word_by_word(stale):
    (change,) = pending_changes(stale())
    assert (change.name, change.kept) == ("Пункт 2", False)
    assert change.pieces == [
        ("same", "Закрепить Черных Максима Олеговича, учителя"),
        ("del", "физики,"),
        ("ins", "астрономии,"),
        ("same", "за Черных М. О."),
    ]


def test_own_words_stay_and_the_new_ones_are_shown_beside(stale, people):
    order = stale()
    clause = order.clauses.get(fact="person.2")
    services.edit_clauses(order=order, texts={clause.pk: "Никого не закреплять."}, actor=people.curator)
    (change,) = pending_changes(order)
    assert change.kept
    assert ("учителя физики" in change.old, "учителя астрономии" in change.new) == (True, True)


def test_new_and_vanished_clauses_are_shown(draft):
    order = draft(papers=["Один", "Два"])
    order.params = {**order.params, "papers": ["Один"], "people": [3]}
    changes = pending_changes(order)
    assert [(one.name, bool(one.old), bool(one.new)) for one in changes] == [
        ("Пункт 1, строка 2", True, False),
        ("Пункт 1, строка 1", True, True),
        ("Пункт 2", False, True),
    ]


def test_clause_taken_out_is_not_spoken_of(stale, people):
    order = stale()
    services.remove_clause(order=order, clause=order.clauses.get(fact="person.2"), actor=people.curator)
    assert pending_changes(order) == []


def test_looking_at_the_changes_changes_nothing(stale):
    order = stale()
    pending_changes(order)
    assert "учителя физики" in order.clauses.get(fact="person.2").text


def test_page_shows_the_changes_and_the_history_keeps_them(stale, client_of, people):
    order, client = stale(), client_of(people.curator)
    text = page(client.get(url("detail", order)))
    assert "<del>физики,</del> <ins>астрономии,</ins>" in text
    client.post(url("refresh", order))
    (change,) = JournalEntry.objects.about(order)[0].changes
    assert change["field"] == "Пункт 2"
    assert ("физики" in change["old"], "астрономии" in change["new"]) == (True, True)
    assert "Исходные данные изменились" not in page(client.get(url("detail", order)))


def test_page_says_when_only_the_appendix_changes(draft, client_of, people, monkeypatch):
    monkeypatch.setattr("orders.views.register.pending_changes", lambda order: [])
    monkeypatch.setitem(memo.PEOPLE, 2, ASTRONOMER)
    order = draft(people=[2])
    monkeypatch.setitem(memo.PEOPLE, 2, ("Черных Максим Олегович", "m", "учитель географии"))
    text = page(client_of(people.curator).get(url("detail", order)))
    assert "Пункты останутся прежними" in text


def test_change_without_an_old_text_is_all_new():
    assert TextChange("Пункт 1", "", "Новый текст").pieces == [("ins", "Новый текст")]
