"""One approved order of every kind, so that the register of the demo school is as full as that of a real year."""

from __future__ import annotations

from typing import Any

from config.demo.story import Story
from core.russian import school_year
from orders.models import LocalAct, Order

RULES = """1. Общие положения
1.1. Порядок определяет, как школа поощряет педагогов, которые работают наставниками.
1.2. Поощрение зависит от объёма и качества работы наставника и не зависит от оценок его наставляемых.
2. Меры поощрения
2.1. Выплата за работу наставником назначается на срок, на который пара закреплена приказом.
2.2. Премия и благодарность объявляются по итогам учебного года.
3. Порядок представления
3.1. Куратор представляет директору список наставников до 10 июня.
3.2. Решение оформляется приказом, с которым наставника знакомят под подпись."""


def tell(story: Story) -> None:
    """From the order that began it all to the one that was cancelled last week."""
    introduced(story)
    curator_named(story)
    encouraged(story)
    rewarded(story)
    mentors_named(story)
    taken_back(story)


def in_charge(story: Story) -> dict[str, Any]:
    """The curator as the responsible person."""
    card = next(card for card in story.cards.values() if card.user == story.curator)
    return {"responsible_name": card.full_name, "responsible_post": card.post}


def introduced(story: Story) -> None:
    with story.calendar.at(-424, hour=9) as day:
        tasks = [
            {"text": "Подготовить Положение о наставничестве", "term": "до 15 сентября", "who": "куратор"},
            {"text": "Провести опрос педагогов и собрать согласия", "term": "до 20 сентября", "who": "куратор"},
            {"text": "Составить дорожную карту учебного года", "term": "до 1 октября", "who": ""},
        ]
        year = school_year(day)
        order = story.draft(
            "introduction", "О внедрении наставничества в школе", tasks=tasks, year=year, **in_charge(story)
        )
    story.approve(order, "38-од", -424)


def curator_named(story: Story) -> None:
    with story.calendar.at(-423, hour=9):
        card = next(card for card in story.cards.values() if card.user == story.curator)
        title = "О назначении куратора программы наставничества"
        order = story.draft("curator", title, person=card.pk, exception="")
    story.approve(order, "39-од", -423)


def encouraged(story: Story) -> None:
    with story.calendar.at(-160, hour=9):
        act = LocalAct.objects.create(
            organisation=story.organisation,
            kind=LocalAct.Kind.INCENTIVES,
            title="Временный порядок поощрения наставников",
            text=RULES,
        )
        order = story.draft(
            "incentives",
            "О мерах поощрения наставников",
            act=act.pk,
            paid=["выплата за работу наставником в течение срока пары", "премия по итогам учебного года"],
            unpaid=["благодарность директора", "рассказ о наставнике на странице школы с его согласия"],
            **in_charge(story),
        )
    story.approve(order, "33-од", -160)


def rewarded(story: Story) -> None:
    with story.calendar.at(-121, hour=9):
        people = sorted(story.cards[name].pk for name in ("Шевчук", "Петренко"))
        order = story.draft(
            "rewards",
            "О поощрении наставников по итогам учебного года",
            people=people,
            award="gratitude",
            grounds="за успешную работу наставником",
            **in_charge(story),
        )
    story.approve(order, "36-од", -121)


def mentors_named(story: Story) -> None:
    """Before the pairs of the year those whom the school knows, in the autumn those with whom the talks went well."""
    until = story.calendar.day(200).isoformat()
    known = ("Бондаренко", "Гнедых", "Константинопольская-Добровольская", "Соловьёва", "Хасанов")
    story.approve(appointing(story, known, -71, until=until, need_interview=False), "55-од", -71)
    story.approve(appointing(story, ("Ткач", "Шевчук"), -36, until=until), "62-од", -36)


def taken_back(story: Story) -> None:
    """An appointment that was given up before any pair was fixed."""
    order = appointing(story, ("Петренко",), -19, need_interview=False)
    story.approve(order, "68-од", -19)
    with story.calendar.at(-15, hour=9):
        title = f"Об отмене приказа {order.requisites}"
        reason = "в связи с изменением учебной нагрузки работника"
        cancelling = story.draft("cancellation", title, target=order.pk, reason=reason)
    story.approve(cancelling, "69-од", -15)


def appointing(story: Story, names: tuple[str, ...], offset: int, **more: Any) -> Order:
    with story.calendar.at(offset, hour=9):
        people = sorted(story.cards[name].pk for name in names)
        choices = {"people": people, "need_interview": True, "until": None, **in_charge(story), **more}
        return story.draft("mentors", "О назначении наставников", **choices)
