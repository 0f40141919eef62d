"""Agreement of a draft before the head sees it, and the head's remarks about single clauses."""

from __future__ import annotations

import pytest

from accounts.models import Letter
from accounts.permissions import today
from core.documents.blocks import plain_text
from core.transitions import Refused
from orders import services
from orders.documents import order_blocks
from orders.models import ClauseRemark, Endorsement
from orders.services.endorsements import answer_endorsement, ask_endorsement, record_endorsement


@pytest.fixture
def asked(draft, people):
    """A draft that the accountant has been asked about."""
    order = draft()
    row = ask_endorsement(
        order=order, title="Бухгалтер", name="Копейкина Вера Игоревна", user=people.accountant, actor=people.curator
    )
    return order, row


def answer(row, people, agreed=True, comment="", version=None):
    row.order.refresh_from_db()
    answer_endorsement(
        row=row, agreed=agreed, comment=comment, version=version or row.order.version, actor=people.accountant
    )


def test_draft_waits_for_the_answer(asked, people):
    order, row = asked
    with pytest.raises(Refused, match="Ждёт согласования: Бухгалтер, Копейкина Вера Игоревна"):
        services.submit_order(order=order, actor=people.curator)
    answer(row, people)
    services.submit_order(order=order, actor=people.curator)
    assert order.state == "submitted"


def test_objection_holds_the_draft_and_comes_with_a_reason(asked, people):
    order, row = asked
    with pytest.raises(Refused, match="с чем вы не согласны"):
        answer(row, people, agreed=False)
    answer(row, people, agreed=False, comment="Нет размера выплаты")
    with pytest.raises(Refused, match="Не согласовано"):
        services.submit_order(order=order, actor=people.curator)
    assert Letter.objects.filter(user=people.curator, subject__startswith="Ответ о проекте").count() == 1


def test_agreement_is_worth_nothing_for_another_text(asked, people, client_of):
    order, row = asked
    answer(row, people)
    services.add_clause(order=order, text="Выплатить всем.", actor=people.curator)
    with pytest.raises(Refused, match="После согласования текст изменили"):
        services.submit_order(order=order, actor=people.curator)
    client_of(people.curator).post(f"/cabinet/endorsements/{row.pk}/again/")
    row.refresh_from_db()
    assert (row.answer, row.version) == ("waiting", None)


def test_answer_about_a_text_that_has_changed_meanwhile_is_refused(asked, people):
    order, row = asked
    services.add_clause(order=order, text="Ещё один пункт.", actor=people.curator)
    with pytest.raises(Refused, match="текст изменили"):
        answer(row, people, version=1)


def test_endorser_answers_on_the_page(asked, people, client_of):
    order, row = asked
    client, url = client_of(people.accountant), f"/cabinet/endorsements/{row.pk}/"
    assert url in client.get("/cabinet/").content.decode()
    refused = client.post(url, {"answer": "no", "version": order.version, "comment": ""})
    assert list(refused.context["form"].errors) == ["comment"]
    client.post(url, {"answer": "yes", "version": order.version})
    row.refresh_from_db()
    assert (row.answer, row.answered_by, url in client.get("/cabinet/").content.decode()) == (
        "agreed",
        people.accountant,
        False,
    )


def test_nobody_answers_for_another(asked, people, client_of):
    _, row = asked
    url = f"/cabinet/endorsements/{row.pk}/"
    statuses = {name: client_of(getattr(people, name)).get(url).status_code for name in ("teacher", "stranger")}
    assert statuses == {"teacher": 403, "stranger": 404}


def test_paper_answer_names_the_paper(draft, people, client_of):
    order = draft()
    client = client_of(people.curator)
    client.post(f"/cabinet/orders/{order.pk}/endorsements/ask/", {"title": "Профсоюзный комитет"})
    row = Endorsement.objects.get()
    url = f"/cabinet/endorsements/{row.pk}/paper/"
    data = {"answer": "yes", "paper": "протокол № 3", "day": today().isoformat()}
    assert list(client.post(url, {**data, "paper": " "}).context["form"].errors) == ["paper"]
    future = client.post(url, {**data, "day": "2999-01-01"}).context["form"]
    assert future.non_field_errors() == ["Дата ответа не может быть в будущем."]
    client.post(url, data)
    row.refresh_from_db()
    assert (row.answer, row.paper) == ("agreed", "протокол № 3")


def test_agreement_is_printed_under_the_signature(asked, people):
    order, row = asked
    answer(row, people)
    text = plain_text(order_blocks(order))
    assert f"СОГЛАСОВАНО\nБухгалтер В. И. Копейкина, {today():%d.%m.%Y}" in text


def test_answer_after_submission_is_refused(asked, people):
    order, row = asked
    answer(row, people)
    services.submit_order(order=order, actor=people.curator)
    with pytest.raises(Refused, match="передан на утверждение"):
        record_endorsement(row=row, agreed=False, comment="Поздно", paper="письмо", day=today(), actor=people.curator)


def test_whoever_is_asked_may_be_taken_out(asked, people, client_of):
    order, row = asked
    client_of(people.curator).post(f"/cabinet/endorsements/{row.pk}/drop/")
    services.submit_order(order=order, actor=people.curator)
    assert Endorsement.objects.count() == 0


def test_asking_needs_words(draft, people, client_of):
    order = draft()
    page = client_of(people.curator).post(f"/cabinet/orders/{order.pk}/endorsements/ask/", {"title": " "})
    assert list(page.context["form"].errors) == ["title"]


def test_list_asks_as_many_queries_for_three_as_for_one(asked, people, client_of, queries):
    order, _ = asked
    client, url = client_of(people.curator), f"/cabinet/orders/{order.pk}/endorsements/"
    one = queries(client, url)
    for title in ("Юрист", "Методист"):
        ask_endorsement(order=order, title=title, name="", user=people.teacher, actor=people.curator)
    assert queries(client, url) == one


def test_remarks_about_clauses_come_back_and_are_settled(submitted, people, client_of):
    order = submitted()
    clause = order.clauses.standing().exclude(level=0).first()
    data = {"remark": "Уточните пункты", f"clause-{clause.pk}": "Нет срока"}
    client_of(people.director).post(f"/cabinet/orders/{order.pk}/return/", data)
    remark = ClauseRemark.objects.get()
    assert (remark.clause, remark.clause_name, remark.text) == (clause, "Пункт 1", "Нет срока")
    curator = client_of(people.curator)
    pages = [curator.get(f"/cabinet/orders/{order.pk}/{tail}").content.decode() for tail in ("", "clauses/")]
    assert ["Нет срока" in page for page in pages] == [True, True]
    assert "Пункт 1: Нет срока" in Letter.objects.filter(subject__startswith="Приказ возвращён").first().body
    order.refresh_from_db()
    services.submit_order(order=order, actor=people.curator)
    remark.refresh_from_db()
    assert remark.settled_at is not None


def test_remark_without_the_common_words_is_refused_and_kept(submitted, people, client_of):
    order = submitted()
    clause = order.clauses.standing().exclude(level=0).first()
    form = client_of(people.director).post(f"/cabinet/orders/{order.pk}/return/", {f"clause-{clause.pk}": "Нет срока"})
    assert (list(form.context["form"].errors), form.context["form"][f"clause-{clause.pk}"].value()) == (
        ["remark"],
        "Нет срока",
    )
    assert ClauseRemark.objects.count() == 0


def test_remark_outlives_its_clause(submitted, people):
    order = submitted()
    clause = order.clauses.standing().exclude(level=0).first()
    services.return_order(order=order, remark="Исправьте", remarks={clause.pk: "Лишнее"}, actor=people.director)
    order.clauses.filter(pk=clause.pk).delete()
    assert str(ClauseRemark.objects.get()) == "Пункт 1: Лишнее"
