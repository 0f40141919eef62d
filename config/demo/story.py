"""Two years in the life of the demo school, lived through the same services that the pages call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.base import ContentFile

from accounts.models import Organisation, User
from config.demo import programmes, texts
from config.demo.clock import Calendar
from config.demo.people import LAST_YEAR, RIVER_STAFF, THIS_YEAR, Teacher
from core.documents.blocks import read_blocks
from core.documents.page import PageSetup
from core.documents.pdf import to_pdf
from core.russian import school_year
from mentorship.forms.participants import ParticipantForm
from mentorship.models import Consent, ConsentKind, DictionaryEntry, Pair, Participant, PublicField, Resource
from mentorship.services.consent_papers import Signed
from mentorship.services.consents import record_consent, withdraw_consent
from mentorship.services.pairs import PairPlan, close_pair, create_pair, dissolve_pair
from mentorship.services.participants import add_participant, confirm_forms
from orders.models import LocalAct, Order
from orders.services import approve_order, draft_order, make_files, return_order, submit_order
from orders.services.acquaintance import mark_signed
from roadmap.models import Item, Roadmap, Stage
from roadmap.services import add_item, add_stage, create_roadmap, mark_item

NAME_AND_POST = (PublicField.NAME.value, PublicField.POST.value)
PURPOSE = "В целях развития наставничества педагогических работников"
MENTOR_TERMS = {
    "content": "программа работы, встречи и разбор уроков, помощь в документах",
    "term": "на срок, на который пару закрепит приказ",
    "form": "педагог – педагог, традиционная пара или группа",
    "pay": "10 % оклада ежемесячно, по дополнительному соглашению",
}


class Story:
    """One school told by its curator and director; people are called by their surnames."""

    def __init__(self, calendar: Calendar, organisation: Organisation, curator: User, director: User) -> None:
        self.calendar, self.organisation = calendar, organisation
        self.curator, self.director = curator, director
        self.cards: dict[str, Participant] = {}

    def word(self, code: str) -> DictionaryEntry:
        return DictionaryEntry.objects.get(organisation=None, code=code)

    def hire(self, staff: Iterable[Teacher], users: dict[str, User], offset: int) -> None:
        """Open a card for everybody on the staff list; doubtful names are looked at the same day."""
        with self.calendar.at(offset):
            for person in staff:
                self.cards[person.full_name.split()[0]] = self.card(person, users.get(person.login))

    def card(self, person: Teacher, user: User | None) -> Participant:
        surname, given_name, *rest = person.full_name.split()
        since = self.calendar.today - dt.timedelta(days=366 * person.years + 80)
        data = {
            "surname": surname,
            "given_name": given_name,
            "patronymic": " ".join(rest),
            "gender": person.gender,
            "category": "teacher",
            "qualification": person.qualification,
            "works_since": since.isoformat(),
            "birth_year": since.year - 23,
            "user": user.pk if user else "",
        }
        form = ParticipantForm(data, instance=Participant(organisation=self.organisation))
        if not form.is_valid():
            raise ValueError(f"{person.full_name}: {form.errors.as_text()}")
        first_day = max(since, dt.date(2000, 9, 1))
        post = {"title": person.post, "starts_on": first_day, "subjects": person.subjects}
        card = add_participant(form=form, actor=self.curator, post=post)
        confirm_forms(participant=card, actor=self.curator, forms=card.forms)
        return card

    def agree(
        self, surname: str, kind: str, *, pair: Pair | None = None, shown: Sequence[str] = (), **more: Any
    ) -> Consent:
        """A consent signed on paper today; the paper lies in the curator's safe."""
        day = more.pop("signed_on", None) or dt.date.today()  # noqa: DTZ011 - the clock of the demo
        more.setdefault("original_place", "сейф куратора, папка «Согласия»")
        if kind == ConsentKind.DISSEMINATION:
            more.setdefault("resources", [Resource.SECTION.value, Resource.MUNICIPAL.value])
        if kind == ConsentKind.MENTOR:
            more.setdefault("terms", MENTOR_TERMS)
        signed = Signed(answer="given", signed_on=day, method="paper", shown=shown, **more)
        return record_consent(participant=self.cards[surname], kind=kind, signed=signed, actor=self.curator, pair=pair)

    def scan(self, text: str) -> ContentFile:
        """A paper that somebody has signed and scanned."""
        paper = to_pdf(read_blocks(f"<h1>СОГЛАСИЕ</h1><p>{text}</p>"), PageSetup(title="Согласие"))
        return ContentFile(paper, name="Согласие.pdf")

    def consents(self, surnames: Iterable[str], kind: str, offset: int, **more: Any) -> None:
        with self.calendar.at(offset):
            for surname in surnames:
                self.agree(surname, kind, **more)

    def pair(
        self,
        mentor: str,
        mentees: Sequence[str],
        direction: str,
        first: int,
        last: int,
        *,
        kind: str = "traditional",
        form: str = "teacher-young",
        goal: str = "",
        agreed: bool = True,
    ) -> Pair:
        """Form a pair today; with `agreed` every mentee signs at once."""
        plan = PairPlan(
            mentor=self.cards[mentor],
            mentees=[self.cards[name] for name in mentees],
            form=self.word(form),
            kinds=[self.word("group" if len(mentees) > 1 else kind)],
            direction=self.word(direction),
            starts_on=self.calendar.day(first),
            ends_on=self.calendar.day(last),
            goal=goal,
        )
        pair = create_pair(organisation=self.organisation, plan=plan, actor=self.curator)
        for name in mentees if agreed else ():
            self.agree(name, ConsentKind.PAIR, pair=pair)
        return pair

    def draft(self, kind: str, title: str, **params: Any) -> Order:
        common: dict[str, Any] = {
            "title": title,
            "purpose": PURPOSE,
            "basis": [],
            "control": "self",
            "effective_on": None,
            **{f"{who}_{part}": "" for who in ("responsible", "control") for part in ("name", "post", "gender")},
        }
        return draft_order(organisation=self.organisation, kind=kind, params={**common, **params}, actor=self.curator)

    def pairs_order(self, pairs: Sequence[Pair]) -> Order:
        return self.draft("pairs", "О закреплении наставнических пар", pairs=[pair.pk for pair in pairs])

    def approve(self, order: Order, number: str, offset: int, *, signed: bool = True) -> Order:
        """Submit in the morning, approve by noon of the same day; the papers are ready at once.

        With `signed` everybody whom it names has put their name on the sheet by the evening.
        """
        with self.calendar.at(offset, hour=10):
            submit_order(order=order, actor=self.curator)
        with self.calendar.at(offset, hour=12) as day:
            approve_order(order=order, number=number, date=day, actor=self.director)
            make_files.call(order_id=order.pk)
        if signed:
            with self.calendar.at(offset, hour=17) as day:
                rows = order.acquaintances.values_list("pk", flat=True)
                mark_signed(order=order, rows=list(rows), day=day, actor=self.curator)
        return order

    def regulation(self, offset: int, number: str, *, act: LocalAct | None, roadmap: Roadmap | None) -> Order:
        """The order on the Положение and the roadmap."""
        with self.calendar.at(offset, hour=9) as day:
            title = f"Об утверждении документов о наставничестве на {school_year(day + dt.timedelta(60))} учебный год"
            order = self.draft(
                "regulation_and_roadmap",
                title,
                act=act.pk if act else None,
                roadmap=roadmap.pk if roadmap else None,
                basis=[f"решения педагогического совета от {self.calendar.day(offset - 2):%d.%m.%Y}, протокол № 1"],
                responsible_name=self.curator.full_name,
                responsible_post="заместитель директора по учебно-воспитательной работе",
            )
        return self.approve(order, number, offset)

    def plan(self, offset: int, number: str, roadmap: Roadmap) -> Order:
        """The order on the plan of a year alone: the Положение stays as it is."""
        with self.calendar.at(offset, hour=9) as day:
            year = school_year(day + dt.timedelta(60))
            order = self.draft(
                "plan",
                f"Об утверждении плана работы по наставничеству на {year} учебный год",
                roadmap=roadmap.pk,
                basis=[f"решения педагогического совета от {self.calendar.day(offset - 2):%d.%m.%Y}, протокол № 1"],
                responsible_name=self.curator.full_name,
                responsible_post="заместитель директора по учебно-воспитательной работе",
            )
        return self.approve(order, number, offset)

    def write_roadmap(self, offset: int, shift: int) -> Roadmap:
        """A roadmap of six stages; `shift` moves its terms to another year."""
        with self.calendar.at(offset) as day:
            first, last = self.calendar.day(shift - 100), self.calendar.day(shift + 200)
            title = f"Дорожная карта наставничества на {school_year(day + dt.timedelta(60))} учебный год"
            roadmap = create_roadmap(
                organisation=self.organisation,
                title=title,
                starts_on=first,
                ends_on=last,
                like=None,
                actor=self.curator,
            )
            for name, result, items in texts.STAGES:
                stage = add_stage(roadmap=roadmap, stage=Stage(title=name, result=result), actor=self.curator)
                for text, start, end, duty in items:
                    add_item(stage=stage, item=self.item(text, start, end, duty, shift), actor=self.curator)
        return roadmap

    def item(self, text: str, start: int | None, end: int | None, duty: str, shift: int) -> Item:
        people = {"Директор": self.director, "Куратор": self.curator}
        return Item(
            text=text,
            responsible=duty,
            responsible_user=people.get(duty),
            starts_on=None if start is None else self.calendar.day(shift + start),
            due_on=None if end is None else self.calendar.day(shift + end),
        )

    def mark_done(self, roadmap: Roadmap, *, late: Sequence[str]) -> None:
        """Mark what was due by today, except the named items, which stay overdue."""
        items = Item.objects.filter(stage__roadmap=roadmap, due_on__lt=self.calendar.today).select_related(
            "stage__roadmap"
        )
        for item in items:
            if not any(item.text.startswith(words) for words in late) and item.due_on:
                with self.calendar.at((item.due_on - self.calendar.today).days - 1) as day:
                    mark_item(item=item, done_on=day, done_note="", actor=self.curator)


def last_year(story: Story) -> None:
    everybody = [name for name in story.cards if name not in ("Долгих", "Щербакова", "Сидоренко")]
    story.consents(everybody, ConsentKind.PROCESSING, -428)
    mentors = [
        "Шевчук",
        "Петренко",
        "Константинопольская-Добровольская",
        "Гнедых",
        "Ткач",
        "Соловьёва",
        "Хасанов",
        "Цой",
        "Якушева",
        "Власенко",
        "Сковорода",
    ]
    story.consents(mentors, ConsentKind.MENTOR, -427)
    with story.calendar.at(-426):
        story.agree("Бондаренко", ConsentKind.MENTOR, scan=story.scan("Согласна работать наставником."))
    shown = [
        "Бондаренко",
        "Константинопольская-Добровольская",
        "Гнедых",
        "Ткач",
        "Соловьёва",
        "Шевчук",
        "Петренко",
        "Барсуков",
    ]
    story.consents(shown, ConsentKind.DISSEMINATION, -426, shown=(*NAME_AND_POST, PublicField.EXPERIENCE.value))
    with story.calendar.at(-425):
        act = LocalAct.objects.create(
            organisation=story.organisation, title=texts.REGULATION_TITLE, text=texts.REGULATION
        )
    roadmap = story.write_roadmap(-424, -340)
    story.regulation(-422, "41-од", act=act, roadmap=roadmap)
    story.mark_done(roadmap, late=())
    with story.calendar.at(-421):
        pairs = [
            story.pair(mentor, mentees, direction, -420, last, goal=goal)
            for mentor, mentees, direction, last, goal in LAST_YEAR
        ]
        order = story.pairs_order(pairs)
    story.approve(order, "44-од", -421)
    programmes.tell_last_year(story, pairs)
    for pair in pairs:
        with story.calendar.at(-130):
            pair.refresh_from_db()
            close_pair(pair=pair, reason="Программа выполнена в полном объёме.", actor=story.curator)


def this_year(story: Story) -> None:
    with story.calendar.at(-201):
        overdue = story.pair(
            "Якушева",
            ["Палий"],
            "certification",
            -200,
            -10,
            form="teacher-teacher",
            goal="Подготовиться к аттестации на первую категорию",
        )
        order = story.pairs_order([overdue])
    story.approve(order, "29-од", -200)
    roadmap = story.write_roadmap(-88, 0)
    story.plan(-80, "52-од", roadmap)
    story.consents(["Ефремова", "Жукова", "Лапина"], ConsentKind.PROCESSING, -74)
    story.consents(["Ефремова", "Лапина"], ConsentKind.DISSEMINATION, -73, shown=NAME_AND_POST)
    with story.calendar.at(-68):
        pairs = [
            story.pair(mentor, mentees, direction, -65, last, goal=goal)
            for mentor, mentees, direction, last, goal in THIS_YEAR
        ]
        order = story.pairs_order(pairs)
    story.approve(order, "58-од", -66)
    with story.calendar.at(-24):
        digital = story.pair("Ткач", ["Родионов"], "digital-tools", -20, 160, goal="Олимпиадная информатика")
        order = story.pairs_order([digital])
    story.approve(order, "67-од", -22, signed=False)
    story.mark_done(roadmap, late=("Провести собеседования", "Получить письменные согласия"))
    with story.calendar.at(-12):
        consent = Consent.objects.get(participant=story.cards["Шевчук"], kind=ConsentKind.DISSEMINATION)
        withdraw_consent(
            consent=consent, actor=story.curator, withdrawn_on=story.calendar.day(-12), reason="Заявление от участника"
        )


def unfinished_business(story: Story) -> None:
    """What waits on the desks on the day of the demo: to approve, to correct, to collect, to decide."""
    with story.calendar.at(-9):
        waiting = story.pair("Цой", ["Жукова"], "subject-methods", 5, 190, goal="Практические работы по химии")
        order = story.pairs_order([waiting])
    with story.calendar.at(-7):
        submit_order(order=order, actor=story.curator)
    with story.calendar.at(-6):
        corrected = story.pair("Власенко", ["Гаврилова"], "assessment", 3, 200, goal="Оценивание устной речи")
        order = story.pairs_order([corrected])
        submit_order(order=order, actor=story.curator)
    with story.calendar.at(-3):
        return_order(order=order, remark="Уточните срок окончания и добавьте основание.", actor=story.director)
    with story.calendar.at(-2):
        story.pair("Сковорода", ["Черных"], "class-teacher", 10, 200, agreed=False, goal="Воспитательные события школы")
        story.pair("Долгих", ["Щербакова"], "inclusion", 10, 180, form="teacher-teacher", agreed=False)
        refused = story.pair("Тимофеева", ["Сафина"], "parents", 10, 160, form="teacher-teacher", agreed=False)
    with story.calendar.at(-1):
        create_roadmap(
            organisation=story.organisation,
            title="Дорожная карта наставничества на следующий учебный год",
            starts_on=story.calendar.day(260),
            ends_on=story.calendar.day(560),
            like=Roadmap.objects.approved().filter(organisation=story.organisation).latest("starts_on"),
            actor=story.curator,
        )
        dissolve_pair(pair=refused, actor=story.curator, reason="Участники выбрали разные направления")
        act = LocalAct.objects.create(
            organisation=story.organisation,
            kind=LocalAct.Kind.INCENTIVES,
            title="Порядок поощрения наставников МБОУ «Школа № 17» г. Приозёрска",
            text="1. Наставник может быть представлен к поощрению по итогам работы пары.\n"
            "2. Виды поощрения: благодарность, дополнительные дни отдыха, выплата.",
        )
        title = "Об утверждении порядка поощрения наставников"
        story.draft("regulation_and_roadmap", title, act=act.pk, roadmap=None)
    with story.calendar.at(-1):
        LocalAct.objects.create(
            organisation=story.organisation,
            kind=LocalAct.Kind.COUNCIL,
            title="Положение о совете наставников МБОУ «Школа № 17» г. Приозёрска",
            text="1. Общие положения\n1.1. Совет помогает куратору готовить пары и разбирать трудные случаи.",
        )


def other_school(story: Story, users: dict[str, User]) -> None:
    story.consents(story.cards, ConsentKind.PROCESSING, -199)
    story.consents(["Громов", "Ежова"], ConsentKind.MENTOR, -198)
    story.consents(["Громов", "Кравец"], ConsentKind.DISSEMINATION, -197, shown=NAME_AND_POST)
    with story.calendar.at(-110):
        act = LocalAct.objects.create(
            organisation=story.organisation,
            title="Положение о наставничестве МБОУ «Лицей № 3» г. Приозёрска",
            text="1. Наставничество в лицее добровольно.\n2. Пары закрепляются приказом директора.",
        )
    story.regulation(-90, "", act=act, roadmap=story.write_roadmap(-105, 0))
    with story.calendar.at(-85):
        order = story.pairs_order([story.pair("Громов", ["Кравец"], "subject-methods", -80, 180)])
    story.approve(order, "", -83)
    story.hire([person for person in RIVER_STAFF if not person.years], users, -70)
    story.consents(["Ларина"], ConsentKind.PROCESSING, -69)
    with story.calendar.at(-4):
        order = story.pairs_order([story.pair("Ежова", ["Ларина"], "entering-profession", 2, 190)])
        submit_order(order=order, actor=story.curator)
