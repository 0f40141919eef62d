"""The common words: loaded once, left as people have changed them, offered beside the school's own."""

from __future__ import annotations

from core.models import JournalEntry
from mentorship.models import DictionaryEntry
from mentorship.services.dictionaries import load_dictionaries


def test_words_are_loaded_once(db) -> None:
    added = load_dictionaries()
    assert (added, DictionaryEntry.objects.count(), load_dictionaries()) == (60, 60, 0)
    assert JournalEntry.objects.filter(event="mentorship.dictionary.load").count() == 60


def test_rules_find_their_words(reference) -> None:
    named = DictionaryEntry.objects.filter(code__in=["group", "traditional"])
    assert list(named.values_list("dictionary", flat=True)) == ["kind", "kind"]


def test_renamed_word_stays_renamed(reference) -> None:
    DictionaryEntry.objects.filter(code="group").update(title="в группе", is_active=False)
    load_dictionaries()
    assert DictionaryEntry.objects.filter(code="group").values_list("title", "is_active").get() == ("в группе", False)


def test_school_is_offered_common_and_own_words_that_are_in_use(reference, school, other_school) -> None:
    for one in (school, other_school):
        DictionaryEntry.objects.create(dictionary="direction", title=f"своё: {one.slug}", organisation=one)
    DictionaryEntry.objects.filter(code="parents").update(is_active=False)
    offered = DictionaryEntry.objects.offered(school, "direction")
    assert offered.count() == 12
    assert not offered.filter(code="parents").exists()
    assert not offered.filter(organisation=other_school).exists()


def test_form_of_a_pair_offers_them(reference, school, people, client_of) -> None:
    form = client_of(people.curator).get("/cabinet/pairs/new/").context["form"]
    assert [len(form.fields[name].queryset) for name in ("form", "kinds", "direction")] == [8, 8, 12]
