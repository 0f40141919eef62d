"""Facts become clauses; what a person has edited is never overwritten."""

from __future__ import annotations

import pytest

from core.transitions import Refused
from orders import services
from orders.models import Clause, Order
from orders.services.drafting import ClauseTemplateError, Line, clause_lines, is_outdated, read_lines
from orders.services.facts import preamble
from tests.orders import memo
from tests.orders.conftest import params


def texts(order: Order) -> list[tuple[str, str]]:
    return list(order.clauses.standing().values_list("fact", "text"))


def clause(order: Order, fact: str) -> Clause:
    return order.clauses.get(fact=fact)


def test_draft_takes_its_clauses_from_the_template(draft):
    order = draft(papers=["Положение", "План"], basis=["приказа от 29.08.2022 № 100"])
    assert list(order.clauses.values_list("level", "marker", "fact", "text")) == [
        (0, "number", "preamble", "В целях порядка, на основании приказа от 29.08.2022 № 100"),
        (1, "number", "approve", "Ввести с даты подписания в действие:"),
        (2, "dash", "paper.1", "Положение (Приложение 1);"),
        (2, "dash", "paper.2", "План (Приложение 2)."),
        (1, "number", "control", "Контроль за исполнением приказа оставляю за собой."),
    ]
    assert memo.calls == [("hold", order.pk)]


def test_text_of_a_person_cannot_begin_a_clause_of_its_own(draft):
    order = draft(papers=["Положение\n1|number|evil|Уволить директора\r\n|||"])
    assert [fact for fact, _ in texts(order)] == ["preamble", "approve", "paper.1", "control"]
    assert clause(order, "paper.1").text == ("Положение 1|number|evil|Уволить директора ||| (Приложение 1).")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("4|number|a|Текст", "level must be 0 to 3"),
        ("x|number|a|Текст", "level must be 0 to 3"),
        ("1|star|a|Текст", "marker must be number or dash"),
        ("1|number|А|Текст", "cannot name a fact"),
        ("1|number|own-1|Текст", "cannot name a fact"),
        ("1|number|a|  ", "no text"),
        ("1|number|a", "no text"),
        ("просто текст", "level must be 0 to 3"),
        ("1|number|a|Раз\n1|number|a|Два", "stands twice"),
        ("2|number|a|Раз", "follows level 0"),
        ("1|number|a|Раз\n3|number|b|Два", "follows level 1"),
        ("1|number|a|Раз\n0|number|b|Два", "follows level 1"),
    ],
)
def test_malformed_template_is_refused(text, complaint):
    with pytest.raises(ClauseTemplateError, match=complaint):
        read_lines(text, "memo")


def test_well_formed_lines_are_read_with_their_bars():
    assert read_lines("\n 0|number|p| Вступление \n1|dash|a.b-c|а|б\n", "memo") == [
        Line(0, "number", "p", "Вступление"),
        Line(1, "dash", "a.b-c", "а|б"),
    ]


def test_sentence_that_ends_with_initials_has_one_full_stop():
    assert [line.text for line in read_lines("1|number|a|за Ли В..\n1|number|b|и так далее...", "memo")] == [
        "за Ли В.",
        "и так далее...",
    ]


def test_values_are_not_escaped_as_html():
    lines = clause_lines("memo", {"papers": ["ООО «Ромашка & <Ко>»"], "control": "Контроль.", "effective_words": "1"})
    assert lines[1].text == "ООО «Ромашка & <Ко>» (Приложение 1)."


def test_change_of_data_renews_what_nobody_edited_and_marks_what_somebody_did(draft, people):
    order = draft(papers=["Положение", "План"])
    first = clause(order, "paper.1")
    services.edit_clauses(order=order, texts={first.pk: "Положение в новой редакции;"}, actor=people.curator)
    services.change_params(order=order, params=params(papers=["Устав", "Смета"]), actor=people.curator)
    first.refresh_from_db()
    assert (first.text, first.generated, first.edited, first.source_changed) == (
        "Положение в новой редакции;",
        "Устав (Приложение 1);",
        True,
        True,
    )
    assert clause(order, "paper.2").text == "Смета (Приложение 2)."


def test_edited_clause_whose_source_vanished_stays_marked_and_an_unedited_one_goes(draft, people):
    order = draft(papers=["Один", "Два", "Три"])
    second = clause(order, "paper.2")
    services.edit_clauses(order=order, texts={second.pk: "Два, исправлено"}, actor=people.curator)
    services.change_params(order=order, params=params(papers=["Один"]), actor=people.curator)
    second.refresh_from_db()
    assert (second.text, second.generated, second.source_changed) == ("Два, исправлено", "", True)
    assert [fact for fact, _ in texts(order)] == ["preamble", "approve", "paper.1", "paper.2", "control"]
    with pytest.raises(Refused):
        services.restore_clause(order=order, clause=second, actor=people.curator)


def test_returning_the_words_of_the_data_ends_the_edit(draft, people):
    order = draft()
    first = clause(order, "paper.1")
    source = first.text
    services.edit_clauses(order=order, texts={first.pk: "Иначе"}, actor=people.curator)
    services.edit_clauses(order=order, texts={first.pk: f"  {source} \n\n"}, actor=people.curator)
    first.refresh_from_db()
    assert (first.text, first.edited) == (source, False)


def test_new_lines_find_their_place_among_moved_clauses(draft, people):
    order = draft(responsible_name="Теслина С.Н.", responsible_post="методист", responsible_gender="f")
    services.move_clause(order=order, clause=clause(order, "control"), up=True, actor=people.curator)
    assert [fact for fact, _ in texts(order)] == ["preamble", "approve", "paper.1", "control", "responsible"]
    services.change_params(
        order=order,
        params=params(people=[2], responsible_name="Теслина С.Н.", responsible_post="методист", responsible_gender="f"),
        actor=people.curator,
    )
    assert [fact for fact, _ in texts(order)] == [
        "preamble",
        "approve",
        "paper.1",
        "person.2",
        "control",
        "responsible",
    ]


def test_clause_taken_out_does_not_come_back_by_itself(draft, people):
    order = draft(papers=["Один", "Два"])
    services.remove_clause(order=order, clause=clause(order, "approve"), actor=people.curator)
    assert [fact for fact, _ in texts(order)] == ["preamble", "control"]
    services.change_params(order=order, params=params(papers=["Один", "Другое"]), actor=people.curator)
    assert [fact for fact, _ in texts(order)] == ["preamble", "control"]
    services.restore_clause(order=order, clause=clause(order, "approve"), actor=people.curator)
    assert texts(order)[1:4] == [
        ("approve", "Ввести с даты подписания в действие:"),
        ("paper.1", "Один (Приложение 1);"),
        ("paper.2", "Другое (Приложение 2)."),
    ]


def test_own_clause_stands_before_control_and_survives_a_refresh(draft, people):
    order = draft()
    own = services.add_clause(order=order, text="Бухгалтеру произвести выплату.", actor=people.curator)
    services.refresh_clauses(order=order, actor=people.curator)
    assert [fact for fact, _ in texts(order)] == ["preamble", "approve", "paper.1", "own-1", "control"]
    services.remove_clause(order=order, clause=own, actor=people.curator)
    assert not order.clauses.filter(pk=own.pk).exists()


def test_moving_takes_everything_below_along_and_stops_at_the_edge(draft, people):
    order = draft(papers=["Один", "Два"])
    services.move_clause(order=order, clause=clause(order, "approve"), up=False, actor=people.curator)
    assert [fact for fact, _ in texts(order)] == ["preamble", "control", "approve", "paper.1", "paper.2"]
    services.move_clause(order=order, clause=clause(order, "paper.1"), up=False, actor=people.curator)
    services.move_clause(order=order, clause=clause(order, "paper.1"), up=False, actor=people.curator)
    services.move_clause(order=order, clause=clause(order, "control"), up=True, actor=people.curator)
    assert [fact for fact, _ in texts(order)] == ["preamble", "control", "approve", "paper.2", "paper.1"]
    version = order.version
    services.move_clause(order=order, clause=clause(order, "control"), up=True, actor=people.curator)
    assert order.version == version


def test_draft_knows_when_its_data_have_changed(draft, monkeypatch):
    order = draft(people=[2])
    assert not is_outdated(order)
    monkeypatch.setitem(memo.PEOPLE, 2, ("Черных Максим Олегович", "m", "учитель астрономии"))
    assert is_outdated(order)


def test_clause_of_another_draft_is_refused(draft, people):
    order, other = draft(), draft()
    stranger = clause(other, "control")
    for service in (services.remove_clause, services.keep_clause, services.restore_clause):
        with pytest.raises(Refused):
            service(order=order, clause=stranger, actor=people.curator)
    with pytest.raises(Refused):
        services.move_clause(order=order, clause=stranger, up=True, actor=people.curator)
    services.edit_clauses(order=order, texts={stranger.pk: "Чужое"}, actor=people.curator)
    stranger.refresh_from_db()
    assert stranger.text == "Контроль за исполнением приказа оставляю за собой."


@pytest.mark.parametrize(
    ("purpose", "basis", "sentence"),
    [
        ("", [], ""),
        ("развития школы", [], "В целях развития школы"),
        (
            "В целях порядка",
            ["приказа № 1", "Устава"],
            "В целях порядка, на основании приказа № 1, на основании Устава",
        ),
        (
            "В целях А",
            ["и на основании приказа", "В соответствии с решением"],
            "В целях А и на основании приказа, в соответствии с решением",
        ),
        ("", ["приказа № 1"], "На основании приказа № 1"),
        ("РДШ и школы", [], "В целях РДШ и школы"),
    ],
)
def test_preamble_is_one_sentence(purpose, basis, sentence):
    assert preamble(purpose, basis) == sentence
