"""Participants, consents, banks, interviews, pairs and the dictionaries that describe them."""

from mentorship.models.banks import STANDING, BankCard, BankRole, BankSnapshot, BankState
from mentorship.models.consents import (
    Consent,
    ConsentKind,
    ConsentRequest,
    ConsentText,
    LegalDuty,
    PublicField,
    Resource,
)
from mentorship.models.dictionaries import DictionaryEntry
from mentorship.models.histories import Achievement, CardRequest, CardView, Course, PastName
from mentorship.models.imports import BatchState, ImportBatch
from mentorship.models.interviews import Conclusion, Interview, InterviewState
from mentorship.models.lights import Chip, Light, chips_of, consent_lights
from mentorship.models.needs import ORDER, PURPOSES, Need, checks_of, consents_of, needs_of
from mentorship.models.pairs import Pair, PairMember, PairState, clashes
from mentorship.models.participants import Category, Participant, Post, Qualification
from mentorship.models.rules import composition_faults, plus_months, term_faults

__all__ = [
    "ORDER",
    "PURPOSES",
    "STANDING",
    "Achievement",
    "BankCard",
    "BankRole",
    "BankSnapshot",
    "BankState",
    "BatchState",
    "CardRequest",
    "CardView",
    "Category",
    "Chip",
    "Conclusion",
    "Consent",
    "ConsentKind",
    "ConsentRequest",
    "ConsentText",
    "Course",
    "DictionaryEntry",
    "ImportBatch",
    "Interview",
    "InterviewState",
    "LegalDuty",
    "Light",
    "Need",
    "Pair",
    "PairMember",
    "PairState",
    "Participant",
    "PastName",
    "Post",
    "PublicField",
    "Qualification",
    "Resource",
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
