"""Addenda to employment contracts: what the paper says, who records it, what the order about pairs sees of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.attention import queue_for
from accounts.models import ActingHead
from accounts.permissions import Forbidden
from core.documents.blocks import plain_text, read_blocks
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.documents.addenda import AddendumFacts, addendum_blank_file, addendum_html, known_terms
from mentorship.models import (
    Addendum,
    Category,
    ConsentKind,
    LabourRules,
    Pair,
    Participant,
    addendum_warnings,
    bases_of,
)
from mentorship.order_kinds.pairs import pairs_effects, pairs_obstacles
from mentorship.services.addenda import end_addendum, record_addendum
from tests.core.document_words import docx_words, pdf_words
from tests.mentorship.builders import agree, card, day, draft
from tests.mentorship.labour import TERMS, addendum, at_work, iso, signed

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<<>>\n%%EOF"
)


def words(html: str) -> str:
    return plain_text(read_blocks(html))


def posted(**more: str) -> dict[str, str]:
    terms = {f"term_{name}": text for name, text in TERMS.items()}
    return {"number": "3", "signed_on": iso(day(-5)), "original_place": "отдел кадров", **terms, **more}


@pytest.fixture
def agreed(mentor: Participant, people: SimpleNamespace) -> Participant:
    agree(mentor, ConsentKind.MENTOR, people.curator, terms=TERMS)
    return mentor


# --- The paper --------------------------------------------------------------------------------------------------------
def test_paper_names_both_sides_in_their_cases_and_what_is_agreed(agreed) -> None:
    text = words(addendum_html(agreed, AddendumFacts(terms=known_terms(agreed, None, day(0)))))
    needed = [
        "в лице директора Громовой Елены Павловны, действующей на основании устава",
        "Верескова Алла Петровна, учитель математики",
        f"согласию от {day(-20):%d.%m.%Y}",
        "351.8",
        *TERMS.values(),
        "за три рабочих дня",
        "ИНН 1234567890",
        "паспорт: ___",
    ]
    assert [part for part in needed if part not in text] == []


def test_acting_head_signs_without_the_charter(agreed, school) -> None:
    ActingHead.objects.create(
        organisation=school, full_name="Рябинин Пётр Сергеевич", gender="m", starts_on=day(-1), ends_on=day(1)
    )
    text = words(addendum_html(agreed, AddendumFacts()))
    assert ("Рябинина Петра Сергеевича" in text, "на основании устава" in text) == (True, False)


def test_blank_takes_what_the_pair_knows_where_nothing_is_agreed(pair: Pair) -> None:
    terms = known_terms(pair.mentor, pair, day(0))
    assert terms == {
        "content": "помощь коллеге по направлению «вхождение в профессию»",
        "term": f"с {pair.starts_on:%d.%m.%Y} по {pair.ends_on:%d.%m.%Y}",
        "form": str(pair.form),
    }


def test_both_files_say_the_same_words(agreed) -> None:
    (name, pdf), (_, docx) = (addendum_blank_file(agreed, form, pair=None) for form in ("pdf", "docx"))
    assert name == "Дополнительное соглашение — Верескова А. П, бланк.pdf"
    assert pdf_words(pdf) == docx_words(docx)


def test_text_of_the_user_is_no_markup(agreed) -> None:
    said = AddendumFacts(number="<b>1</b>", contract="<table>", terms={"pay": "<script>5</script> & ещё"})
    text = words(addendum_html(agreed, said))
    assert [part for part in ("<b>1</b>", "<table>", "<script>5</script> & ещё") if part not in text] == []


# --- Recording --------------------------------------------------------------------------------------------------------
def test_recorded_addendum_keeps_its_text_and_enters_the_history(agreed, people) -> None:
    made = addendum(agreed, people)
    assert (made.number, made.terms, made.recorded_by) == ("3", TERMS, people.curator)
    assert "№ 3" in words(made.signed_text)
    entry = JournalEntry.objects.get(event="mentorship.addendum.record")
    assert entry.text == f"Записано: Дополнительное соглашение № 3 от {day(-5):%d.%m.%Y}, Верескова Алла Петровна."


def test_signed_text_stays_when_the_person_is_renamed(agreed, people) -> None:
    made = addendum(agreed, people)
    Participant.objects.filter(pk=agreed.pk).update(surname="Иная")
    made.refresh_from_db()
    assert "Верескова Алла Петровна" in words(made.signed_text)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"signed_on": day(1)}, "в будущем"),
        ({"signed_on": day(-30)}, "нет согласия на работу наставником"),
        ({"signed_on": day(-20_000)}, "Проверьте год"),
        ({"valid_until": day(-6)}, "раньше, чем подписано"),
        ({"original_place": ""}, "Приложите скан"),
        ({"terms": {**TERMS, "pay": ""}}, "размер и условия оплаты"),
    ],
)
def test_impossible_paper_is_refused_in_words(agreed, people, wrong, sentence) -> None:
    with pytest.raises(Refused, match=sentence):
        record_addendum(participant=agreed, signed=signed(**wrong), actor=people.curator)
    assert Addendum.objects.count() == 0


def test_same_paper_is_not_recorded_twice(agreed, people) -> None:
    addendum(agreed, people)
    with pytest.raises(Refused, match="уже записано"):
        addendum(agreed, people)


def test_only_employees_sign_addenda(school, people, reference) -> None:
    guest = card(school, "Партнёров Иван Ильич", category=Category.EXTERNAL)
    agree(guest, ConsentKind.MENTOR, people.curator)
    with pytest.raises(Refused, match="представитель партнёра"):
        record_addendum(participant=guest, signed=signed(), actor=people.curator)


def test_only_the_curator_records(agreed, people) -> None:
    with pytest.raises(Forbidden):
        record_addendum(participant=agreed, signed=signed(), actor=people.director)


def test_ended_addendum_counts_to_its_last_day(agreed, people) -> None:
    made = addendum(agreed, people)
    end_addendum(addendum=made, ended_on=day(-1), reason="соглашение сторон", actor=people.curator)
    assert [bases_of([agreed], day(offset))[agreed.pk].met for offset in (-1, 0)] == [True, False]
    with pytest.raises(Refused, match="уже прекращено"):
        end_addendum(addendum=made, ended_on=day(0), reason="ещё раз", actor=people.curator)
    assert JournalEntry.objects.filter(event="mentorship.addendum.end").count() == 1


def test_end_outside_the_term_is_refused(agreed, people) -> None:
    made = addendum(agreed, people, valid_until=day(10))
    for wrong in (day(-6), day(11)):
        with pytest.raises(Refused):
            end_addendum(addendum=made, ended_on=wrong, reason="x", actor=people.curator)


def test_database_refuses_an_end_before_the_signature(agreed, people) -> None:
    made = addendum(agreed, people)
    for field in ("ended_on", "valid_until"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Addendum.objects.filter(pk=made.pk).update(**{field: day(-6)})


# --- What the work rests on -------------------------------------------------------------------------------------------
def test_basis_is_the_addendum_the_duties_or_nothing(school, people, mentor, mentee, second, reference) -> None:
    addendum(mentor, people)
    agree(mentee, ConsentKind.MENTOR, people.curator)
    guest = card(school, "Партнёров Иван Ильич", category=Category.EXTERNAL)
    found = bases_of([mentor, mentee, second, guest], day(0))
    assert [(found[one.pk].met, found[one.pk].words) for one in (mentor, mentee, second, guest)] == [
        (True, f"соглашение № 3 от {day(-5):%d.%m.%Y}"),
        (True, "входит в трудовую функцию: трудовой договор № 1"),
        (False, "соглашение не записано"),
        (True, "не работник организации, соглашение не нужно"),
    ]


def test_bases_cost_two_queries(mentor, mentee, second, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        bases_of([mentor, mentee, second], day(0))


def test_order_about_pairs_warns_and_is_not_stopped(pair: Pair, people) -> None:
    order = draft(people, pair)
    warned = [line for line in pairs_effects(order) if "дополнительное соглашение" in line]
    assert warned == addendum_warnings([pair], day(0))
    assert len(warned) == 1
    assert [line for line in pairs_obstacles(order) if "соглашение" in line.lower()] == []
    addendum(pair.mentor, people)
    assert [line for line in pairs_effects(order) if "соглашение" in line] == []


def test_organisation_may_let_no_pair_start_without_it(pair: Pair, people, school) -> None:
    order = draft(people, pair)
    LabourRules.objects.create(organisation=school, addendum_required=True)
    assert [line for line in pairs_obstacles(order) if "соглашение" in line] == addendum_warnings([pair], day(0))
    addendum(pair.mentor, people)
    assert [line for line in pairs_obstacles(order) if "соглашение" in line] == []


def test_rule_is_changed_on_its_page_by_curator_and_head(pair: Pair, people, school, client_of) -> None:
    url = reverse("labour_rules_edit")
    assert url in client_of(people.curator).get(reverse("pair_detail", args=[pair.pk])).content.decode()
    assert client_of(people.director).post(url, {"addendum_required": "on"}).status_code == 302
    assert [row.addendum_required for row in LabourRules.objects.filter(organisation=school)] == [True]
    assert JournalEntry.objects.filter(event="mentorship.labour.rules", scope=school.pk).count() == 1
    assert [client_of(one).get(url).status_code for one in (people.curator, people.teacher)] == [200, 403]


def test_curator_is_told_of_mentors_at_work_without_a_paper(pair: Pair, people, school) -> None:
    def told(user) -> list[str]:
        return [one.title for one in queue_for(user, school, day(0)).now if "соглашение" in one.title]

    assert told(people.curator) == []
    at_work(pair, people)
    assert told(people.curator) == ["Не записано дополнительное соглашение: 1 наставник"]
    assert told(people.director) == []
    addendum(pair.mentor, people)
    assert told(people.curator) == []


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_curator_records_from_the_page_and_comes_back(pair: Pair, people, client_of) -> None:
    agree(pair.mentor, ConsentKind.MENTOR, people.curator, terms=TERMS)
    url = reverse("addendum_new", args=[pair.mentor_id])
    client = client_of(people.curator)
    assert TERMS["pay"] in client.get(url).content.decode()
    scan = SimpleUploadedFile("скан.pdf", PDF, content_type="application/pdf")
    back = client.post(f"{url}?pair={pair.pk}", {**posted(), "scan": scan})
    assert (back.status_code, back["Location"]) == (302, reverse("pair_detail", args=[pair.pk]))
    made = Addendum.objects.get()
    assert made.scan_name == "скан.pdf"
    assert client.get(reverse("addendum_scan", args=[made.pk])).status_code == 200


def test_refusal_stands_beside_its_field_and_the_text_stays(mentor, people, client_of) -> None:
    page = client_of(people.curator).post(reverse("addendum_new", args=[mentor.pk]), posted(contract="от 1.1 № 5"))
    form = page.context["form"]
    assert (page.status_code, list(form.errors)) == (200, ["signed_on"])
    assert "от 1.1 № 5" in page.content.decode()


def test_pages_answer_by_role(agreed, people, client_of) -> None:
    agreed.user = people.teacher
    agreed.save(update_fields=["user"])
    made = addendum(agreed, people)
    seen = [
        reverse("addendum_blank", args=[agreed.pk, "pdf"]),
        reverse("addendum_detail", args=[made.pk]),
        reverse("addendum_paper", args=[made.pk, "docx"]),
    ]
    kept = [reverse("addendum_new", args=[agreed.pk]), reverse("addendum_end", args=[made.pk])]
    roles = ("curator", "director", "inspector", "teacher", "accountant", "stranger")
    found = {name: [client_of(getattr(people, name)).get(url).status_code for url in [*seen, *kept]] for name in roles}
    assert found == {
        "curator": [200] * 5,
        "director": [200, 200, 200, 403, 403],
        "inspector": [200, 200, 200, 403, 403],
        "teacher": [200, 200, 200, 403, 403],
        "accountant": [403] * 5,
        "stranger": [404] * 5,
    }


def test_another_teacher_sees_nothing(agreed, people, client_of) -> None:
    made = addendum(agreed, people)
    assert client_of(people.teacher).get(reverse("addendum_detail", args=[made.pk])).status_code == 403


def test_unknown_format_and_missing_scan_are_not_found(agreed, people, client_of) -> None:
    made = addendum(agreed, people)
    client = client_of(people.curator)
    urls = [
        reverse("addendum_blank", args=[agreed.pk, "odt"]),
        reverse("addendum_paper", args=[made.pk, "odt"]),
        reverse("addendum_scan", args=[made.pk]),
    ]
    assert [client.get(url).status_code for url in urls] == [404, 404, 404]


def test_curator_ends_it_from_the_page(agreed, people, client_of) -> None:
    made = addendum(agreed, people)
    url, client = reverse("addendum_end", args=[made.pk]), client_of(people.curator)
    refused = client.post(url, {"ended_on": iso(day(-9)), "reason": "ошибка"})
    assert "прекратить его раньше нельзя" in refused.content.decode()
    assert client.post(url, {"ended_on": iso(day(0)), "reason": "ошибка"}).status_code == 302
    made.refresh_from_db()
    assert (made.ended_on, made.end_reason) == (day(0), "ошибка")


def test_card_and_pair_show_the_paper(pair: Pair, people, client_of) -> None:
    made = addendum(pair.mentor, people)
    client = client_of(people.curator)
    for url in (reverse("participant_detail", args=[pair.mentor_id]), reverse("pair_detail", args=[pair.pk])):
        html = client.get(url).content.decode()
        assert (f"Соглашение № {made.number} от" in html, "Трудовые документы наставника" in html) == (True, True)


def test_card_of_whoever_is_no_mentor_has_no_section(second, people, client_of) -> None:
    html = client_of(people.curator).get(reverse("participant_detail", args=[second.pk])).content.decode()
    assert "Трудовые документы наставника" not in html
