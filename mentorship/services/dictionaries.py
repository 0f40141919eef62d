"""The words that schools choose from: the common ones, loaded once, and those that a school adds itself."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import transaction
from django.forms import ModelForm

from accounts.models import Organisation, User
from accounts.permissions import permit
from core.journal import entry, record, record_many, save_form
from core.transitions import Refused
from mentorship.models import DictionaryEntry

CHANGE = "mentorship.dictionary.change"
SOURCE = Path(__file__).resolve().parent.parent / "data" / "dictionaries.json"


@transaction.atomic
def load_dictionaries() -> int:
    """Add the common words that are not there yet, by their codes; returns how many were added.

    A word that somebody has renamed, moved or switched off stays as it is. The history gets one entry for each.
    """
    known = set(DictionaryEntry.objects.filter(organisation=None).values_list("dictionary", "code"))
    wanted = json.loads(SOURCE.read_text(encoding="utf-8"))
    added = DictionaryEntry.objects.bulk_create(
        DictionaryEntry(dictionary=dictionary, code=word["code"], title=word["title"], position=position * 10)
        for dictionary, words in wanted.items()
        for position, word in enumerate(words, start=1)
        if (dictionary, word["code"]) not in known
    )
    record_many(
        entry("mentorship.dictionary.load", word, actor=None, text=f"В словарь добавлено слово «{word}».")
        for word in added
    )
    return len(added)


@transaction.atomic
def add_word(*, form: ModelForm, organisation: Organisation, actor: User) -> DictionaryEntry:
    """Add a word from a valid form whose instance names the dictionary and the owner.

    `organisation` is where the actor works: the owner of the word, or the one that keeps the common words.
    """
    permit(actor, CHANGE, organisation)
    word = form.instance
    return save_form(form, actor=actor, event="mentorship.dictionary.add", text=f"В словарь добавлено слово «{word}».")


@transaction.atomic
def change_word(*, form: ModelForm, actor: User) -> DictionaryEntry:
    """Rename, move, switch a word off or on; whatever already uses it follows."""
    permit(actor, CHANGE, form.instance)
    return save_form(form, actor=actor, event=CHANGE, text=f"Изменено слово словаря: «{form.instance}».")


@transaction.atomic
def delete_word(*, word: DictionaryEntry, actor: User) -> None:
    """Delete a school's own word that nothing uses yet; the history keeps that it was there."""
    permit(actor, CHANGE, word)
    word = DictionaryEntry.objects.select_for_update().get(pk=word.pk)
    if faults := word.deletion_faults():
        raise Refused(faults)
    record("mentorship.dictionary.delete", word, actor=actor, text=f"Из словаря удалено слово «{word}».")
    word.delete()
