"""The photograph of a person: kept only while the person agrees to be photographed."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import File
from django.db import transaction

from accounts.models import User
from accounts.permissions import permit, today
from core.journal import record
from core.transitions import Refused
from mentorship.models import Consent, ConsentKind, Participant
from mentorship.services.histories import delete_later
from mentorship.services.participants import CHANGE

NO_CONSENT = (
    "Фотографию хранят только с согласия на фото- и видеосъёмку. Действующего согласия нет: сначала запишите его, "
    "потом загрузите фотографию."
)
NO_PHOTO = "Фотографии на карточке нет."


def allows_photo(person: Participant, day: dt.date) -> bool:
    """Whether a photograph of the person may be kept on the day."""
    return Consent.objects.live(day).filter(participant=person, kind=ConsentKind.PHOTO).exists()


@transaction.atomic
def set_photo(*, participant: Participant, photo: File, actor: User) -> None:
    """Keep a checked picture as the person's photograph; the earlier one is deleted once the change is certain.

    The person's row is locked, so that a consent is withdrawn before or after. Raises `Refused` without one.
    """
    permit(actor, CHANGE, participant)
    person = Participant.objects.locked().get(pk=participant.pk)
    if not allows_photo(person, today()):
        raise Refused([NO_CONSENT])
    old = person.photo.name
    person.photo = photo
    person.save(update_fields=["photo"])
    delete_later(person.photo.storage, old)
    text = "Фотография заменена." if old else "Загружена фотография."
    record("mentorship.participant.photo", person, actor=actor, text=text)


@transaction.atomic
def remove_photo(*, participant: Participant, actor: User) -> None:
    """Delete the photograph, the file too. Raises `Refused` where there is none."""
    permit(actor, CHANGE, participant)
    person = Participant.objects.locked().get(pk=participant.pk)
    if not person.photo:
        raise Refused([NO_PHOTO])
    old, person.photo = person.photo.name, ""
    person.save(update_fields=["photo"])
    delete_later(person.photo.storage, old)
    record("mentorship.participant.photo", person, actor=actor, text="Фотография удалена.")
