"""Papers about single people in the demo school: addenda signed and missing, a notice given, a reward to thank for."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import ContentFile

from config.demo.story import MENTOR_TERMS, Story
from core.documents.blocks import read_blocks
from core.documents.page import PageSetup
from core.documents.pdf import to_pdf
from mentorship.documents.thanks import LETTER, letter_to
from mentorship.models import Notice, Pair, PairState, earliest_end
from mentorship.services.addenda import SignedAddendum, record_addendum
from mentorship.services.notices import Given, record_notice
from mentorship.services.thanks import make_thanks

TERMS = {**MENTOR_TERMS, "term": "до конца учебного года", "pay": "10 % оклада ежемесячно"}
# Of the mentors at work all but one have signed; the paper of the last one is what the curator still has to get.
SIGNED = ("Бондаренко", "Константинопольская-Добровольская", "Соловьёва", "Хасанов", "Ткач", "Якушева")


def paper(title: str) -> ContentFile:
    """A scan of a signed paper."""
    return ContentFile(to_pdf(read_blocks(f"<h1>{title}</h1>"), PageSetup(title=title)), name=f"{title}.pdf")


def tell(story: Story) -> None:
    addenda(story)
    notice(story)
    thanks(story)


def addenda(story: Story) -> None:
    with story.calendar.at(-64) as day:
        for number, surname in enumerate(SIGNED, start=1):
            signed = SignedAddendum(
                number=str(number),
                signed_on=day,
                contract=f"от 01.09.{2010 + number} № {number + 20}",
                terms=TERMS,
                original_place="отдел кадров, личное дело",
                scan=paper("Дополнительное соглашение") if number == 1 else None,
                month_hours=4 if number < 4 else None,
            )
            record_addendum(participant=story.cards[surname], signed=signed, actor=story.curator)


def notice(story: Story) -> None:
    """A mentor refuses; the day comes nearer and the order is not there yet."""
    pair = Pair.objects.get(mentor=story.cards["Ткач"], state=PairState.ACTIVE)
    with story.calendar.at(-1) as day:
        given = Given(
            side=Notice.Side.EMPLOYEE,
            given_on=day,
            ends_on=earliest_end(day) + dt.timedelta(days=1),
            delivery=Notice.Delivery.HAND,
            pair=pair,
            reason="большая нагрузка в выпускных классах",
            scan=paper("Уведомление об отказе"),
        )
        record_notice(participant=story.cards["Ткач"], given=given, actor=story.curator)


def thanks(story: Story) -> None:
    """An order on rewards at the end of the last year, and the letter that was printed after it."""
    people = [story.cards["Шевчук"], story.cards["Петренко"]]
    grounds = "за успешную работу наставником"
    with story.calendar.at(-128, hour=9):
        order = story.draft(
            "rewards",
            "О поощрении наставников по итогам учебного года",
            people=[person.pk for person in people],
            award="gratitude",
            grounds=grounds,
        )
    story.approve(order, "46-од", -128)
    with story.calendar.at(-127):
        order.refresh_from_db()
        make_thanks(
            organisation=story.organisation,
            kind=LETTER,
            letters=[letter_to(person, LETTER, grounds) for person in people],
            form="pdf",
            basis=f"Приказ {order.requisites}",
            people=people,
            actor=story.curator,
        )
