"""Participants, consents, banks, interviews, pairs and the dictionaries that describe them."""

from mentorship.models.addenda import (
    EMPLOYEES,
    Addendum,
    Basis,
    LabourRules,
    addendum_obstacles,
    addendum_warnings,
    bases_of,
    labour_rules_of,
)
from mentorship.models.appointments import APPOINTING, Appointment, appointments_of
from mentorship.models.bank_rules import STANDING, BankRole, BankState
from mentorship.models.bank_words import CardWords, bank_lights, words_of_cards
from mentorship.models.banks import BankCard, BankSnapshot
from mentorship.models.consent_requests import ConsentRequest
from mentorship.models.consent_states import PERSONAL, ConsentState, KindState, in_state, states_of
from mentorship.models.consents import Consent, ConsentKind, ConsentText, PublicField, Resource, is_ban
from mentorship.models.dictionaries import DictionaryEntry
from mentorship.models.duties import AFTER_WITHDRAWAL, RULES, LegalDuty, calendar_from, due_on
from mentorship.models.histories import Achievement, CardRequest, CardView, Course, PastName
from mentorship.models.imports import BatchState, ImportBatch
from mentorship.models.interviews import Conclusion, Interview, InterviewState
from mentorship.models.lights import Chip, Light, chips_of, consent_lights
from mentorship.models.meetings import Meeting, MeetingConfirmation, MeetingKind, MeetingState, meeting_light
from mentorship.models.needs import ORDER, PURPOSES, Need, checks_of, consents_of, needs_of
from mentorship.models.notices import NOTICE_DAYS, Notice, chip_of_notice, earliest_end
from mentorship.models.pairs import Pair, PairMember, PairState, clashes
from mentorship.models.participants import Category, Participant, Post, Qualification
from mentorship.models.programme_papers import ProgrammeComment, ProgrammeFile, ProgrammeMark, ProgrammeVersion
from mentorship.models.programmes import Activity, ActivityState, Focus, Programme, ProgrammeState
from mentorship.models.reminders import Reminder, ReminderKind, ReminderLetter
from mentorship.models.requests import PairRequest, RequestKind, RequestState
from mentorship.models.rules import composition_faults, plus_months, term_faults
from mentorship.models.sameness import Candidate, NotSame, candidates_for

__all__ = [
    "AFTER_WITHDRAWAL",
    "APPOINTING",
    "EMPLOYEES",
    "NOTICE_DAYS",
    "ORDER",
    "PERSONAL",
    "PURPOSES",
    "RULES",
    "STANDING",
    "Achievement",
    "Activity",
    "ActivityState",
    "Appointment",
    "Addendum",
    "BankCard",
    "Basis",
    "BankRole",
    "BankSnapshot",
    "BankState",
    "BatchState",
    "Candidate",
    "CardRequest",
    "CardView",
    "CardWords",
    "Category",
    "Chip",
    "Conclusion",
    "Consent",
    "ConsentKind",
    "ConsentRequest",
    "ConsentState",
    "ConsentText",
    "Course",
    "DictionaryEntry",
    "Focus",
    "ImportBatch",
    "Interview",
    "InterviewState",
    "KindState",
    "LabourRules",
    "LegalDuty",
    "Light",
    "Meeting",
    "MeetingConfirmation",
    "MeetingKind",
    "MeetingState",
    "Need",
    "NotSame",
    "Notice",
    "Pair",
    "PairMember",
    "PairRequest",
    "PairState",
    "Participant",
    "PastName",
    "Post",
    "Programme",
    "ProgrammeComment",
    "ProgrammeFile",
    "ProgrammeMark",
    "ProgrammeState",
    "ProgrammeVersion",
    "PublicField",
    "Qualification",
    "Reminder",
    "ReminderKind",
    "ReminderLetter",
    "RequestKind",
    "RequestState",
    "Resource",
    "appointments_of",
    "addendum_obstacles",
    "addendum_warnings",
    "bases_of",
    "candidates_for",
    "chip_of_notice",
    "earliest_end",
    "calendar_from",
    "bank_lights",
    "checks_of",
    "chips_of",
    "clashes",
    "composition_faults",
    "consent_lights",
    "consents_of",
    "due_on",
    "in_state",
    "is_ban",
    "labour_rules_of",
    "meeting_light",
    "needs_of",
    "plus_months",
    "states_of",
    "term_faults",
    "words_of_cards",
]
