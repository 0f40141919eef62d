"""What surrounds the orders of the demo school: minutes, an amended order, a draft that is being agreed."""

from __future__ import annotations

from accounts.models import Body, User
from config.demo.story import Story
from orders.models import LegalAct, Order, Protocol, SignedScan
from orders.services.acquaintance import add_scan, mark_read
from orders.services.endorsements import ask_endorsement


def tell(story: Story) -> None:
    """In the order of the year; nothing here depends on what other parts of the demo tell later."""
    minutes = council(story)
    amended(story, minutes)
    agreed(story)
    read(story)
    municipal_act(story)


def council(story: Story) -> Protocol:
    """The meeting of the pedagogical council before the school year."""
    body = Body.objects.get(organisation=story.organisation, kind=Body.Kind.PEDAGOGICAL_COUNCIL)
    with story.calendar.at(-90) as day:
        return Protocol.objects.create(
            organisation=story.organisation,
            body=body,
            number="1",
            held_on=day,
            chair=story.director.full_name,
            secretary="Мельник Оксана Тарасовна",
            present="Педагогические работники школы — 38 человек",
            agenda="Итоги наставничества за прошлый год\nПодготовка к новому учебному году",
            heard="Куратор рассказала об итогах двух пар и о молодых педагогах, которые приходят в сентябре.",
            decided="Признать работу наставников успешной\nПоддержать дорожную карту на новый учебный год",
            recorded_by=story.curator,
        )


def amended(story: Story, minutes: Protocol) -> None:
    """An order about pairs whose clause was made more exact a month later."""
    target = Order.objects.approved().get(organisation=story.organisation, number="58-од")
    law = LegalAct.objects.get(code="teacher-mentoring")
    with story.calendar.at(-31, hour=9):
        order = story.draft(
            "amendment",
            f"О внесении изменений в приказ {target.requisites}",
            target=target.pk,
            changes=["В пункте 2 слова «представить их куратору» дополнить словами «до 1 октября»"],
            acts=[law.pk],
            protocols=[minutes.pk],
        )
    story.approve(order, "64-од", -31)


def agreed(story: Story) -> None:
    """The accountant has been asked about the draft on incentives and has not answered yet."""
    draft = Order.objects.get(organisation=story.organisation, title="Об утверждении порядка поощрения наставников")
    accountant = User.objects.get(username="accountant")
    with story.calendar.at(-1, hour=16):
        ask_endorsement(order=draft, title="Бухгалтер", name=accountant.full_name, user=accountant, actor=story.curator)


def municipal_act(story: Story) -> None:
    """An act of the town that the school has added to the library itself."""
    with story.calendar.at(-95) as day:
        LegalAct.objects.create(
            organisation=story.organisation,
            level=LegalAct.Level.MUNICIPAL,
            form="приказ",
            issuer="Управление образования г. Приозёрска",
            number="112",
            date=day,
            title="О развитии наставничества в школах города",
            citation=f"приказа Управления образования г. Приозёрска от {day:%d.%m.%Y} № 112",
            gives="сроки городского мониторинга",
            checked_on=day,
            checked_by=story.curator,
        )


def read(story: Story) -> None:
    """Of the last order one person has marked in the portal, the other has not; nobody has signed yet."""
    order = Order.objects.approved().get(organisation=story.organisation, number="67-од")
    row = order.acquaintances.filter(user__isnull=False).order_by("pk").first()
    if row is not None and row.user is not None:
        with story.calendar.at(-21, hour=9):
            mark_read(row=row, actor=row.user)
    with story.calendar.at(-20, hour=10):
        add_scan(order=order, kind=SignedScan.Kind.ORDER, file=story.scan("Приказ подписан."), actor=story.curator)
