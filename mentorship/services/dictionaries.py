"""The common words that every school may choose from: forms, kinds and directions of mentoring."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import transaction

from core.journal import entry, record_many
from mentorship.models import DictionaryEntry

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
