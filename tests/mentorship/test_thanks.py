"""Letters of thanks: whom and for what, several in a file, editable before printing, one entry of the history."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from docx import Document
from PIL import Image
from pypdf import PdfReader

from accounts.models import Organisation, Partner
from accounts.permissions import Forbidden
from core.models import JournalEntry
from mentorship.documents.thanks import DIPLOMA, LETTER, Letter, letter_to, letter_to_partner, thanks_file
from mentorship.models import Participant
from mentorship.services.thanks import make_thanks
from orders import services
from orders.models import Letterhead, Order
from tests.core.document_words import docx_words, pdf_words
from tests.mentorship.builders import approve, card, day
from tests.orders.conftest import params

GROUNDS = "за помощь молодым учителям"
NEW, PRINT = reverse("thanks_new"), reverse("thanks_print")


@pytest.fixture
def rewarded(school: Organisation, people: SimpleNamespace, mentor, second) -> Order:
    """An approved order on rewards for two people."""
    chosen = params(people=[mentor.pk, second.pk], award="gratitude", grounds=GROUNDS)
    order = services.draft_order(organisation=school, kind="rewards", params=chosen, actor=people.curator)
    services.submit_order(order=order, actor=people.curator)
    return approve(order, people, "5")


def asked(*people: Participant, **more: Any) -> str:
    values = {"kind": LETTER, "grounds": GROUNDS, "people": [one.pk for one in people], **more}
    return f"{PRINT}?{urlencode(values, doseq=True)}"


def sent(page: Any, **changed: str) -> dict[str, str]:
    """The form of the page as it stands, with changes."""
    form = page.context["form"]
    values = {name: form[name].initial for name in form.fields}
    return {**values, **changed}


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


# --- The paper --------------------------------------------------------------------------------------------------------
def test_letter_is_addressed_in_the_dative(mentor) -> None:
    letter = letter_to(mentor, LETTER, GROUNDS)
    assert (letter.to, letter.post) == ("Вересковой Алле Петровне", "учителю математики")
    assert letter.paragraphs == [
        f"МБОУ «Школа № 17» г. Приозёрска благодарит Вас {GROUNDS}.",
        "Желаем Вам здоровья, бодрости и новых профессиональных успехов!",
    ]


def test_certificate_says_only_what_for(mentor) -> None:
    assert letter_to(mentor, DIPLOMA, GROUNDS).text == GROUNDS


def test_partner_is_thanked_by_its_title(school) -> None:
    partner = Partner(organisation=school, title="ГБПОУ «Колледж»")
    letter = letter_to_partner(partner, school, LETTER, GROUNDS)
    assert (letter.to, letter.post) == ("ГБПОУ «Колледж»", "коллективу организации")


def test_several_letters_are_one_file_with_a_sheet_each(school, mentor, second) -> None:
    letters = [letter_to(person, LETTER, GROUNDS) for person in (mentor, second)]
    (name, pdf), (_, docx) = (thanks_file(school, LETTER, letters, form, day(0)) for form in ("pdf", "docx"))
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert name == f"Благодарственные письма — {day(0):%d.%m.%Y}.pdf"
    assert [("Вересковой" in text, "Осокиной" in text) for text in pages] == [(True, False), (False, True)]
    assert pdf_words(pdf) == docx_words(docx)


def test_sheets_have_no_numbers_and_each_has_the_emblem(school, mentor, second) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "navy").save(picture, "PNG")
    school.emblem.save("emblem.png", ContentFile(picture.getvalue()))
    Letterhead.objects.create(organisation=school, with_emblem=True)
    letters = [letter_to(person, LETTER, GROUNDS) for person in (mentor, second)]
    pdf, docx = (thanks_file(school, LETTER, letters, form, day(0))[1] for form in ("pdf", "docx"))
    sheets = PdfReader(io.BytesIO(pdf)).pages
    assert [(len(page.images), page.extract_text().strip()[:1].isdigit()) for page in sheets] == [(1, False)] * 2
    document = Document(io.BytesIO(docx))
    assert (len(document.inline_shapes), "PAGE" in document.sections[0].header._element.xml) == (2, False)


def test_text_of_the_user_is_no_markup(school) -> None:
    letters = [Letter("<b>Вера</b>", "", "<hr class='page'>\n<script>1</script>")]
    pdf = thanks_file(school, LETTER, letters, "pdf", day(0))[1]
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert [part for part in ("<b>Вера</b>", "<script>1</script>") if part not in text] == []


# --- Making -----------------------------------------------------------------------------------------------------------
def make(people: SimpleNamespace, school: Organisation, *thanked: Participant, **more: Any) -> tuple[str, bytes]:
    values: dict[str, Any] = {
        "organisation": school,
        "kind": LETTER,
        "letters": [letter_to(person, LETTER, GROUNDS) for person in thanked],
        "form": "pdf",
        "basis": "",
        "people": thanked,
        "actor": people.curator,
    }
    return make_thanks(**{**values, **more})


def test_one_making_is_one_entry(school, mentor, second, people) -> None:
    make(people, school, mentor, second, basis="Приказ от 01.09.2026 № 5")
    entry = JournalEntry.objects.get(event="mentorship.thanks.make")
    assert (entry.subject_id, entry.scope, entry.text) == (
        school.pk,
        school.pk,
        "Благодарственные письма, подготовлено к печати: Вересковой Алле Петровне, Осокиной Марии Ильиничне. "
        "Приказ от 01.09.2026 № 5.",
    )


def test_letter_to_one_person_stands_in_their_history(school, mentor, people) -> None:
    make(people, school, mentor)
    assert list(JournalEntry.objects.about(mentor).values_list("event", flat=True)) == ["mentorship.thanks.make"]


def test_only_curator_and_head_make_letters(school, mentor, people) -> None:
    make(people, school, mentor, actor=people.director)
    for actor in (people.teacher, people.stranger):
        with pytest.raises(Forbidden):
            make(people, school, mentor, actor=actor)


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_order_on_rewards_fills_the_choice_and_the_basis(rewarded: Order, mentor, second, people, client_of) -> None:
    client = client_of(people.curator)
    assert f"?order={rewarded.pk}" in client.get(NEW).content.decode()
    initial = client.get(f"{NEW}?order={rewarded.pk}").context["form"].initial
    assert (set(initial["people"]), initial["grounds"], initial["kind"]) == ({mentor.pk, second.pk}, GROUNDS, LETTER)
    url = asked(mentor, second, order=rewarded.pk)
    made = client.post(url, sent(client.get(url)))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content(made))).pages)
    assert text.count(f"Приказ {rewarded.requisites}") == 2


def test_letter_is_changed_before_printing(mentor, people, client_of) -> None:
    client, url = client_of(people.director), asked(mentor)
    page = client.get(url)
    made = client.post(url, sent(page, to_0="Алле Петровне", post_0="", text_0="Спасибо!\nВсем.", format="docx"))
    counted = docx_words(content(made))
    assert [counted[word] for word in ("Спасибо!", "Всем.", "Вересковой", "учителю")] == [1, 1, 0, 0]


def test_nothing_chosen_is_said_beside_the_list(mentor, people, client_of) -> None:
    page = client_of(people.curator).get(f"{PRINT}?kind=letter&grounds=за")
    assert (page.status_code, page.context["form"].errors["people"]) == (
        200,
        ["Отметьте хотя бы одного человека или партнёра."],
    )


@pytest.mark.parametrize(
    "query", ["people=x", "people=99999999999999999999", "order=x", "order=99999999999999999999", "kind=x", ""]
)
def test_bad_address_is_no_failure(mentor, people, client_of, query: str) -> None:
    client = client_of(people.curator)
    assert [client.get(f"{url}?{query}").status_code for url in (NEW, PRINT)] == [200, 200]


def test_empty_and_endless_letters_are_refused(mentor, people, client_of) -> None:
    client, url = client_of(people.curator), asked(mentor)
    page = client.get(url)
    answer = client.post(url, sent(page, to_0="", text_0="\n".join("абвгдеёжзик")))
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (200, ["text_0", "to_0"])
    assert JournalEntry.objects.filter(event="mentorship.thanks.make").count() == 0


def test_doubtful_name_is_marked(school, people, reference, client_of) -> None:
    person = card(school, "Кваша Игорь Ильич", forms_checked=False)
    page = client_of(people.curator).get(asked(person))
    assert "просклонять неверно" in page.content.decode()


def test_people_of_another_school_cannot_be_chosen(other_school, mentor, people, client_of) -> None:
    stranger = card(other_school, "Канарейкина Анна Ильинична")
    page = client_of(people.curator).get(asked(stranger))
    assert "people" in page.context["form"].errors
    assert "Канарейкина" not in page.content.decode()


def test_another_schools_order_fills_nothing(rewarded: Order, people, client_of) -> None:
    page = client_of(people.stranger).get(f"{NEW}?order={rewarded.pk}")
    assert (page.context["form"].initial["people"], "Верескова" in page.content.decode()) == ([], False)


def test_pages_answer_by_role(mentor, people, client_of) -> None:
    mentor.user = people.teacher
    mentor.save(update_fields=["user"])
    roles = ("curator", "director", "inspector", "teacher", "municipal")
    found = {name: [client_of(getattr(people, name)).get(url).status_code for url in (NEW, PRINT)] for name in roles}
    assert found == {
        "curator": [200, 200],
        "director": [200, 200],
        "inspector": [403, 403],
        "teacher": [403, 403],
        "municipal": [403, 403],
    }


def test_card_leads_to_the_letter(mentor, people, client_of) -> None:
    html = client_of(people.curator).get(reverse("participant_detail", args=[mentor.pk])).content.decode()
    assert f"{NEW}?people={mentor.pk}" in html


def test_choice_costs_the_same_with_one_person_and_with_three(school, mentor, people, client_of, queries) -> None:
    client = client_of(people.curator)
    first = queries(client, NEW)
    for name in ("Лисин Олег Ильич", "Зайцев Олег Ильич"):
        card(school, name)
    assert queries(client, NEW) == first
