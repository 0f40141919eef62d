"""The banks of the demo school: who offers help, who needs it, who refused, who waits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from config.demo.story import Story
from mentorship.forms.banks import BankCardForm
from mentorship.models import BankCard, BankRole, BankState, DictionaryEntry, Pair, PairState
from mentorship.services.banks import (
    archive_card,
    change_card,
    confirm_cards,
    mark_long_term,
    open_cards,
    refuse_card,
    set_support,
    train_mentor,
    write_outcome,
)


class Offer(NamedTuple):
    """What a mentor brings; `words` are codes of competences."""

    words: tuple[str, ...]
    capacity: int = 1
    time: str = "1 час в неделю"
    achievements: str = ""
    interests: str = ""
    wishes: str = "Педагоги со стажем до трёх лет"


class Wish(NamedTuple):
    """What a mentee needs; `words` are codes of difficulties."""

    words: tuple[str, ...]
    request: str
    wishes: str = ""
    interests: str = ""


MENTORS = {
    "Бондаренко": Offer(
        ("methods", "discipline", "families"),
        2,
        "2 часа в неделю, вторник после 14:00",
        "Победитель городского конкурса «Учитель года»",
        "Краеведение, театр",
    ),
    "Константинопольская-Добровольская": Offer(
        ("subject", "planning", "grading", "contests"),
        2,
        "2 часа в неделю",
        "Эксперт предметной комиссии",
        "Литературный клуб",
    ),
    "Гнедых": Offer(("subject", "methods", "grading"), 1, "среда, седьмой урок", "Автор сборника задач"),
    "Ткач": Offer(("ict", "talents"), 2, "по договорённости, часть встреч дистанционно"),
    "Соловьёва": Offer(
        ("psychology", "upbringing", "colleagues"), 3, "4 часа в месяц", "", "Арт-терапия", "Любой стаж"
    ),
    "Хасанов": Offer(("subject", "methods", "talents"), 1, "2 часа в неделю", "Готовил призёров олимпиады"),
    "Цой": Offer(("subject", "activities"), 1),
    "Якушева": Offer(("contests", "documents", "planning"), 2, "1 час в неделю", "Методист высшей категории"),
    "Власенко": Offer(("grading", "motivation"), 1, "пятница после 15:00"),
    "Сковорода": Offer(("upbringing", "activities", "motivation"), 1),
    "Шевчук": Offer(("methods", "families", "discipline"), 2, "2 часа в неделю", "Стаж наставника — 10 лет"),
    "Петренко": Offer(("planning", "subject"), 1, "1 час в неделю"),
}
# The start-list: ready, never appointed yet.
NEW_MENTORS = {
    "Ильина": Offer(("methods", "special-needs"), 2, "понедельник после 13:00"),
    "Саркисян": Offer(("subject", "ict", "grading"), 1, "1 час в неделю", "Призёр конкурса цифровых уроков"),
    "Тимофеева": Offer(("families", "upbringing"), 1, "2 часа в месяц"),
}
MENTEES = {
    "Аверина": Wish(("discipline", "documents"), "Как войти в ритм первого года"),
    "Гаврилова": Wish(("grading", "planning"), "Честно оценивать устную речь"),
    "Барсуков": Wish(("subject", "methods"), "Как объяснять доказательства в седьмом классе"),
    "Мамедов": Wish(("methods", "activities"), "Ставить опыты на уроке и успевать программу", "", "Астрономия"),
    "Палий": Wish(("contests", "documents"), "Подготовиться к аттестации"),
    "Родионов": Wish(("talents", "motivation"), "Готовить учеников к олимпиаде по информатике"),
    "Филиппова": Wish(("upbringing", "families"), "Первый раз веду класс", "Опыт классного руководства"),
    "Уварова": Wish(("upbringing", "colleagues"), "Не выгореть в первые годы"),
}
NEW_MENTEES = {
    "Ефремова": Wish(("planning", "discipline"), "Строить урок так, чтобы слушали все", "Словесник", "Поэзия, походы"),
    "Жукова": Wish(("methods", "subject"), "Практические работы по химии без спешки"),
    "Лапина": Wish(("discipline", "families"), "Спокойный первый год с первоклассниками"),
}
WAITING = {
    "Черных": Wish(("upbringing", "documents"), "Проводить события школы, а не отчёты о них"),
    "Сафина": Wish(("families",), "Разговаривать с родителями без ссор"),
    "Орлова": Wish(("documents", "ict"), "Вести записи занятий в электронном журнале"),
}


def tell(story: Story) -> None:
    """Two years of the banks, up to what waits today."""
    with story.calendar.at(-424):
        add(story, BankRole.MENTOR, MENTORS)
        add(story, BankRole.MENTEE, MENTEES)
    with story.calendar.at(-72):
        add(story, BankRole.MENTEE, NEW_MENTEES)
    with story.calendar.at(-60):
        look_through(story, overlooked=("Сковорода", "Родионов"))
    with story.calendar.at(-45):
        add(story, BankRole.MENTOR, NEW_MENTORS)
        add(story, BankRole.MENTEE, WAITING)
        add(story, BankRole.MENTOR, {"Калинина": Offer(("activities",)), "Зайцев": Offer(("activities", "talents"))})
    with story.calendar.at(-14):
        people = {BankRole.MENTOR: ("Долгих", "Сидоренко"), BankRole.MENTEE: ("Щербакова",)}
        for role, names in people.items():
            open_cards(organisation=story.organisation, people=cards(story, names), role=role, actor=story.curator)
    results(story)
    goodbyes(story)


def cards(story: Story, names: Iterable[str]) -> list[Any]:
    return [story.cards[name] for name in names]


def add(story: Story, role: BankRole, people: dict[str, Any]) -> None:
    """Bring the people into the bank today and write their cards."""
    opened = open_cards(
        organisation=story.organisation,
        people=cards(story, people),
        role=role,
        actor=story.curator,
        enter=True,
    )
    words = {word.code: word.pk for word in DictionaryEntry.objects.filter(organisation=None, dictionary=of(role))}
    for card in opened:
        said = people[card.participant.surname]
        if isinstance(said, Offer):
            data = {"capacity": said.capacity, "time_resource": said.time, "achievements": said.achievements}
            data["competences"] = [words[code] for code in said.words]
        else:
            data = {"request": said.request, "difficulties": [words[code] for code in said.words]}
        form = BankCardForm({**data, "interests": said.interests, "wishes": said.wishes}, instance=card)
        if not form.is_valid():
            raise ValueError(f"{card}: {form.errors.as_text()}")
        change_card(form=form, actor=story.curator, checked=False)


def of(role: BankRole) -> str:
    return "competence" if role == BankRole.MENTOR else "difficulty"


def card_of(story: Story, surname: str, role: BankRole) -> BankCard:
    return BankCard.objects.get(participant=story.cards[surname], role=role)


def look_through(story: Story, *, overlooked: Iterable[str]) -> None:
    """The yearly look at the cards; two of them escape it."""
    here = BankCard.objects.filter(participant__organisation=story.organisation).standing()
    confirm_cards(cards=here.exclude(participant__surname__in=overlooked), actor=story.curator)


def results(story: Story) -> None:
    """What the finished programmes left; two mentors stay for longer."""
    closed = Pair.objects.filter(organisation=story.organisation, state=PairState.CLOSED).for_cards()
    with story.calendar.at(-129):
        for pair in closed:
            write_outcome(pair=pair, text=pair.closing_reason, actor=story.curator)
    with story.calendar.at(-55):
        for surname in ("Шевчук", "Петренко"):
            mark_long_term(card=card_of(story, surname, BankRole.MENTOR), actor=story.curator, value=True)


def goodbyes(story: Story) -> None:
    """A refusal, two cards put away, and help for whoever still waits."""
    with story.calendar.at(-30) as day:
        refuse_card(
            card=card_of(story, "Калинина", BankRole.MENTOR),
            actor=story.curator,
            refused_on=day,
            reason="заявление участника: большая нагрузка в этом году",
        )
        archive_card(
            card=card_of(story, "Зайцев", BankRole.MENTOR),
            actor=story.curator,
            reason="переходит на полставки",
        )
    with story.calendar.at(-28):
        archive_card(
            card=card_of(story, "Аверина", BankRole.MENTEE),
            actor=story.curator,
            reason="программа завершена, поддержка больше не нужна",
        )
        set_support(
            card=card_of(story, "Сафина", BankRole.MENTEE),
            actor=story.curator,
            support="педагог-психолог, консультации по средам",
        )


def tell_of_training(story: Story) -> None:
    """After the interviews: the selected mentors have been trained, all but the last."""
    with story.calendar.at(-3):
        selected = BankCard.objects.mentors().filter(
            participant__organisation=story.organisation, state=BankState.SELECTED
        )
        for card in list(selected.by_name())[:-1]:
            train_mentor(card=card, actor=story.curator)
