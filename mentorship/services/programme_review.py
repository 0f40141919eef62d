"""Agreement and approval of programmes: handed over, agreed with by the people of the pair, returned, approved."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role, permit, today
from accounts.services.letters import write_letters
from core.journal import record
from core.transitions import Refused, move
from mentorship.models import (
    Activity,
    ActivityState,
    Participant,
    Programme,
    ProgrammeComment,
    ProgrammeMark,
    ProgrammeState,
    ProgrammeVersion,
    content_of,
)
from mentorship.models.programme_rules import HELD, missing_marks
from orders.models import Order

CHANGE = "mentorship.programme.change"
MARK = "mentorship.programme.mark"
NOT_IN_REVIEW = "Отметки ставят, пока программа на согласовании, а сейчас она — «{state}»."


@transaction.atomic
def submit_programme(*, programme: Programme, actor: User) -> None:
    """Hand the text over for agreement: it is closed for editing, and the people of the pair get letters.

    Whoever of the pair hands it over has so agreed with it.
    """
    permit(actor, CHANGE, programme)
    programme = Programme.objects.locked().get(pk=programme.pk)
    move(programme, "submit", actor=actor, submitted_at=timezone.now(), return_reason="")
    ProgrammeMark.objects.filter(programme=programme).delete()
    own = next((person for person in programme.pair.people if person.user_id == actor.pk), None)
    if own is not None:
        put_mark(programme, own, day=today(), actor=actor, on_paper=False)
    body = f"«{programme.title}» ждёт вашего согласия: прочитайте её и отметьте, согласны ли вы."
    tell(programme, [person.user for person in programme.pair.people], "Программа на согласовании", body, actor)


def tell(programme: Programme, users: Any, subject: str, body: str, actor: User) -> None:
    """Letters to whoever of them signs in, except the one who acts."""
    told = [user for user in users if user is not None and user != actor]
    path = reverse("programme_detail", args=[programme.pk])
    write_letters(told, subject=subject, body=body, path=path, organisation=programme.organisation)


def holders(programme: Programme, role: str) -> list[User]:
    """Whoever holds the role in the organisation of the programme today."""
    return list(User.objects.with_role(programme.organisation, role))


# --- Marks ------------------------------------------------------------------------------------------------------------
def in_review(programme: Programme) -> Programme:
    """The programme locked, if its text waits for marks."""
    locked = Programme.objects.locked().get(pk=programme.pk)
    if locked.state != ProgrammeState.REVIEW:
        raise Refused([NOT_IN_REVIEW.format(state=locked.get_state_display())])
    return locked


def put_mark(programme: Programme, person: Participant | None, *, day: dt.date, actor: User, on_paper: bool) -> None:
    mark, new = ProgrammeMark.objects.get_or_create(
        programme=programme,
        participant=person,
        defaults={"agreed_on": day, "recorded_by": actor, "on_paper": on_paper},
    )
    if not new:
        raise Refused([f"{mark.who}: отметка уже стоит, от {mark.agreed_on:%d.%m.%Y}."])
    how = ", с подписанного листа" if on_paper else ""
    record(MARK, programme, actor=actor, text=f"С программой согласен: {mark.who}, {day:%d.%m.%Y}{how}.")
    if not missing_marks(programme) and person is not None:
        body = f"«{programme.title}» согласована наставником и всеми наставляемыми."
        tell(programme, holders(programme, Role.DIRECTOR), "Программа ждёт утверждения", body, actor)


def person_of(programme: Programme, user: User) -> Participant:
    """Whom of the pair the user is; nobody else agrees with a programme."""
    found = next((one for one in programme.pair.people if one.user_id == user.pk), None)
    if found is None:
        raise Refused(["Согласие отмечают наставник и наставляемые этой пары."])
    return found


@transaction.atomic
def agree_programme(*, programme: Programme, actor: User) -> None:
    """The mentor or a mentee agrees in the portal."""
    permit(actor, "mentorship.programme.agree", programme)
    programme = in_review(programme)
    put_mark(programme, person_of(programme, actor), day=today(), actor=actor, on_paper=False)


@transaction.atomic
def record_mark(*, programme: Programme, person: Participant, day: dt.date, actor: User) -> None:
    """The curator records the agreement of somebody who has signed on paper on that day."""
    permit(actor, MARK, programme)
    programme = in_review(programme)
    if person not in programme.pair.people:
        raise Refused([f"{person.short_name} не состоит в этой паре."])
    if day > today():
        raise Refused(["Лист подписан не позже сегодняшнего дня: проверьте дату."])
    put_mark(programme, person, day=day, actor=actor, on_paper=True)


@transaction.atomic
def endorse_programme(*, programme: Programme, actor: User) -> None:
    """The methodical union has looked at the programme and supports it: welcome, but not required."""
    permit(actor, "mentorship.programme.endorse", programme)
    put_mark(in_review(programme), None, day=today(), actor=actor, on_paper=False)


# --- Back to the table ------------------------------------------------------------------------------------------------
@transaction.atomic
def return_programme(*, programme: Programme, remark: str, actor: User) -> None:
    """Return the text for editing with a remark; marks given to it are void. The pair and curators get letters."""
    permit(actor, "mentorship.programme.review", programme)
    send_back(programme, remark, actor)


@transaction.atomic
def disagree_programme(*, programme: Programme, remark: str, actor: User) -> None:
    """The mentor or a mentee does not agree: the remark returns the text for editing."""
    permit(actor, "mentorship.programme.agree", programme)
    person_of(programme, actor)
    send_back(programme, remark, actor)


def send_back(programme: Programme, remark: str, actor: User) -> None:
    programme = Programme.objects.locked().get(pk=programme.pk)
    move(programme, "return", actor=actor, text=f"Программа возвращена: {remark}", return_reason=remark[:500])
    ProgrammeMark.objects.filter(programme=programme).delete()
    ProgrammeComment.objects.create(programme=programme, author=actor, text=remark)
    people = [programme.pair.mentor.user, *holders(programme, Role.CURATOR)]
    tell(programme, people, "Программа возвращена на доработку", f"«{programme.title}»: {remark}", actor)


# --- Approval ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def approve_programme(*, programme: Programme, actor: User) -> None:
    """The head approves in the portal; a programme that the draft of an order holds is approved by that order."""
    permit(actor, "mentorship.programme.approve", programme)
    programme = Programme.objects.locked().get(pk=programme.pk)
    if programme.draft_order is not None:
        raise Refused([HELD.format(title=programme.draft_order.title)])
    bring_into_force(programme, day=today(), actor=actor, order=None)


def bring_into_force(programme: Programme, *, day: dt.date, actor: User, order: Order | None) -> None:
    """Approve the locked programme: a new version is kept, its lines open for progress. The caller asked the right."""
    number = programme.version + 1
    reason = programme.amend_reason
    values: dict[str, Any] = {"approved_on": day, "approved_by": actor, "order": order, "draft_order": None}
    text = f"Утверждена редакция {number}{f' приказом {order.requisites}' if order else ''}."
    move(programme, "approve", actor=actor, text=text, version=number, amend_reason="", return_reason="", **values)
    rows = Activity.objects.filter(programme=programme)
    rows.filter(is_dropped=True).update(state=ActivityState.CANCELLED, is_dropped=False)
    rows.exclude(state=ActivityState.CANCELLED).update(approved_due_on=F("due_on"))
    settled = rows.filter(delayed_until__isnull=False, delayed_until__lte=F("due_on"))
    settled.update(delayed_until=None)
    ProgrammeVersion.objects.create(
        programme=programme,
        number=number,
        content={**content_of(Programme.objects.get(pk=programme.pk)), "marks": marks_of(programme)},
        approved_on=day,
        approved_by=actor,
        order=order,
        reason=reason,
    )
    people = [person.user for person in programme.pair.people]
    body = f"«{programme.title}» утверждена: работайте по ней и отмечайте выполненное."
    tell(programme, [*people, *holders(programme, Role.CURATOR)], "Программа утверждена", body, actor)


def marks_of(programme: Programme) -> list[dict[str, Any]]:
    """Who has agreed with the version, for the version itself: the marks of the next one begin anew."""
    return [{"person": one.participant_id, "day": one.agreed_on.isoformat()} for one in programme.marks.all()]
