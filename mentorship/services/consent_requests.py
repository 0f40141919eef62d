"""Asking people for consents: one request for each purpose, a letter to whoever can answer, taking a request back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.permissions import Forbidden, permit, today
from accounts.services.letters import write_letters
from core.journal import entry, record, record_many
from core.russian import plural
from core.transitions import Refused
from mentorship.models import PERSONAL, PURPOSES, ConsentKind, ConsentRequest, ConsentState, states_of
from mentorship.models.participants import ParticipantQuerySet

REQUEST = "mentorship.consent.request"


@transaction.atomic
def request_consents(
    *, organisation: Organisation, people: ParticipantQuerySet, kinds: Sequence[str], actor: User
) -> list[ConsentRequest]:
    """Ask each of the people for each of the purposes that does not already hold and has not been asked for.

    Whoever has a login gets one letter with everything asked; for pupils also their class teacher. All or nobody:
    raises `Forbidden` if one of the people is out of reach. The number of queries does not grow with the people.
    """
    permit(actor, REQUEST, organisation)
    if strange := set(kinds) - set(PERSONAL):
        raise Refused([f"Так не запрашивают: {', '.join(sorted(strange))}."])
    # Not joined: what is joined to a row that had to be waited for is as it was before the wait.
    wanted = list(people.locked().prefetch_related("user", "class_teacher"))
    if people.permitted(actor, REQUEST).filter(organisation=organisation).count() != len(wanted):
        raise Forbidden(REQUEST)
    states = states_of(wanted, today())
    new = [
        ConsentRequest(participant=person, kind=kind, asked_by=actor)
        for person in wanted
        for kind in kinds
        if states[person.pk][kind].state != ConsentState.LIVE and states[person.pk][kind].asked_on is None
    ]
    asked = ConsentRequest.objects.bulk_create(new, batch_size=1000)
    record_many(entry(REQUEST, one, actor=actor, text=f"{one}, {PURPOSES[ConsentKind(one.kind)]}.") for one in asked)
    write_requests(asked, organisation)
    return asked


def write_requests(asked: Sequence[ConsentRequest], organisation: Organisation) -> None:
    """One letter to each person with a login, one to each class teacher for all the pupils."""
    own: dict[User, list[str]] = defaultdict(list)
    led: dict[User, dict[str, None]] = defaultdict(dict)
    for one in asked:
        if one.participant.user:
            own[one.participant.user].append(PURPOSES[ConsentKind(one.kind)])
        if one.participant.class_teacher:
            led[one.participant.class_teacher][one.participant.short_name] = None
    alike: dict[str, list[User]] = defaultdict(list)
    for user, purposes in own.items():
        alike[", ".join(purposes)].append(user)
    for words, users in alike.items():
        body = f"Куратор просит ваше согласие: {words}. Прочитайте бланк; если согласны, подпишите и отдайте."
        path = reverse("my_card")
        write_letters(users, subject="От вас нужно согласие", body=body, path=path, organisation=organisation)
    for user, names in led.items():
        count = plural(len(names), "ученика", "учеников", "учеников")
        body = f"Нужны согласия родителей {count}: {', '.join(names)}. Бланки — на странице согласий."
        path = f"{reverse('consent_list')}?state={ConsentState.ASKED.value}"
        write_letters([user], subject="Нужны согласия родителей", body=body, path=path, organisation=organisation)


@transaction.atomic
def cancel_request(*, request: ConsentRequest, actor: User) -> None:
    """Take back a request that nobody has answered. Raises `Refused` where there is nothing to take back."""
    permit(actor, REQUEST, request)
    if not ConsentRequest.objects.waiting().filter(pk=request.pk).update(cancelled_on=today()):
        raise Refused(["Запрос уже закрыт: на него ответили или его сняли."])
    record(REQUEST, request, actor=actor, text=f"Запрос снят: {PURPOSES[ConsentKind(request.kind)]}.")
