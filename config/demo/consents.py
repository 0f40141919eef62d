"""What consents tell in the demo school: conditions, a refusal, requests, withdrawals and terms, own words."""

from __future__ import annotations

from config.demo.story import NAME_AND_POST, Story
from mentorship.documents.consent_bodies import product_words
from mentorship.models import Category, Consent, ConsentKind, LegalDuty, Participant, PublicField, Resource
from mentorship.services.consent_papers import Signed
from mentorship.services.consent_requests import request_consents
from mentorship.services.consent_texts import add_consent_text
from mentorship.services.consents import record_consent, withdraw_consent
from mentorship.services.duties import fulfil_duty

SITE = [Resource.SECTION.value, Resource.SITE.value]
HOSTING = "ООО «Приозёрский дата-центр», договор поручения № 12"


def tell(story: Story) -> None:
    """From the school's own words for processing to what is late today."""
    own_words(story)
    story.consents(["Бондаренко", "Гнедых", "Ткач", "Хасанов"], ConsentKind.TRANSFER, -60)
    story.consents(["Гнедых", "Соловьёва", "Цой"], ConsentKind.PHOTO, -58, resources=SITE)
    conditions(story)
    refusal(story)
    endings(story)
    withdrawals(story)
    pupils(story)
    requests(story)


def own_words(story: Story) -> None:
    """The school names who keeps its server: version 2 of the consent to processing."""
    with story.calendar.at(-95):
        body = product_words(ConsentKind.PROCESSING.value).replace("{обработчик}", HOSTING)
        add_consent_text(
            organisation=story.organisation,
            kind=ConsentKind.PROCESSING.value,
            body=body,
            note="Вписано, кому поручена обработка данных на сервере.",
            actor=story.curator,
        )


def conditions(story: Story) -> None:
    """One may be shown on terms of her own, one with the photograph, another forbids to pass his data on."""
    with story.calendar.at(-40):
        story.agree(
            "Якушева",
            ConsentKind.DISSEMINATION,
            shown=(*NAME_AND_POST, PublicField.EXPERIENCE.value),
            conditions={PublicField.EXPERIENCE.value: "стаж — без указания мест работы"},
            resources=[Resource.SECTION.value],
        )
    with story.calendar.at(-10):
        story.agree("Ткач", ConsentKind.DISSEMINATION, shown=PublicField.values, resources=[Resource.SECTION.value])
    with story.calendar.at(-2):
        story.agree(
            "Хасанов",
            ConsentKind.DISSEMINATION,
            shown=NAME_AND_POST,
            bans="не передавать другим лицам и не копировать на сайты партнёров",
            resources=SITE,
        )


def refusal(story: Story) -> None:
    with story.calendar.at(-30) as day:
        signed = Signed(answer="refused", signed_on=day, method="paper", original_place="сейф куратора, папка «Отказы»")
        record_consent(
            participant=story.cards["Цой"], kind=ConsentKind.DISSEMINATION, signed=signed, actor=story.curator
        )


def endings(story: Story) -> None:
    """A consent that ends in three weeks."""
    with story.calendar.at(-200):
        until = story.calendar.day(21)
        story.agree("Сковорода", ConsentKind.DISSEMINATION, shown=NAME_AND_POST, resources=SITE, valid_until=until)


def withdrawals(story: Story) -> None:
    """The withdrawal of twelve days ago is late; that of a photograph was carried out in time; one has just come."""
    with story.calendar.at(-26) as day:
        photo = Consent.objects.get(participant=story.cards["Соловьёва"], kind=ConsentKind.PHOTO)
        withdraw_consent(consent=photo, actor=story.curator, withdrawn_on=day, reason="Заявление от участника")
    with story.calendar.at(-24):
        note = "Снимки убраны с сайта школы и со стенда в фойе."
        fulfil_duty(duty=LegalDuty.objects.get(consent=photo), actor=story.curator, note=note)
    with story.calendar.at(-1) as day:
        transfer = Consent.objects.get(participant=story.cards["Хасанов"], kind=ConsentKind.TRANSFER)
        withdraw_consent(consent=transfer, actor=story.curator, withdrawn_on=day, reason="Заявление от участника")


def pupils(story: Story) -> None:
    """The mother of a pupil signs for her, and the class teacher records it."""
    rows = Participant.objects.filter(organisation=story.organisation, surname="Синицына", category=Category.PUPIL)
    pupil = rows.exclude(class_teacher=None).select_related("class_teacher").first()
    if pupil is None or pupil.class_teacher is None:
        return
    with story.calendar.at(-15) as day:
        signed = Signed(
            answer="given",
            signed_on=day,
            method="paper",
            original_place="папка классного руководителя",
            representative="Синицына Ольга Павловна",
            relation="мать",
        )
        record_consent(participant=pupil, kind=ConsentKind.PROCESSING, signed=signed, actor=pupil.class_teacher)


def requests(story: Story) -> None:
    """Asked last week and not answered yet."""
    with story.calendar.at(-8):
        surnames = ("Ефремова", "Жукова", "Аверина", "Барсуков", "Гаврилова")
        people = Participant.objects.filter(pk__in=[story.cards[name].pk for name in surnames])
        kinds = [ConsentKind.PHOTO.value, ConsentKind.TRANSFER.value]
        request_consents(organisation=story.organisation, people=people, kinds=kinds, actor=story.curator)
    with story.calendar.at(-5):
        story.agree("Ефремова", ConsentKind.PHOTO, resources=SITE)
