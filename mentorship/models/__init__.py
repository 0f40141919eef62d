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
from mentorship.models.checklist import HINT, PROGRAMME, further_checks
from mentorship.models.consent_requests import ConsentRequest
from mentorship.models.consent_states import PERSONAL, ConsentState, KindState, in_state, states_of
from mentorship.models.consents import Consent, ConsentKind, ConsentText, PublicField, Resource, is_ban
from mentorship.models.dictionaries import DictionaryEntry
from mentorship.models.duties import AFTER_WITHDRAWAL, RULES, LegalDuty, calendar_from, due_on
from mentorship.models.extensions import Extension, ExtensionMark, ExtensionState, silent_people
from mentorship.models.feeds import CalendarFeed
from mentorship.models.histories import Achievement, CardRequest, CardView, Course, PastName
from mentorship.models.imports import BatchState, ImportBatch
from mentorship.models.interviews import Conclusion, Interview, InterviewState
from mentorship.models.lights import Chip, Light, chips_of, consent_lights
from mentorship.models.matching import MatchingRules, MatchingRun, RunState, Wish, matching_rules_of
from mentorship.models.meeting_law import MeetingKind, MeetingState
from mentorship.models.meeting_notes import Audience, MeetingNote
from mentorship.models.meeting_rules import MeetingRules, meeting_rules_of
from mentorship.models.meetings import Meeting, MeetingConfirmation, lights_of, meeting_light, with_last_meeting
from mentorship.models.needs import GOAL, INTERVIEW, ORDER, PURPOSES, Need, checks_of, consents_of, needs_of
from mentorship.models.notices import NOTICE_DAYS, Notice, chip_of_notice, earliest_end
from mentorship.models.pair_grounds import AT_THE_END, BEFORE_THE_END, ClosingGround, Initiator
from mentorship.models.pair_helpers import PairHelper, Substitution
from mentorship.models.pair_rules import PairRules, pair_rules_of
from mentorship.models.pairs import Pair, PairMember, PairPause, PairState, clashes
from mentorship.models.participants import Category, Participant, Post, Qualification
from mentorship.models.programme_content import content_of, differences_between, for_mentee
from mentorship.models.programme_papers import ProgrammeComment, ProgrammeFile, ProgrammeMark, ProgrammeVersion
from mentorship.models.programme_templates import ProgrammeTemplate
from mentorship.models.programmes import Activity, ActivityState, Focus, Programme, ProgrammeState
from mentorship.models.pulses import Pulse
from mentorship.models.reminders import Reminder, ReminderKind, ReminderLetter
from mentorship.models.request_rules import RequestKind
from mentorship.models.requests import PairRequest, RequestState
from mentorship.models.rules import composition_faults, longest_end, plus_months, term_faults
from mentorship.models.sameness import Candidate, NotSame, candidates_for
from mentorship.models.support import SupportKind, SupportRecord

__all__ = [
    "AFTER_WITHDRAWAL",
    "APPOINTING",
    "AT_THE_END",
    "BEFORE_THE_END",
    "EMPLOYEES",
    "GOAL",
    "HINT",
    "INTERVIEW",
    "NOTICE_DAYS",
    "ORDER",
    "PERSONAL",
    "PROGRAMME",
    "PURPOSES",
    "RULES",
    "STANDING",
    "Achievement",
    "Activity",
    "ActivityState",
    "Addendum",
    "Appointment",
    "Audience",
    "BankCard",
    "BankRole",
    "BankSnapshot",
    "BankState",
    "Basis",
    "BatchState",
    "CalendarFeed",
    "Candidate",
    "CardRequest",
    "CardView",
    "CardWords",
    "Category",
    "Chip",
    "ClosingGround",
    "Conclusion",
    "Consent",
    "ConsentKind",
    "ConsentRequest",
    "ConsentState",
    "ConsentText",
    "Course",
    "DictionaryEntry",
    "Extension",
    "ExtensionMark",
    "ExtensionState",
    "Focus",
    "ImportBatch",
    "Initiator",
    "Interview",
    "InterviewState",
    "KindState",
    "LabourRules",
    "LegalDuty",
    "Light",
    "MatchingRules",
    "MatchingRun",
    "Meeting",
    "MeetingConfirmation",
    "MeetingKind",
    "MeetingNote",
    "MeetingRules",
    "MeetingState",
    "Need",
    "NotSame",
    "Notice",
    "Pair",
    "PairHelper",
    "PairMember",
    "PairPause",
    "PairRequest",
    "PairRules",
    "PairState",
    "Participant",
    "PastName",
    "Post",
    "Programme",
    "ProgrammeComment",
    "ProgrammeFile",
    "ProgrammeMark",
    "ProgrammeState",
    "ProgrammeTemplate",
    "ProgrammeVersion",
    "PublicField",
    "Pulse",
    "Qualification",
    "Reminder",
    "ReminderKind",
    "ReminderLetter",
    "RequestKind",
    "RequestState",
    "Resource",
    "RunState",
    "Substitution",
    "SupportKind",
    "SupportRecord",
    "Wish",
    "addendum_obstacles",
    "addendum_warnings",
    "appointments_of",
    "bank_lights",
    "bases_of",
    "calendar_from",
    "candidates_for",
    "checks_of",
    "chip_of_notice",
    "chips_of",
    "clashes",
    "composition_faults",
    "consent_lights",
    "consents_of",
    "content_of",
    "differences_between",
    "due_on",
    "earliest_end",
    "for_mentee",
    "further_checks",
    "in_state",
    "is_ban",
    "labour_rules_of",
    "lights_of",
    "longest_end",
    "matching_rules_of",
    "meeting_light",
    "meeting_rules_of",
    "needs_of",
    "pair_rules_of",
    "plus_months",
    "silent_people",
    "states_of",
    "term_faults",
    "with_last_meeting",
    "words_of_cards",
]
