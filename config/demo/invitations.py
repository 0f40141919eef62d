"""Partners of the demo school with their agreements, and who has already come into the portal and who has not."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.contrib.auth.models import update_last_login

from accounts.forms.partners import AgreementForm, PartnerForm
from accounts.models import Agreement, Issued, Partner, User
from accounts.services.invitations import accept_invitation
from accounts.services.partners import set_agreement_file
from config.demo.story import Story
from core.journal import save_form
from mentorship.forms.participants import ParticipantForm
from mentorship.models import Participant
from mentorship.services.invitations import invite_participants
from mentorship.services.participants import add_participant, confirm_forms

CHANGE = "accounts.partner.change"
# Logins of the cast that have not been tried yet: somebody must be left on the list.
NEVER_CAME = ("zhukova", "averina")


class Deal(NamedTuple):
    """A partner and the agreement with it; days are offsets, `last` is None for an agreement without a term."""

    title: str
    contact: str
    post: str
    tail: str
    number: str
    subject: str
    signed: int
    last: int | None


DEALS = (
    Deal(
        "ГБПОУ «Приозёрский педагогический колледж»",
        "Полозова Инга Вадимовна",
        "заведующий практикой",
        "41",
        "14/п",
        "о педагогической практике студентов под руководством наставников",
        -410,
        690,
    ),
    Deal(
        "Детский технопарк «Северный компас»",
        "Дорофеев Глеб Ильич",
        "руководитель проектной мастерской",
        "52",
        "7",
        "о наставничестве инженерных проектов школьников",
        -350,
        19,
    ),
    Deal(
        "Приозёрский краеведческий музей",
        "Стрельцова Майя Аркадьевна",
        "методист",
        "63",
        "22-м",
        "о совместных исследованиях по истории города",
        -500,
        -35,
    ),
)


def tell(story: Story) -> None:
    """Partners first, because one of those invited comes from a partner."""
    partners = [make_partner(story, deal) for deal in DEALS]
    come_in(story)
    invite(story, partners[1])


def make_partner(story: Story, deal: Deal) -> Partner:
    with story.calendar.at(deal.signed):
        data = {
            "title": deal.title,
            "contact_name": deal.contact,
            "contact_post": deal.post,
            "phone": f"8 (000) 000-01-{deal.tail}",
            "email": f"partner{deal.tail}@priozersk.example",
            "address": "г. Приозёрск",
            "is_active": "on",
        }
        partner = Partner(organisation=story.organisation)
        save(PartnerForm(data, instance=partner, organisation=story.organisation), story, "Партнёр добавлен.")
        last = None if deal.last is None else story.calendar.day(deal.last)
        terms = {
            "number": deal.number,
            "subject": deal.subject,
            "signed_on": story.calendar.day(deal.signed),
            "ends_on": last,
        }
        agreement = Agreement(partner=partner)
        save(AgreementForm(terms, instance=agreement), story, "Записано соглашение с партнёром.")
        if deal is DEALS[0]:
            scan = story.scan(f"Соглашение № {deal.number} {deal.subject}.")
            set_agreement_file(agreement=agreement, file=scan, actor=story.curator)
    return partner


def save(form: PartnerForm | AgreementForm, story: Story, text: str) -> None:
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    save_form(form, actor=story.curator, event=CHANGE, text=text)


def come_in(story: Story) -> None:
    """Most of the school has used the portal since the spring."""
    staff = User.objects.filter(memberships__organisation=story.organisation).distinct().order_by("pk")
    for number, person in enumerate(staff.exclude(username__in=NEVER_CAME)):
        with story.calendar.at(-60 + number % 55):
            update_last_login(User, person)


def invite(story: Story, partner: Partner) -> None:
    """Slips: one used the next day, one grown too old, three in somebody's pocket."""
    with story.calendar.at(-25):
        slips = issue(story, [story.cards["Щербакова"], story.cards["Уварова"]])
    with story.calendar.at(-24):
        used = next(one for one in slips if one.invitation.user.full_name.startswith("Щербакова"))
        update_last_login(User, accept_invitation(invitation=used.invitation, password=used.code))
    with story.calendar.at(-4):
        issue(story, [story.cards["Филиппова"], story.cards["Лапина"], guest(story, partner)])


def issue(story: Story, people: list[Participant]) -> list[Issued]:
    return invite_participants(people=people, organisation=story.organisation, actor=story.curator)


def guest(story: Story, partner: Partner) -> Participant:
    """An engineer of the technopark who helps with projects."""
    data = {
        "surname": "Ветров",
        "given_name": "Кирилл",
        "patronymic": "Андреевич",
        "gender": "m",
        "category": "external",
        "partner": partner.pk,
        "birth_year": (story.calendar.today - dt.timedelta(days=366 * 31)).year,
    }
    form = ParticipantForm(data, instance=Participant(organisation=story.organisation, partner=partner))
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    post = {"title": "инженер-конструктор", "starts_on": story.calendar.day(-300)}
    card = add_participant(form=form, actor=story.curator, post=post)
    confirm_forms(participant=card, actor=story.curator, forms=card.forms)
    return card
