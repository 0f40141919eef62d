"""Submitting requests: who may ask for what, what a release must say, whom it overlaps; the curators get a letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role, may, permit, today
from accounts.services.letters import write_letters
from core.journal import record
from core.transitions import Refused
from mentorship.models import EMPLOYEES, Activity, Pair, PairRequest, Participant, RequestKind
from mentorship.models.request_rules import MENTEE, MENTOR, rule_of
from mentorship.models.requests import CONFIDENTIAL, SUBMIT
from mentorship.services.consent_papers import Faults

VIEW = "mentorship.request.view"
LONGEST_RELEASE = 31
NOT_YOURS = "Выберите пару, в которой вы участвуете сейчас."
WRONG_SIDE = "{title}: это может подать только {who}."
WHO = {MENTOR: "наставник пары", MENTEE: "наставляемый пары"}
NO_SUBSTITUTE = "Назовите, кто вас заменит: без замены от обязанностей не освобождают."
NO_CONTINUITY = "Напишите, как без вас пойдёт работа: какие уроки, в каких классах, по какому материалу."
NO_OCCASION = "Назовите мероприятие."
CURATOR_IS_ASIDE = "Посредников назначает куратор, а вторая сторона — он сам. Обратитесь к директору лично."


@dataclass(frozen=True)
class Asked:
    """What somebody asks. The fields of a release are empty for the other kinds; times are aware."""

    kind: str
    pair: Pair | None
    text: str
    about: Participant | None = None
    activity: Activity | None = None
    occasion: str = ""
    substitute: Participant | None = None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    continuity: str = ""


def side_of(pair: Pair, person: Participant) -> str:
    """«mentor», «mentee», or nothing for a stranger to the pair."""
    if pair.mentor_id == person.pk:
        return MENTOR
    return MENTEE if any(mentee.pk == person.pk for mentee in pair.mentees) else ""


def own_pairs(person: Participant, kind: str, day: dt.date) -> list[Pair]:
    """The working pairs of the person in which they may submit a request of the kind."""
    sides = rule_of(kind).sides
    pairs = Pair.objects.of(person).in_force(day).for_cards().order_by("starts_on", "pk")
    return [pair for pair in pairs if side_of(pair, person) in sides]


def kinds_for(person: Participant, pairs: Iterable[Pair]) -> list[RequestKind]:
    """What the person may ask for in one of the pairs; only an employee has duties to be released from."""
    sides = {side_of(pair, person) for pair in pairs}
    found = [kind for kind in RequestKind if rule_of(kind).sides & sides]
    return found if person.category in EMPLOYEES else [kind for kind in found if kind != RequestKind.RELEASE]


def request_faults(author: Participant, asked: Asked) -> Faults:
    """What is wrong with the request: the name of the form's field → the sentence beside it."""
    if asked.pair is None or not asked.pair.is_in_force_on(today()) or not side_of(asked.pair, author):
        return {"pair": NOT_YOURS}
    if (kind := RequestKind(asked.kind)) not in kinds_for(author, [asked.pair]):
        who = " или ".join(WHO[side] for side in sorted(rule_of(kind).sides))
        return {"pair": WRONG_SIDE.format(title=rule_of(kind).title, who=who)}
    if kind == RequestKind.RELEASE:
        return release_faults(author, asked)
    return about_faults(author, asked)


def about_faults(author: Participant, asked: Asked) -> Faults:
    """The request must concern whom its kind concerns; a quarrel with the only curator has nobody to settle it."""
    wanted = concerned(author, asked)
    if rule_of(asked.kind).about and asked.about not in wanted:
        return {"about": "Выберите, о ком речь."}
    if asked.kind == RequestKind.MEDIATION and asked.about is not None:
        curators = User.objects.with_role(author.organisation, Role.CURATOR)
        if asked.about.user_id and not curators.exclude(pk=asked.about.user_id).exists():
            return {"about": CURATOR_IS_ASIDE}
    return {}


def concerned(author: Participant, asked: Asked) -> list[Participant]:
    """Whom a request of the kind may concern in its pair."""
    about, pair = rule_of(asked.kind).about, asked.pair
    if pair is None or not about:
        return []
    if about == MENTOR:
        return [pair.mentor]
    if about == MENTEE:
        return pair.mentees
    return pair.mentees if side_of(pair, author) == MENTOR else [pair.mentor]


def release_faults(author: Participant, asked: Asked) -> Faults:
    """A release needs an event, a time ahead, a substitute of the same organisation and words on how work goes on."""
    faults: Faults = {}
    if asked.activity is not None and asked.pair is not None and asked.activity.programme.pair_id != asked.pair.pk:
        faults["activity"] = "Это мероприятие из программы другой пары."
    if not asked.occasion:
        faults["occasion"] = NO_OCCASION
    if asked.substitute is None:
        faults["substitute"] = NO_SUBSTITUTE
    elif asked.substitute not in substitutes_for(author):
        faults["substitute"] = "Выберите другого работника своей организации."
    if not asked.continuity:
        faults["continuity"] = NO_CONTINUITY
    return {**faults, **time_faults(asked)}


def time_faults(asked: Asked) -> Faults:
    if asked.starts_at is None or asked.ends_at is None:
        return {"first_day": "Укажите, когда вас не будет."}
    first, last = timezone.localtime(asked.starts_at).date(), timezone.localtime(asked.ends_at).date()
    if asked.ends_at <= asked.starts_at:
        return {"last_day": "Окончание должно быть позже начала."}
    if first < today():
        return {"first_day": "Освобождают заранее: этот день уже прошёл."}
    if (first - today()).days > 366:
        return {"first_day": "Проверьте год."}
    if (last - first).days >= LONGEST_RELEASE:
        return {"last_day": f"Не больше {LONGEST_RELEASE} дней: на каждое мероприятие подайте своё заявление."}
    return {}


def substitutes_for(person: Participant) -> list[Participant]:
    """Employees of the same organisation who may stand in, by name."""
    staff = Participant.objects.filter(organisation=person.organisation_id, category__in=EMPLOYEES).present()
    return list(staff.exclude(pk=person.pk).by_name().with_posts())


@transaction.atomic
def submit_request(*, author: Participant, asked: Asked, actor: User) -> PairRequest:
    """Submit a request of one's own. It changes nothing but tells whoever reads it by letter.

    Raises `Refused` where the kind is not for this side of the pair or something needed is missing.
    """
    permit(actor, SUBMIT, author)
    if faults := request_faults(author, asked):
        raise Refused(faults.values())
    request = PairRequest.objects.create(
        organisation=author.organisation,
        kind=asked.kind,
        pair=asked.pair,
        author=author,
        about=asked.about,
        substitute=asked.substitute,
        activity=asked.activity,
        occasion=asked.occasion,
        starts_at=asked.starts_at,
        ends_at=asked.ends_at,
        text=asked.text,
        continuity=asked.continuity,
        submitted_by=actor,
    )
    record(SUBMIT, request, actor=actor, text="Подано обращение.")
    tell_readers(request, actor)
    return request


def tell_readers(request: PairRequest, actor: User) -> None:
    """The curators, and the mentor whom a mentee asks for help."""
    tell_staff(request, Role.CURATOR, "Рассмотрите его на портале.", actor)
    if request.kind == RequestKind.HELP and request.pair is not None:
        mentor = request.pair.mentor.user
        tell_users(request, [mentor] if mentor else [], "Наставляемый просит о помощи.", actor)


def tell_staff(request: PairRequest, role: str, body: str, actor: User) -> None:
    """Those of the role who may read the request: never its own subject."""
    holders = User.objects.with_role(request.organisation, role)
    tell_users(request, [user for user in holders if may(user, VIEW, request)], body, actor)


def tell_users(request: PairRequest, users: Iterable[User], body: str, actor: User) -> None:
    """A letter about the request; of a confidential one it says nothing more."""
    write_letters(
        [user for user in users if user != actor],
        subject=CONFIDENTIAL if request.is_restricted else request.title,
        body=f"{request}. {body}",
        path=reverse("request_detail", args=[request.pk]),
        organisation=request.organisation,
    )


def release_warnings(request: PairRequest) -> list[str]:
    """Other releases of the same days that the person or the substitute takes part in, in sentences."""
    if not request.is_release or request.substitute is None:
        return []
    people = [request.author_id, request.substitute_id]
    rows = PairRequest.objects.releases().filter(
        Q(author__in=people) | Q(substitute__in=people),
        organisation=request.organisation_id,
        starts_at__lt=request.ends_at,
        ends_at__gt=request.starts_at,
    )
    others = rows.exclude(pk=request.pk).select_related("author", "substitute").order_by("starts_at", "pk")
    return [words for other in others for words in overlap_words(request, other)]


def overlap_words(request: PairRequest, other: PairRequest) -> Iterable[str]:
    """In what way two releases of the same time hinder one another."""
    for person, role in ((request.author, "Сам заявитель"), (request.substitute, "Замещающий")):
        if person is None:
            continue
        if person == other.author:
            yield f"{role}, {person.short_name}, в это время и без того просит об освобождении: {other.when}."
        elif person == other.substitute:
            yield f"{role}, {person.short_name}, в это время замещает: {other.author.short_name}, {other.when}."
