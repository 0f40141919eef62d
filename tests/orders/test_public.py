"""What everybody sees of an order: nobody is named who has not agreed, in whatever form."""

from __future__ import annotations

import datetime as dt

import pytest

from core.documents.blocks import plain_text
from orders import public, services
from orders.services.facts import person_facts
from orders.services.redaction import HIDDEN, HIDDEN_POST, Redactor, forms_of, post_veil, without_posts
from tests.orders import memo

DAY = dt.date(2022, 9, 1)
EDITED = (
    "Черных М. О., М.О. Черных, ЧЕРНЫХ Максиму Олеговичу и Максиму Олеговичу, просто Черных; "
    "Ивановой А. П. и А. П. Ивановой, Анне Петровне Ивановой, а с ней Иванову Б. С. и Ивановой; "
    "Громовой Е. П. доложить Сидорову П. К. и Кузнецовой Марии Ильиничне."
)


@pytest.fixture(autouse=True)
def _no_headings():
    public.HEADINGS.clear()


@pytest.fixture
def order(submitted, people):
    """Four people, one clause edited by hand, a responsible person whose consent nobody has."""
    order = submitted(
        title="О назначении Теслиной С. Н.",
        people=[1, 2, 3, 4],
        responsible_name="Теслина Светлана Николаевна",
        responsible_post="заместитель директора",
    )
    services.recall_order(order=order, actor=people.curator)
    clause = order.clauses.get(fact="control")
    services.edit_clauses(order=order, texts={clause.pk: EDITED}, actor=people.curator)
    services.submit_order(order=order, actor=people.curator)
    services.approve_order(order=order, number="71-б", date=DAY, actor=people.director)
    return order


def everything(document):
    clauses = "\n".join(clause.text for clause in document.clauses)
    return f"{document.title}\n{clauses}\n{plain_text(document.blocks)}"


def leaks(text, person):
    """Forms of the person that stand in the text; gaps of any kind."""
    plain = " ".join(text.split())
    return [form for form in forms_of(person) if " ".join(form.split()) in plain]


@pytest.mark.parametrize("shown", [(), (1,), (2,), (3,), (1, 2), (1, 2, 3, 4)])
def test_no_form_of_a_hidden_person_is_published(shown, order, school):
    text = everything(public.document(school.pk, order.pk, frozenset(shown)))
    for number, person in memo.PEOPLE.items():
        found = leaks(text, person_facts(*person, number=number))
        if number in shown:
            assert found
        elif number in (3, 4) and {3, 4} & set(shown):
            # A namesake is shown: her own full forms may stand, with her own given name.
            other = "Б" if number == 4 else "А"
            assert not [form for form in found if f" {other}" in f" {form}"]
        else:
            assert found == []
    assert leaks(text, person_facts("Теслина Светлана Николаевна", "f", "")) == []


def test_leak_would_be_seen_without_the_redactor(order):
    raw = "\n".join(order.clauses.values_list("text", flat=True))
    for number, person in memo.PEOPLE.items():
        assert leaks(raw, person_facts(*person, number=number))


def test_head_and_school_stay_and_strangers_of_the_facts_go(order, school):
    document = public.document(school.pk, order.pk, frozenset({3}))
    [edited] = [clause.text for clause in document.clauses if "доложить" in clause.text]
    plain = edited.replace("\u00a0", " ")
    assert plain == (
        f"{HIDDEN}, {HIDDEN}, {HIDDEN} и {HIDDEN}, просто {HIDDEN}; "
        f"Ивановой А. П. и А. П. Ивановой, Анне Петровне Ивановой, а с ней {HIDDEN} и {HIDDEN}; "
        f"{HIDDEN} доложить {HIDDEN} и {HIDDEN}."
    )
    assert document.signer_name == "Е.\u00a0П.\u00a0Громова"
    assert document.title == f"О назначении {HIDDEN}"
    paper = plain_text(document.blocks).replace("\u00a0", " ")
    assert "Директор Е. П. Громова" in paper
    assert "«Школа № 17» г. Приозёрска" in paper
    assert "ознакомлены" not in paper


def test_published_clauses_are_numbered_as_on_paper(approved, school):
    document = public.document(school.pk, approved(papers=["Один", "Два"]).pk, frozenset())
    assert [(clause.number, clause.level, clause.text) for clause in document.clauses] == [
        ("", 0, "В целях порядка"),
        ("1.", 1, "Ввести с даты подписания в действие:"),
        ("–", 2, "Один (Приложение 1);"),
        ("–", 2, "Два (Приложение 2)."),
        ("2.", 1, "Контроль за исполнением приказа оставляю за собой."),
    ]
    assert (document.number, document.date, document.place, document.kind) == (
        "71-б",
        DAY,
        "г. Приозёрск",
        "Служебная записка",
    )


def test_only_approved_orders_of_the_school_are_public(approved, draft, submitted, school, other_school):
    order, waiting = approved(title="Об осени"), submitted()
    approved("5-б", dt.date(2023, 1, 9), title="О зиме")
    draft()
    assert [(one.number, one.title) for one in public.documents(school.pk)] == [("5-б", "О зиме"), ("71-б", "Об осени")]
    assert public.documents(other_school.pk) == []
    assert public.document(other_school.pk, order.pk, frozenset()) is None
    assert public.document(school.pk, waiting.pk, frozenset()) is None


def test_list_costs_one_query_and_one_more_for_new_headings(approved, school, django_assert_num_queries):
    approved("1-б")
    for number in ("2-б", "3-б"):
        approved(number)
        for cost in (2, 1):
            with django_assert_num_queries(cost):
                listed = public.documents(school.pk)
    assert len(listed) == 3


# --- Headings kept in the process -------------------------------------------------------------------------------------
def titles(school):
    return [document.title for document in public.documents(school.pk)]


def test_order_approved_afterwards_is_listed_at_once(approved, submitted, school, people):
    approved("1-б", title="О первом")
    waiting = submitted(title="О втором")
    assert titles(school) == ["О первом"]
    services.approve_order(order=waiting, number="2-б", date=DAY, actor=people.director)
    assert titles(school) == ["О втором", "О первом"]


def test_first_page_shows_the_newest_of_the_list(approved, school):
    for number in range(public.NEWEST + 2):
        approved(f"{number}-б", title=f"О {number}")
    assert public.newest_documents(school.pk) == public.documents(school.pk)[: public.NEWEST]
    assert titles(school)[0] == f"О {public.NEWEST + 1}"


def test_heading_is_that_of_its_own_order(approved, school):
    for number, (person, *_) in memo.PEOPLE.items():
        approved(f"{number}-б", title=f"О {number}: {person}", people=[number])
    expected = [f"О {number}: {HIDDEN}" for number in reversed(memo.PEOPLE)]
    assert [titles(school), titles(school)] == [expected, expected]


def test_heading_of_an_earlier_life_of_the_same_number_is_not_used(approved, school):
    """A database restored from a copy may give the same key to another order; the moment of approval differs."""
    order = approved("1-б", title="О своём")
    public.HEADINGS[order.pk, order.approved_at - dt.timedelta(microseconds=1)] = "О чужом"
    assert titles(school) == ["О своём"]


def test_kept_headings_name_nobody(order, school):
    assert titles(school) == [f"О назначении {HIDDEN}"]
    assert public.document(school.pk, order.pk, frozenset({1, 2, 3, 4})) is not None
    kept = "\n".join(public.HEADINGS.values())
    hidden = [person_facts(*person, number=number) for number, person in memo.PEOPLE.items()]
    hidden.append(person_facts("Теслина Светлана Николаевна", "f", ""))
    assert [leaks(kept, person) for person in hidden] == [[]] * len(hidden)
    assert leaks(order.title, hidden[-1])


def test_headings_do_not_pile_up(approved, school, monkeypatch):
    monkeypatch.setattr(public, "MOST_HEADINGS", 2)
    found = []
    for number in range(4):
        approved(f"{number}-б", title=f"О {number}")
        found.append((titles(school), len(public.HEADINGS)))
    assert [len(listed) for listed, _ in found] == [1, 2, 3, 4]
    assert found[-1][0] == ["О 3", "О 2", "О 1", "О 0"]
    assert max(kept for _, kept in found) < 4


@pytest.mark.parametrize(
    "text",
    [
        "Утвердить Основной образовательный план школы в 2026 году.",
        "Во исполнение статьи 351.8 Трудового кодекса Российской Федерации",
        "МБОУ «Школа № 17» г. Приозёрска, Главной бухгалтерии",
        "Положение (Приложение 1); срок — до 01.09.2026 г.",
    ],
)
def test_ordinary_words_stay(text):
    assert Redactor([], [], []).text(text) == text


def test_name_in_the_name_of_the_school_stays():
    redactor = Redactor([], [], ["МБОУ «Школа им. А. С. Пушкина»"])
    assert redactor.text("В МБОУ «Школа им. А. С. Пушкина» принять Петрова А. С.") == (
        f"В МБОУ «Школа им. А. С. Пушкина» принять {HIDDEN}"
    )


def test_yo_and_capitals_do_not_hide_a_name():
    person = person_facts("Семёнов Пётр Фёдорович", "m", "учитель")
    redactor = Redactor([person], [], [])
    assert redactor.text("Семенову П. Ф., СЕМЁНОВУ, Петру Федоровичу") == f"{HIDDEN}, {HIDDEN}, {HIDDEN}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Урок А. П. Ивановой и Петрова Б. В.", f"{HIDDEN} и {HIDDEN}"),
        ("Иванова А. П. Петров Б. В.", HIDDEN),
        ("А. П. Иванов Б. В. Петров, В.Г. Сидоров", f"{HIDDEN}, {HIDDEN}"),
        ("Этап Дарьи Сергеевны Меловой", HIDDEN),
        ("Семинар: Кузьмин Фома Лукич, Павлу Кузьмичу", f"Семинар: {HIDDEN}, {HIDDEN}"),
        ("Семинар: Мамедов Рашид Гусейн оглы, Рашид Гусейн-оглы", f"Семинар: {HIDDEN}, {HIDDEN}"),
    ],
)
def test_surname_on_either_side_of_initials_goes(text, shown):
    """A word too many may go with the name; a surname never stays."""
    assert Redactor([], [], []).text(text) == shown


# --- Posts ------------------------------------------------------------------------------------------------------------
POSTS = {number: person_facts(*person, number=number) for number, person in memo.PEOPLE.items()}


@pytest.mark.parametrize("shown", [(), (1,), (1, 2, 3, 4)])
def test_post_is_published_by_its_own_permission(shown, order, school):
    names, posts = frozenset({1, 2, 3, 4}), frozenset(shown)
    text = " ".join(everything(public.document(school.pk, order.pk, names, posts)).split())
    hidden = {form for number, person in POSTS.items() if number not in shown for form in person["post"].values()}
    kept = {form for number in shown for form in POSTS[number]["post"].values()}
    assert [form for form in hidden - kept if form and form in text] == []


@pytest.mark.parametrize(
    ("text", "public_text"),
    [
        ("Назначить Ивину А. П., учителя физики, наставником.", "Назначить Ивину А. П. наставником."),
        ("Закрепить за Ивиной А. П. (учителем физики), с 01.09.2026.", "Закрепить за Ивиной А. П., с 01.09.2026."),
        ("Поручить учителю физики Ивиной А. П.", f"Поручить {HIDDEN_POST} Ивиной А. П."),
        ("Провести неделю учителя физикиста.", "Провести неделю учителя физикиста."),
    ],
)
def test_post_leaves_with_its_comma_or_brackets(text, public_text):
    facts = {"people": [person_facts("Ивина Анна Петровна", "f", "учитель физики", number=1)]}
    assert post_veil(facts, frozenset())(text) == public_text
    assert post_veil(facts, frozenset({1}))(text) == text


def test_post_of_whoever_has_no_card_stays():
    facts = {"responsible": person_facts("Ивина Анна Петровна", "f", "учитель физики")}
    assert post_veil(facts, frozenset())("учитель физики") == "учитель физики"
    assert without_posts(facts, frozenset()) == facts
