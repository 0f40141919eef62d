"""Cards typed twice, requests to correct a card, and who has opened the cards lately."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from config.demo.story import Story
from mentorship.forms.card_requests import CardRequestForm, corrected
from mentorship.forms.participants import ParticipantForm
from mentorship.models import CardRequest, Participant
from mentorship.services.access import note_view
from mentorship.services.card_requests import (
    CORRECTED,
    accept_correction,
    ask_correction,
    decline_correction,
    values_of,
)
from mentorship.services.participants import add_participant
from mentorship.services.sameness import tell_apart

# The second «р» of the first is a Latin letter; the other two are without their dots and with another spelling.
TYPED_TWICE = (
    ("Щеpбакова", "Инна", "Вадимовна", "учитель географии"),
    ("Соловьева", "Нина", "Дмитриевна", "психолог"),
    ("Ильина", "Наталия", "Ильинична", "педагог дополнительного образования"),
)


def tell(story: Story) -> None:
    """One pair of namesakes told apart, two to decide; a request that waits, one accepted, one declined; openings."""
    typed = type_twice(story)
    with story.calendar.at(-8):
        tell_apart(first=story.cards["Ильина"], second=typed["Ильина"], actor=story.curator)
    corrections(story)
    openings(story)


def type_twice(story: Story) -> dict[str, Participant]:
    """The secretary has typed three people who were there already, each in another way."""
    typed = {}
    with story.calendar.at(-9) as day:
        for surname, given_name, patronymic, title in TYPED_TWICE:
            data = {
                "surname": surname,
                "given_name": given_name,
                "patronymic": patronymic,
                "gender": "f",
                "category": "teacher",
            }
            form = ParticipantForm(data, instance=Participant(organisation=story.organisation))
            if not form.is_valid():
                raise ValueError(f"{surname}: {form.errors.as_text()}")
            post = {"title": title, "starts_on": day}
            typed[surname] = add_participant(form=form, actor=story.curator, post=post)
    return typed


def corrections(story: Story) -> None:
    with story.calendar.at(-40):
        asking = ask(story, "Ковальчук", phone="+7 (900) 000-12-34")
    with story.calendar.at(-39):
        accept(story, asking)
    with story.calendar.at(-16):
        asking = ask(story, "Аверина", qualification="first", comment="Аттестация в этом месяце")
    with story.calendar.at(-6):
        reason = "Категорию укажем, когда придёт приказ об аттестации. Принесите его, пожалуйста."
        decline_correction(asking=asking, reason=reason, actor=story.curator)
    with story.calendar.at(-2):
        ask(
            story,
            "Ефремова",
            phone="+7 (900) 000-56-78",
            email="efremova@example.org",
            comment="Сменила номер телефона, почту раньше не указывала",
        )


def ask(story: Story, surname: str, *, comment: str = "", **wanted: Any) -> CardRequest:
    person = Participant.objects.select_related("user").get(pk=story.cards[surname].pk)
    if person.user is None:
        raise ValueError(f"{surname} does not sign in")
    form = CardRequestForm({**values_of(person, CORRECTED), **wanted, "comment": comment}, instance=person)
    if not form.is_valid():
        raise ValueError(f"{surname}: {form.errors.as_text()}")
    return ask_correction(form=form, comment=comment, actor=person.user)


def accept(story: Story, asking: CardRequest) -> None:
    person = Participant.objects.get(pk=asking.participant_id)
    seen = values_of(person, asking.wanted)
    form = corrected(person, asking.wanted, {})
    if not form.is_valid():
        raise ValueError(f"{person}: {form.errors.as_text()}")
    accept_correction(asking=asking, form=form, seen=seen, actor=story.curator)


def openings(story: Story) -> None:
    """The curator, the director and the psychologist have opened a few cards on several days."""
    psychologist = User.objects.get(username="psychologist")
    for offset, surname, reader in (
        (-45, "Ефремова", story.curator),
        (-30, "Ефремова", story.director),
        (-30, "Бондаренко", story.director),
        (-12, "Ефремова", psychologist),
        (-4, "Ефремова", story.curator),
        (-4, "Ковальчук", story.curator),
    ):
        with story.calendar.at(offset):
            note_view(person=story.cards[surname], actor=reader)
