"""A real order of a school: its requisites and clauses come out as they stand on the school's own paper."""

from __future__ import annotations

import datetime as dt
import io

import docx
import pypdf
import pytest

from accounts.models import Organisation
from orders import services
from orders.services.files import checked_content
from tests.orders.pages import letters

SCHOOL = (
    "Муниципальное бюджетное общеобразовательное учреждение\n"
    "«Средняя общеобразовательная школа № 4» с. Октябрьское\n"
    "Ханкайского муниципального округа Приморского края"
)
TITLE = (
    "Об утверждении положения о системе наставничества, дорожной карты (плана мероприятий) "
    "в МБОУ СОШ № 4 с. Октябрьское на 2022-2023 учебный год"
)
LINES = [
    *SCHOOL.split("\n"),
    "ПРИКАЗ",
    "01.09.2022",
    "№ 71-б",
    "с. Октябрьское",
    TITLE,
    "В целях внедрения системы наставничества педагогических работников и на основании приказа от 29.08.2022 г. № 100 "
    "«О внедрении (целевой модели) наставничества в общеобразовательных организациях Ханкайского муниципального "
    "округа», в соответствии с решением педагогического совета МБОУ СОШ № 4 с. Октябрьское от 30.08.2022 г. "
    "(Протокол № 1)",
    "ПРИКАЗЫВАЮ:",
    "1. Ввести с «01» сентября 2022 г. в действие:",
    "Положение о системе наставничества педагогических работников МБОУ СОШ № 4 с. Октябрьское (Приложение 1);",
    "Дорожная карта (план мероприятий) по реализации Положения (Приложение 2).",
    "2. Ответственным назначить Теслину С.Н., заместителя директора по учебно-воспитательной работе.",
    "3. Контроль за исполнением приказа оставляю за собой.",
    "Директор",
    "В. В. Лычагин",
]


@pytest.fixture
def order(school, approved):
    Organisation.objects.filter(pk=school.pk).update(
        full_name=SCHOOL,
        name="МБОУ СОШ № 4 с. Октябрьское",
        place="с. Октябрьское",
        head_name="Лычагин В.В.",
        head_gender="m",
        head_post="Директор",
    )
    school.refresh_from_db()
    return approved(
        "71-б",
        dt.date(2022, 9, 1),
        title=TITLE,
        purpose="В целях внедрения системы наставничества педагогических работников",
        basis=[
            "и на основании приказа от 29.08.2022 г. № 100 «О внедрении (целевой модели) наставничества "
            "в общеобразовательных организациях Ханкайского муниципального округа»",
            "в соответствии с решением педагогического совета МБОУ СОШ № 4 с. Октябрьское от 30.08.2022 г. "
            "(Протокол № 1)",
        ],
        effective_on="2022-09-01",
        responsible_name="Теслина С.Н.",
        responsible_post="заместитель директора по учебно-воспитательной работе",
        responsible_gender="f",
        papers=[
            "Положение о системе наставничества педагогических работников МБОУ СОШ № 4 с. Октябрьское",
            "Дорожная карта (план мероприятий) по реализации Положения",
        ],
    )


def test_real_order_prints_its_requisites_and_clauses_in_both_formats(order, people):
    pdf = checked_content(services.order_file(order=order, format="pdf", actor=people.director))
    word = checked_content(services.order_file(order=order, format="docx", actor=people.director))
    printed = letters("\n".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages))
    typed = letters(words(docx.Document(io.BytesIO(word.read()))))
    for text in (printed, typed):
        assert [line for line in LINES if letters(line) not in text] == []
    for number in (1, 2):
        assert letters(f"Приложение {number} к приказу от 01.09.2022 № 71-б") in printed


def words(document):
    """The text of every paragraph, those in tables included."""
    paragraphs = [node for node in document.element.body.iter() if node.tag.endswith("}p")]
    return "\n".join("".join(part.text or "" for part in node.iter() if part.tag.endswith("}t")) for node in paragraphs)
