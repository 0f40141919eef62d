"""A whole order made of what the portal knows: every requisite stands where the paper of a school has it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import docx
import pytest
import time_machine
from docx.enum.text import WD_ALIGN_PARAGRAPH
from pypdf import PdfReader

from accounts.models import ActingHead, Body, Organisation
from core.documents.blocks import plain_text
from core.documents.parts import Acquaintance, Block, Heading, Item, Letterhead, Paragraph, Requisites, Signature, Stamp
from orders import services
from orders.documents import order_blocks
from orders.models import LegalAct, LocalAct, Order, OrderState, Protocol, Series
from orders.services.files import checked_content, draft_pdf
from roadmap.models import Item as RoadmapItem
from roadmap.models import Roadmap, Stage
from tests.orders.pages import letters

KIND = "regulation_and_roadmap"
MORNING = dt.datetime(2022, 9, 1, 6, tzinfo=dt.UTC)
# Neutral names; everything else is as a village school writes it.
VILLAGE = {
    "full_name": "Муниципальное бюджетное общеобразовательное учреждение\n"
    "«Средняя общеобразовательная школа № 4» с. Озёрное\nПриречного муниципального округа",
    "name": "МБОУ СОШ № 4 с. Озёрное",
    "place": "с. Озёрное",
    "head_post": "Директор",
    "head_name": "Образцов Виктор Васильевич",
    "head_gender": "m",
}
KINDERGARTEN = {
    "full_name": "Муниципальное бюджетное дошкольное образовательное учреждение\nдетский сад № 58",
    "name": "МБДОУ № 58",
    "place": "г. Приозёрск",
    "head_post": "Заведующий",
    "head_name": "Образцова Тамара Витальевна",
    "head_gender": "f",
}
ACT = "Положение о наставничестве педагогических работников МБОУ СОШ № 4 с. Озёрное"
MAP = "Дорожная карта наставничества на 2022-2023 учебный год"
TITLE = "Об утверждении Положения и дорожной карты в МБОУ СОШ № 4 с. Озёрное на 2022-2023 учебный год"
ANSWERS = {
    "title": TITLE,
    "purpose": "В целях развития наставничества педагогических работников",
    "basis": "",
    "effective_on": "2022-09-01",
    "control": "self",
    "responsible_name": "Примерова Светлана Николаевна",
    "responsible_post": "заместитель директора по учебно-воспитательной работе",
    "control_name": "",
    "control_post": "",
}
PREAMBLE = (
    "В целях развития наставничества педагогических работников, на основании приказа отдела образования "
    "от 29.08.2022 № 100, в соответствии с решением педагогического совета (протокол № 1 от 30.08.2022)"
)
# What the paper of the school has, from its first line to its last.
PAPER = {
    "header": VILLAGE["full_name"].split("\n"),
    "name of the kind": "ПРИКАЗ",
    "date": "01.09.2022",
    "number": "№ 71-б",
    "place": "с. Озёрное",
    "heading": TITLE,
    "preamble": PREAMBLE,
    "command": "ПРИКАЗЫВАЮ:",
    "clauses": [
        (1, "1. Утвердить и ввести в действие с «01» сентября 2022 г. прилагаемые документы:"),
        (2, f"– {ACT} (приложение 1);"),
        (2, f"– {MAP} (приложение 2)."),
        (
            1,
            "2. Назначить Примерову С. Н., заместителя директора по учебно-воспитательной работе, ответственным лицом "
            "за реализацию Положения и дорожной карты.",
        ),
        (1, "3. Контроль за исполнением приказа оставляю за собой."),
    ],
    "signature": ("Директор", "В. В. Образцов"),
    "acquaintance": ["С. Н. Примерова"],
    "appendices": [("1", "от 01.09.2022 № 71-б", ACT), ("2", "от 01.09.2022 № 71-б", MAP)],
}


@pytest.fixture
def first_of_september(people: Any) -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def village(school: Organisation) -> Organisation:
    Organisation.objects.filter(pk=school.pk).update(**VILLAGE)
    school.refresh_from_db()
    return school


def grounds(school: Organisation, people: Any) -> dict[str, list[int]]:
    """The order of the town and the minutes of the council, as their pages keep them."""
    act = LegalAct.objects.create(
        organisation=school.parent,
        level=LegalAct.Level.MUNICIPAL,
        form="приказ",
        issuer="Отдел образования",
        number="100",
        date=dt.date(2022, 8, 29),
        title="О наставничестве в школах округа",
        citation="приказа отдела образования от 29.08.2022 № 100",
    )
    body = Body.objects.create(organisation=school, kind=Body.Kind.PEDAGOGICAL_COUNCIL, name="Педагогический совет")
    minutes = Protocol.objects.create(
        organisation=school,
        body=body,
        number="1",
        held_on=dt.date(2022, 8, 30),
        chair=school.head_name,
        secretary="Примерова Светлана Николаевна",
        agenda="О наставничестве",
        decided="Поддержать",
        recorded_by=people.curator,
    )
    return {"acts": [act.pk], "protocols": [minutes.pk]}


def papers(school: Organisation) -> dict[str, int]:
    act = LocalAct.objects.create(
        organisation=school, title=ACT, text="1. Общие положения\n1.1. Наставничество добровольно."
    )
    roadmap = Roadmap.objects.create(
        organisation=school, title=MAP, starts_on=dt.date(2022, 9, 1), ends_on=dt.date(2023, 8, 31)
    )
    stage = Stage.objects.create(roadmap=roadmap, position=1, title="Подготовка условий")
    RoadmapItem.objects.create(
        stage=stage, position=1, text="Издать приказ", term="Сентябрь 2022", responsible="Директор"
    )
    return {"act": act.pk, "roadmap": roadmap.pk}


def drafted(school: Organisation, people: Any, client_of: Any) -> Order:
    """The draft as the curator's page makes it."""
    Series.objects.get_or_create(organisation=school, name="Основная деятельность", template="{n}-б")
    sent = {**ANSWERS, **grounds(school, people), **papers(school)}
    response = client_of(people.curator).post(f"/cabinet/orders/new/{KIND}/", sent)
    assert response.status_code == 302, response.context["form"].errors
    return Order.objects.get(kind=KIND)


@pytest.fixture
def order(first_of_september: None, village: Organisation, people: Any, client_of: Any) -> Order:
    order = drafted(village, people, client_of)
    services.submit_order(order=order, actor=people.curator)
    services.approve_order(order=order, number="71-б", date=dt.date(2022, 9, 1), actor=people.director)
    return order


def said(runs: Any) -> str:
    return "".join(run.text for run in runs).replace("\u00a0", " ")


def only(blocks: list[Block], kind: Any) -> Any:
    (found,) = [block for block in blocks if isinstance(block, kind)]
    return found


def requisites(blocks: list[Block]) -> dict[str, Any]:
    """The paper taken apart: what stands in the place of each requisite."""
    heads = [block for block in blocks if isinstance(block, Heading)]
    first = next(place for place, block in enumerate(blocks) if isinstance(block, Stamp | Signature))
    preamble, command = [block for block in blocks[:first] if isinstance(block, Paragraph)]
    line, signature = only(blocks, Requisites), only(blocks, Signature)
    return {
        "header": [said(runs) for runs in only(blocks, Letterhead).lines],
        "name of the kind": said(heads[0].runs),
        "date": said(line.date),
        "number": said(line.number),
        "place": said(line.place),
        "heading": said(heads[1].runs),
        "preamble": said(preamble.runs),
        "command": said(command.runs),
        "clauses": [
            (block.level, block.text.replace("\u00a0", " ")) for block in blocks[:first] if isinstance(block, Item)
        ],
        "signature": (said(signature.post), said(signature.name)),
        "acquaintance": [said(one.name) for one in only(blocks, Acquaintance).rows],
        "appendices": [appendix(blocks, place) for place, block in enumerate(blocks) if isinstance(block, Stamp)],
    }


def appendix(blocks: list[Block], place: int) -> tuple[str, str, str]:
    """Its number, the order that the stamp names, and its heading."""
    stamp, heading = blocks[place], blocks[place + 1]
    assert isinstance(stamp, Stamp)
    assert isinstance(heading, Heading)
    lines = [said(runs) for runs in stamp.lines]
    return lines[0].removeprefix("Приложение "), lines[-1], said(heading.runs)


def test_order_of_a_school_has_every_requisite(order: Order) -> None:
    found = requisites(order_blocks(order))
    assert {name: found[name] for name in PAPER if found[name] != PAPER[name]} == {}
    assert set(found) == set(PAPER)


def test_both_files_print_the_requisites_in_this_order(order: Order, people: Any) -> None:
    expected = letters(plain_text(order_blocks(order)))
    made = {
        form: checked_content(services.order_file(order=order, format=form, actor=people.director)).read()
        for form in ("pdf", "docx")
    }
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(made["pdf"])).pages]
    numbered = [text.rstrip().removesuffix(str(number)) for number, text in enumerate(pages, 1)]
    document = docx.Document(io.BytesIO(made["docx"]))
    typed = [node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t")]
    assert letters("\n".join([pages[0], *numbered[1:]])) == expected
    assert letters(" ".join(typed)) == expected
    assert [text.lstrip().splitlines()[0].strip() for text in pages[-2:]] in (
        ["Приложение 1", "Приложение 2"],
        ["2", "3"],  # the number of the page stands above
    )


def test_requisites_stand_on_the_sheet_as_the_standard_has_them(order: Order, people: Any) -> None:
    """Header and heading in the middle, the date on the left and the number on the right of one line."""
    word = checked_content(services.order_file(order=order, format="docx", actor=people.director))
    document = docx.Document(word)
    centred = [p.text.replace("\u00a0", " ") for p in document.paragraphs if p.alignment == WD_ALIGN_PARAGRAPH.CENTER]
    assert centred[:4] == [*PAPER["header"], "ПРИКАЗ"]
    row = next(p.text for p in document.paragraphs if "01.09.2022" in p.text and "№" in p.text)
    assert row.replace("\u00a0", " ").split("\t") == ["01.09.2022", "№ 71-б"]
    section = document.sections[0]
    margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert [round(margin.mm) for margin in margins] == [30, 10, 20, 20]


def test_draft_of_a_kindergarten_has_blanks_for_the_number_and_its_own_head(
    first_of_september: None, school: Organisation, people: Any, client_of: Any
) -> None:
    Organisation.objects.filter(pk=school.pk).update(**KINDERGARTEN)
    school.refresh_from_db()
    found = requisites(order_blocks(drafted(school, people, client_of)))
    named = {name: found[name] for name in ("header", "date", "number", "place", "signature")}
    assert named == {
        "header": KINDERGARTEN["full_name"].split("\n"),
        "date": "«____» ______________ 20___ г.",
        "number": "№ _______",
        "place": "г. Приозёрск",
        "signature": ("Заведующий", "Т. В. Образцова"),
    }
    assert {stamp for _, stamp, _ in found["appendices"]} == {"от ___.___.20___ № _____"}


def test_draft_is_marked_and_the_approved_order_is_not(order: Order, people: Any) -> None:
    approved = PdfReader(checked_content(services.order_file(order=order, format="pdf", actor=people.director)))
    order.state = OrderState.SUBMITTED
    marked = PdfReader(io.BytesIO(draft_pdf(order)))
    found = [{"ПРОЕКТ" in page.extract_text() for page in reader.pages} for reader in (approved, marked)]
    assert found == [{False}, {True}]


def test_acting_head_signs_in_place_of_the_head(
    first_of_september: None, village: Organisation, people: Any, client_of: Any
) -> None:
    order = drafted(village, people, client_of)
    assert requisites(order_blocks(order))["signature"] == PAPER["signature"]
    day = dt.date(2022, 9, 1)
    ActingHead.objects.create(
        organisation=village, full_name="Примерова Светлана Николаевна", gender="f", starts_on=day, ends_on=day
    )
    services.submit_order(order=order, actor=people.curator)
    services.approve_order(order=order, number="71-б", date=day, actor=people.director)
    assert requisites(order_blocks(order))["signature"] == ("И. о. директора", "С. Н. Примерова")
