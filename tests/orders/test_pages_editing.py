"""Correcting a draft on its pages: nothing that was typed is lost."""

from __future__ import annotations

import pytest

from orders import services
from orders.models import Order
from orders.services.approval import OUTDATED
from orders.services.drafts import CHANGED_MEANWHILE
from tests.orders import memo
from tests.orders.conftest import params
from tests.orders.pages import answers, clause_data, page, url


def test_stale_params_come_back_and_can_be_sent_again(draft, client_of, people):
    order, client = draft(), client_of(people.curator)
    seen = order.version
    services.change_params(order=order, params=params(title="Чужое"), actor=people.curator)
    response = client.post(url("params", order), answers(title="Моё", version=seen))
    assert response.context["form"].non_field_errors() == [CHANGED_MEANWHILE]
    text = page(response)
    assert 'value="Моё"' in text
    assert f'name="version" value="{order.version}"' in text
    client.post(url("params", order), answers(title="Моё", version=order.version))
    assert Order.objects.get(pk=order.pk).title == "Моё"


def test_stale_clauses_come_back_beside_what_is_stored(draft, client_of, people):
    order, client = draft(papers=["Один", "Два"]), client_of(people.curator)
    data = clause_data(order, approve="Моё")
    gone = order.clauses.get(fact="paper.2")
    data[f"clause-{gone.pk}"] = "Моя вторая бумага"
    approve = order.clauses.get(fact="approve")
    services.edit_clauses(order=order, texts={approve.pk: "Чужое"}, actor=people.curator)
    services.change_params(order=order, params=params(papers=["Один"]), actor=people.curator)
    response = client.post(url("clauses", order), data)
    text = page(response)
    assert [str(message) for message in response.context["messages"]] == [CHANGED_MEANWHILE]
    assert ">Моё</textarea>" in text.replace("\n", "")
    assert "Сейчас в проекте: Чужое" in text
    assert "Моя вторая бумага" in text
    assert f'name="version" value="{order.version}"' in text


def test_clauses_are_corrected_added_moved_removed_and_restored(draft, client_of, people):
    order, client = draft(papers=["Один", "Два"]), client_of(people.curator)
    pk = {clause.fact: clause.pk for clause in order.clauses.all()}

    def post(do="", **texts):
        order.refresh_from_db()
        extra = {"do": do} if do else {}
        response = client.post(url("clauses", order), {**clause_data(order, **texts), **extra})
        assert response.status_code == 302
        return response["Location"]

    assert post(approve="Ввести немедленно:") == url("detail", order)
    assert post(f"up:{pk['control']}") == f"{url('clauses', order)}#clause-{pk['control']}"
    facts = ["preamble", "control", "approve", "paper.1", "paper.2"]
    assert [clause.fact for clause in order.clauses.standing()] == facts
    post(f"remove:{pk['paper.1']}", control="Контролирую сам.")
    post(f"restore:{pk['approve']}")
    assert {clause.fact: clause.text for clause in order.clauses.standing()} == {
        "preamble": "В целях порядка",
        "control": "Контролирую сам.",
        "approve": "Ввести с даты подписания в действие:",
        "paper.2": "Два (Приложение 2).",
    }
    assert "Один (Приложение 1);" in page(client.get(url("clauses", order)))
    post(f"restore:{pk['paper.1']}")
    order.refresh_from_db()
    client.post(url("clauses", order), {**clause_data(order), "new": "Новый пункт", "do": "add"})
    assert order.clauses.get(fact="own-1").text == "Новый пункт"
    for nonsense in ("up:abc", "up:", "fly:1", f"remove:{10**30}", "up:999999999"):
        post(nonsense)
    assert order.clauses.standing().count() == 6


@pytest.mark.parametrize("text", ["", "   \n ", "п" * 5001])
def test_bad_text_of_a_clause_comes_back_beside_it(text, draft, client_of, people):
    order = draft()
    response = client_of(people.curator).post(url("clauses", order), clause_data(order, approve=text))
    field = f"clause-{order.clauses.get(fact='approve').pk}"
    assert list(response.context["form"].errors) == [field]
    assert Order.objects.get(pk=order.pk).version == order.version


def test_changed_data_are_told_and_renewed_by_one_button(draft, client_of, people, monkeypatch):
    order, client = draft(people=[2]), client_of(people.curator)
    monkeypatch.setitem(memo.PEOPLE, 2, ("Черных Максим Олегович", "m", "учитель астрономии"))
    text = page(client.get(url("detail", order)))
    assert "Обновить текст" in text
    assert OUTDATED in text
    assert "учителя физики" in text
    client.post(url("refresh", order))
    text = page(client.get(url("detail", order)))
    assert "Обновить текст" not in text
    assert "учителя астрономии" in text
