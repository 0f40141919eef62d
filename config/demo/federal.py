"""Interviews of the demo school and its banks approved by an order: what was said, what waits, what was missed."""

from __future__ import annotations

import datetime as dt

from accounts.models import User
from config.demo.story import Story
from mentorship.models import BankCard, BankRole, Conclusion
from mentorship.services.interviews import Outcome, interviewers, plan_interview, record_now
from mentorship.services.snapshots import make_snapshot
from orders.models import Order

PURPOSE = "В целях подбора наставников и учёта участников наставничества"
TALKED = {
    BankRole.MENTOR: {
        "Бондаренко": "Готова вести двоих. Хочет начать с совместного планирования недели и взаимных уроков.",
        "Гнедых": "Согласна на одного наставляемого, лучше математика. Просит не ставить встречи в дни олимпиад.",
        "Константинопольская-Добровольская": "Предлагает начать с разбора трёх уроков. Нужен образец программы.",
        "Хасанов": "Покажет эксперимент на своих уроках. Готов встречаться в лаборатории по средам.",
        "Ткач": "Согласен, если часть встреч пройдёт на расстоянии.",
        "Шевчук": "Опытный наставник, вторая программа. Просит группу не больше двух человек.",
    },
    BankRole.MENTEE: {
        "Барсуков": "Труднее всего доказательства в седьмом классе. Хочет видеть, как это делают другие.",
        "Ефремова": "Первый год. Волнуется из-за дисциплины, просит наставника-словесника.",
        "Лапина": "Нужна помощь в разговоре с родителями первоклассников.",
        "Мамедов": "Не успевает ставить опыты. Хотел бы бывать на уроках физики каждую неделю.",
        "Уварова": "Устаёт к середине недели. Согласна на группу и встречи с психологом.",
        "Филиппова": "Впервые ведёт класс, просит опытного классного руководителя.",
    },
}
NOT_YET = {
    (BankRole.MENTOR, "Сковорода"): (Conclusion.LATER, "Готов вернуться к разговору после аттестации."),
    (BankRole.MENTEE, "Палий"): (Conclusion.UNFIT, "Наставник сейчас не нужен: достаточно курсов по аттестации."),
}


def tell(story: Story) -> None:
    """The banks approved in the autumn, the talks of the year, what is planned and missed, a new order waiting."""
    approved_banks(story)
    past_talks(story)
    coming_talks(story)
    with story.calendar.at(-2):
        snapshot = make_snapshot(organisation=story.organisation, role=BankRole.MENTOR, actor=story.curator)
        # A surname that declines by its stress: the draft waits for somebody to look at its forms.
        hard = {"responsible_name": "Гуща Иван Ильич", "responsible_post": "методист"}
        bank_order(story, "Об утверждении обновлённого банка наставников", [snapshot.pk], **hard)


def approved_banks(story: Story) -> None:
    with story.calendar.at(-58):
        numbers = [
            make_snapshot(organisation=story.organisation, role=role, actor=story.curator).pk for role in BankRole
        ]
        order = bank_order(story, "Об утверждении банка наставников и банка наставляемых", numbers)
    story.approve(order, "60-од", -57)


def bank_order(story: Story, title: str, numbers: list[int], **params: str) -> Order:
    return story.draft("bank", title, snapshots=numbers, purpose=PURPOSE, **params)


def past_talks(story: Story) -> None:
    helper = psychologist(story)
    with story.calendar.at(-41):
        for surname, words in TALKED[BankRole.MENTOR].items():
            talk(story, BankRole.MENTOR, surname, Conclusion.RECOMMENDED, words, story.curator)
    with story.calendar.at(-39):
        for surname, words in TALKED[BankRole.MENTEE].items():
            talk(story, BankRole.MENTEE, surname, Conclusion.RECOMMENDED, words, helper)
    with story.calendar.at(-37):
        for (role, surname), (conclusion, words) in NOT_YET.items():
            talk(story, role, surname, conclusion, words, story.curator)


def talk(story: Story, role: str, surname: str, conclusion: str, words: str, interviewer: User) -> None:
    """A talk of today, recorded at once by whoever held it."""
    outcome = Outcome(held_on=dt.date.today(), conclusion=conclusion, record=words)  # noqa: DTZ011 - the clock of the demo
    record_now(card=card_of(story, surname, role), outcome=outcome, interviewer=interviewer, actor=interviewer)


def coming_talks(story: Story) -> None:
    """Two that were missed, three that are near; the others nobody has planned."""
    helper, day = psychologist(story), story.calendar.day
    missed = [(BankRole.MENTOR, "Тимофеева", -5, story.curator), (BankRole.MENTEE, "Орлова", -4, helper)]
    near = [
        (BankRole.MENTOR, "Ильина", 4, story.curator),
        (BankRole.MENTOR, "Саркисян", 5, story.curator),
        (BankRole.MENTEE, "Черных", 5, helper),
    ]
    with story.calendar.at(-10):
        for role, surname, offset, interviewer in (*missed, *near):
            plan_interview(
                card=card_of(story, surname, role),
                planned_for=max(day(offset), story.calendar.today) if offset > 0 else day(offset),
                place="15:10, кабинет 12",
                interviewer=interviewer,
                actor=story.curator,
            )


def psychologist(story: Story) -> User:
    """Who besides the curator holds interviews; the curator where there is nobody."""
    others = [user for user in interviewers(story.organisation) if user != story.curator]
    return others[0] if others else story.curator


def card_of(story: Story, surname: str, role: str) -> BankCard:
    return BankCard.objects.get(participant=story.cards[surname], role=role)
