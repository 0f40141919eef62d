"""Russian grammar for documents: names and posts in every case, short names, dates, counted words.

Pure: what a school edits (confirmed forms) comes in as the argument `overrides`. Names go through pytrovich with
corrections of our own; the pymorphy3 dictionary gives the second opinion, and where the two differ, or where custom
varies, `needs_check` says why a person should look.
"""

from core.russian.cases import OBLIQUE, Case, Gender, Overrides
from core.russian.dates import (
    MONTHS,
    MONTHS_GENITIVE,
    MONTHS_PREPOSITIONAL,
    date_digits,
    date_words,
    in_month,
    month_of,
    plural,
    plural_word,
    school_year,
)
from core.russian.doubts import needs_check
from core.russian.names import decline_name, gender_of, name_forms, short_name
from core.russian.post_doubts import post_needs_check
from core.russian.posts import decline_post, post_forms

__all__ = [
    "MONTHS",
    "MONTHS_GENITIVE",
    "MONTHS_PREPOSITIONAL",
    "OBLIQUE",
    "Case",
    "Gender",
    "Overrides",
    "date_digits",
    "date_words",
    "decline_name",
    "decline_post",
    "gender_of",
    "in_month",
    "month_of",
    "name_forms",
    "needs_check",
    "plural",
    "plural_word",
    "post_forms",
    "post_needs_check",
    "school_year",
    "short_name",
]
