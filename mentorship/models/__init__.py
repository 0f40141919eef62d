"""Participants, consents, pairs and the dictionaries that describe them."""

from mentorship.models.consents import Consent, ConsentKind, PublicField
from mentorship.models.dictionaries import DictionaryEntry
from mentorship.models.lights import Chip, Light, chips_of, consent_lights
from mentorship.models.needs import ORDER, PURPOSES, Need, checks_of, consents_of, needs_of
from mentorship.models.pairs import Pair, PairMember, PairState, clashes
from mentorship.models.participants import Category, Participant, Post, Qualification
from mentorship.models.rules import composition_faults, plus_months, term_faults

__all__ = [
    "ORDER",
    "PURPOSES",
    "Category",
    "Chip",
    "Consent",
    "ConsentKind",
    "DictionaryEntry",
    "Light",
    "Need",
    "Pair",
    "PairMember",
    "PairState",
    "Participant",
    "Post",
    "PublicField",
    "Qualification",
    "checks_of",
    "chips_of",
    "clashes",
    "composition_faults",
    "consent_lights",
    "consents_of",
    "needs_of",
    "plus_months",
    "term_faults",
]
