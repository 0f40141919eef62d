"""The administration of participants and dictionaries; pairs and consents can only be looked at."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ScopedAdmin
from accounts.admin_site import site
from mentorship.models import (
    Achievement,
    Activity,
    BankSnapshot,
    Consent,
    Course,
    DictionaryEntry,
    Extension,
    Focus,
    Interview,
    MatchingRun,
    Meeting,
    Pair,
    PairHelper,
    PairPause,
    PairRequest,
    Participant,
    PastName,
    Post,
    Programme,
    ProgrammeComment,
    ProgrammeFile,
    ProgrammeMark,
    ProgrammeTemplate,
    ProgrammeVersion,
    Reminder,
    Substitution,
)


@admin.register(Participant, site=site)
class ParticipantAdmin(ScopedAdmin):
    """Names and forms of names are changed on the pages of the portal, which decline them."""

    actions_by = {"view": "mentorship.participant.list", "change": "mentorship.participant.change"}
    list_display = ("surname", "given_name", "patronymic", "category", "organisation", "left_on")
    list_select_related = ("organisation",)
    list_filter = ("category", "organisation")
    search_fields = ("surname", "given_name", "patronymic")
    # For the curator and the class teacher alone.
    exclude = ("birth_date", "note", "photo")
    readonly_fields = (
        "organisation",
        "surname",
        "given_name",
        "patronymic",
        "gender",
        "forms",
        "forms_checked",
        "user",
    )


@admin.register(Post, site=site)
class PostAdmin(ScopedAdmin):
    actions_by = {"view": "mentorship.participant.list", "change": "mentorship.participant.change"}
    list_display = ("title", "participant", "is_main", "starts_on", "ends_on")
    list_select_related = ("participant",)
    search_fields = ("title", "participant__surname")
    readonly_fields = ("participant",)


@admin.register(Course, site=site)
class CourseAdmin(ScopedAdmin):
    """Courses are written down on the card of the person, with their papers."""

    actions_by = {"view": "mentorship.participant.list"}
    list_display = ("title", "participant", "ended_on", "valid_until")
    list_select_related = ("participant",)
    search_fields = ("title", "participant__surname")
    exclude = ("file",)


@admin.register(Achievement, site=site)
class AchievementAdmin(ScopedAdmin):
    """Contests and conferences are written down on the card of the person."""

    actions_by = {"view": "mentorship.participant.list"}
    list_display = ("title", "participant", "kind", "level", "held_on")
    list_select_related = ("participant",)
    list_filter = ("kind", "level")
    search_fields = ("title", "participant__surname")


@admin.register(PastName, site=site)
class PastNameAdmin(ScopedAdmin):
    """Earlier names come from changing a card."""

    actions_by = {"view": "mentorship.participant.list"}
    list_display = ("surname", "given_name", "participant", "until")
    list_select_related = ("participant",)
    search_fields = ("surname", "participant__surname")


@admin.register(DictionaryEntry, site=site)
class DictionaryAdmin(ScopedAdmin):
    actions_by = {
        "view": "mentorship.dictionary.view",
        "change": "mentorship.dictionary.change",
        "add": "mentorship.dictionary.change",
    }
    list_display = ("title", "dictionary", "organisation", "position", "is_active")
    list_select_related = ("organisation",)
    list_filter = ("dictionary",)
    search_fields = ("title",)
    # Rules name common words by their codes.
    readonly_fields = ("code",)


@admin.register(Pair, site=site)
class PairAdmin(ScopedAdmin):
    """Pairs come into force and change only by orders."""

    actions_by = {"view": "mentorship.pair.view"}
    list_display = ("mentor", "direction", "starts_on", "ends_on", "state", "order")
    list_select_related = ("mentor", "direction", "order")
    list_filter = ("state",)
    search_fields = ("mentor__surname", "members__mentee__surname")


@admin.register(PairRequest, site=site)
class PairRequestAdmin(ScopedAdmin):
    """Requests are considered on the pages of the portal; what was written is read only there."""

    actions_by = {"view": "mentorship.request.view"}
    list_display = ("kind", "author", "state", "submitted_at")
    list_select_related = ("author",)
    list_filter = ("kind", "state")
    search_fields = ("author__surname",)
    exclude = ("text", "opinion", "answer", "mediators", "about")


@admin.register(Interview, site=site)
class InterviewAdmin(ScopedAdmin):
    """Interviews are planned and recorded on the pages of the portal; what was said is read only there."""

    actions_by = {"view": "mentorship.interview.view"}
    list_display = ("card", "planned_for", "state", "conclusion", "interviewer")
    list_select_related = ("card__participant", "interviewer")
    list_filter = ("state", "conclusion")
    search_fields = ("card__participant__surname",)
    exclude = ("record",)


@admin.register(MatchingRun, site=site)
class MatchingRunAdmin(ScopedAdmin):
    """Searches for pairs are made and read on the pages of the portal: what they propose tells of private wishes."""

    actions_by = {"view": "mentorship.matching.view"}
    list_display = ("direction", "organisation", "asked_by", "asked_at", "state")
    list_select_related = ("direction", "organisation", "asked_by")
    list_filter = ("state",)
    exclude = ("fixed", "summary", "result")


@admin.register(BankSnapshot, site=site)
class SnapshotAdmin(ScopedAdmin):
    """Snapshots are frozen: only their requisites are listed here, the rows are on the page of the portal."""

    actions_by = {"view": "mentorship.snapshot.view"}
    list_display = ("role", "as_of", "organisation", "order", "made_by")
    list_select_related = ("organisation", "order", "made_by")
    list_filter = ("role",)
    exclude = ("columns", "rows", "people")


@admin.register(Consent, site=site)
class ConsentAdmin(ScopedAdmin):
    """Consents are recorded and withdrawn on the pages of the portal and never edited."""

    actions_by = {"view": "mentorship.consent.view"}
    list_display = ("participant", "kind", "answer", "signed_on", "valid_until", "withdrawn_on")
    list_select_related = ("participant",)
    list_filter = ("kind", "answer")
    search_fields = ("participant__surname",)
    exclude = ("scan",)


@admin.register(Meeting, site=site)
class MeetingAdmin(ScopedAdmin):
    """Meetings are written and confirmed on the pages of the portal; what was said is read only there."""

    actions_by = {"view": "mentorship.meeting.view"}
    list_display = ("pair", "day", "kind", "state", "minutes", "entered_by")
    list_select_related = ("pair__mentor", "entered_by")
    list_filter = ("state", "kind")
    search_fields = ("pair__mentor__surname",)
    exclude = ("goal", "done", "result", "next_step", "cancel_reason")


@admin.register(Programme, site=site)
class ProgrammeAdmin(ScopedAdmin):
    """Programmes are composed, agreed and approved on the pages of the portal."""

    actions_by = {"view": "mentorship.programme.view"}
    list_display = ("title", "pair", "starts_on", "ends_on", "state", "version")
    list_select_related = ("pair__mentor",)
    list_filter = ("state",)
    search_fields = ("title", "pair__mentor__surname")


@admin.register(Focus, site=site)
class FocusAdmin(ScopedAdmin):
    actions_by = {"view": "mentorship.programme.view"}
    list_display = ("text", "kind", "programme", "overcome_on")
    list_select_related = ("programme",)
    list_filter = ("kind",)
    search_fields = ("text",)


@admin.register(Activity, site=site)
class ActivityAdmin(ScopedAdmin):
    """Lines of programmes are edited as drafts and marked on the pages of the portal."""

    actions_by = {"view": "mentorship.programme.view"}
    list_display = ("title", "programme", "section", "due_on", "state")
    list_select_related = ("programme",)
    list_filter = ("state", "section")
    search_fields = ("title",)


@admin.register(ProgrammeVersion, site=site)
class ProgrammeVersionAdmin(ScopedAdmin):
    """Approved versions never change; their text is on the page of the portal."""

    actions_by = {"view": "mentorship.programme.view"}
    list_display = ("programme", "number", "approved_on", "approved_by")
    list_select_related = ("programme", "approved_by")
    exclude = ("content",)


@admin.register(ProgrammeMark, site=site)
class ProgrammeMarkAdmin(ScopedAdmin):
    actions_by = {"view": "mentorship.programme.view"}
    list_display = ("programme", "participant", "agreed_on", "on_paper")
    list_select_related = ("programme", "participant")


@admin.register(ProgrammeComment, site=site)
class ProgrammeCommentAdmin(ScopedAdmin):
    actions_by = {"view": "mentorship.programme.view"}
    list_display = ("text", "programme", "author", "written_at", "settled_on")
    list_select_related = ("programme", "author")


@admin.register(ProgrammeFile, site=site)
class ProgrammeFileAdmin(ScopedAdmin):
    """Materials are attached on the pages of programmes."""

    actions_by = {"view": "mentorship.programme.view"}
    list_display = ("title", "programme", "added_by", "added_at")
    list_select_related = ("programme", "added_by")
    exclude = ("file",)


@admin.register(ProgrammeTemplate, site=site)
class ProgrammeTemplateAdmin(ScopedAdmin):
    """Templates are kept on the pages of the portal."""

    actions_by = {"view": "mentorship.template.view"}
    list_display = ("title", "organisation", "months", "is_active")
    list_select_related = ("organisation",)
    search_fields = ("title",)
    exclude = ("content",)


@admin.register(Reminder, site=site)
class ReminderAdmin(ScopedAdmin):
    """Read-only: a mailing has left."""

    actions_by = {"view": "mentorship.reminder.view"}
    list_display = ("sent_at", "subject", "kind", "organisation", "sent_by")
    list_select_related = ("organisation", "sent_by")
    list_filter = ("kind", "organisation")
    search_fields = ("subject",)


@admin.register(Extension, site=site)
class ExtensionAdmin(ScopedAdmin):
    """Extensions are agreed on the page of the pair and come into force by orders."""

    actions_by = {"view": "mentorship.extension.view"}
    list_display = ("pair__mentor", "ends_on", "state", "asked_by", "order")
    list_select_related = ("pair__mentor", "asked_by", "order")
    list_filter = ("state",)
    search_fields = ("pair__mentor__surname",)


@admin.register(PairHelper, site=site)
class PairHelperAdmin(ScopedAdmin):
    """Helpers are written down on the page of the pair, with the consent that they have signed."""

    actions_by = {"view": "mentorship.pair.view"}
    list_display = ("participant", "role", "starts_on", "ends_on", "consent_on")
    list_select_related = ("participant",)
    search_fields = ("participant__surname",)


@admin.register(PairPause, site=site)
class PairPauseAdmin(ScopedAdmin):
    """Pauses are written down on the page of the pair."""

    actions_by = {"view": "mentorship.pair.view"}
    list_display = ("pair__mentor", "starts_on", "ends_on", "reason")
    list_select_related = ("pair__mentor",)


@admin.register(Substitution, site=site)
class SubstitutionAdmin(ScopedAdmin):
    """Substitutes stand in only by an order."""

    actions_by = {"view": "mentorship.pair.view"}
    list_display = ("substitute", "starts_on", "ends_on", "order")
    list_select_related = ("substitute", "order")
    search_fields = ("substitute__surname",)
