"""Requests of the demo school in every state, a psychologist's records, and what an experienced mentor can show."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from config.demo.cards import achieve
from config.demo.story import Story
from mentorship.models import Pair, PairRequest, PairState, RequestKind
from mentorship.services.request_decisions import assign_mediators, take_step
from mentorship.services.requests import Asked, submit_request
from mentorship.services.support import Support, write_support

Kind = RequestKind


def tell(story: Story) -> None:
    released(story)
    waiting_for_an_order(story)
    refused(story)
    resigning(story)
    quarrel(story)
    asked_this_week(story)
    supported(story)
    shown(story)


def working_pair(story: Story, surname: str) -> Pair:
    """The pair at work that the person leads or learns in."""
    return Pair.objects.of(story.cards[surname]).filter(state=PairState.ACTIVE).for_cards().latest("starts_on")


def ask(story: Story, offset: int, kind: str, surname: str, text: str, **more: Any) -> PairRequest:
    """What the person has asked on the day."""
    person = story.cards[surname]
    if person.user is None:
        raise ValueError(f"{surname} cannot sign in")
    with story.calendar.at(offset, hour=14):
        pair = working_pair(story, surname)
        asked = Asked(kind=kind, pair=pair, text=text, **more)
        return submit_request(author=person, asked=asked, actor=person.user)


def release(
    story: Story, offset: int, surname: str, substitute: str, day: int, occasion: str, text: str
) -> PairRequest:
    """A release from ten to two on a day of the demo's calendar."""
    ten, two = (dt.datetime.combine(story.calendar.day(day), dt.time(hour)) for hour in (10, 14))
    times = {"starts_at": timezone.make_aware(ten), "ends_at": timezone.make_aware(two)}
    words = "уроки идут по расписанию, замещающий ведёт их по материалам учителя"
    stand_in = {"substitute": story.cards[substitute], "continuity": words}
    return ask(story, offset, Kind.RELEASE, surname, text, occasion=occasion, **times, **stand_in)


def step(story: Story, offset: int, request: PairRequest, name: str, words: str = "") -> None:
    actor = story.director if name in ("grant", "refuse") else story.curator
    with story.calendar.at(offset, hour=15):
        take_step(request=request, step=name, words=words, actor=actor)


def released(story: Story) -> None:
    """A release of the autumn that its order has carried out."""
    occasion = "мастерская наставников Приозёрска"
    request = release(story, -34, "Бондаренко", "Ильина", -25, occasion, "Показываю открытый урок.")
    step(story, -33, request, "refer", "Замена согласована, прошу освободить.")
    step(story, -32, request, "grant")
    with story.calendar.at(-31, hour=9):
        title = "Об освобождении от обязанностей на время мероприятия"
        order = story.draft("release", title, requests=[request.pk])
    story.approve(order, "65-од", -31)


def waiting_for_an_order(story: Story) -> None:
    request = release(
        story,
        -6,
        "Константинопольская-Добровольская",
        "Мельник",
        9,
        "областная конференция наставников",
        "Выступаю с опытом работы пары.",
    )
    step(story, -5, request, "refer", "Поддерживаю: доклад отобран организаторами.")
    step(story, -4, request, "grant", "Согласна, отчёт о поездке — на педагогическом совете.")


def refused(story: Story) -> None:
    text = "Хочу послушать выступления коллег."
    request = release(story, -18, "Гнедых", "Барсуков", -12, "семинар по геометрии в соседней школе", text)
    step(story, -17, request, "refer", "В этот день контрольные работы в трёх классах.")
    step(story, -16, request, "refuse", "В день контрольных работ заменить вас некем; семинар повторят весной.")


def resigning(story: Story) -> None:
    text = "С января у меня ещё два выпускных класса, времени на пару не останется."
    request = ask(story, -3, Kind.RESIGN, "Гнедых", text, about=story.cards["Гнедых"])
    step(story, -2, request, "refer", "Нагрузка действительно выросла. Замену подберём из банка.")


def quarrel(story: Story) -> None:
    text = "Мы по-разному понимаем, что обсуждать на встречах. Помогите договориться."
    request = ask(story, -8, Kind.MEDIATION, "Барсуков", text, about=story.cards["Гнедых"])
    mediators = [story.cards[name].user for name in ("Соловьёва", "Сковорода")]
    with story.calendar.at(-7, hour=15):
        named = [user for user in mediators if user is not None]
        assign_mediators(request=request, mediators=named, actor=story.curator)


def asked_this_week(story: Story) -> None:
    words = "Мне трудно объяснить, почему встречи нужны короче и чаще. Помогите поговорить об этом."
    ask(story, -1, Kind.MEDIATION, "Мамедов", words, about=story.cards["Хасанов"])
    ask(story, -2, Kind.HELP, "Ефремова", "Нужна помощь с родительским собранием: провожу его впервые.")
    lapina = story.cards["Лапина"]
    words = "За проект «Первый школьный месяц»: родители и дети довольны."
    ask(story, -1, Kind.REWARD, "Бондаренко", words, about=lapina)
    ask(story, -1, Kind.CONTEST, "Бондаренко", "Муниципальный конкурс «Педагогический дебют»: готова.", about=lapina)


def supported(story: Story) -> None:
    """One record for the psychologist alone, one that the mentor of the pair may read."""
    psychologist = story.cards["Соловьёва"].user
    mentor = story.cards["Бондаренко"].user
    if psychologist is None or mentor is None:
        raise ValueError("The psychologist and the mentor sign in")
    consent = story.calendar.day(-30)
    talks = (
        (-28, "talk", "Знакомство: что радует и что тревожит в первый год работы.", ()),
        (-9, "advice", "Перед открытыми уроками помогает короткий план на карточке и разбор без отметок.", (mentor,)),
    )
    for offset, kind, text, readers in talks:
        with story.calendar.at(offset, hour=16) as day:
            support = Support(day=day, kind=kind, text=text, consent_on=consent, readers=readers)
            write_support(participant=story.cards["Лапина"], support=support, actor=psychologist)


def shown(story: Story) -> None:
    """What the portfolio of last year's mentor shows besides the pair: a contest of her mentee, a speech of her own."""
    told = (
        (-200, "Аверина", "contest", "Педагогический дебют", "municipal", "лауреат"),
        (-150, "Шевчук", "conference", "Первый год рядом: опыт пары", "regional", "выступление"),
    )
    for offset, surname, kind, title, level, result in told:
        with story.calendar.at(offset) as day:
            achieve(story, surname, kind=kind, title=title, level=level, held_on=day, result=result)
