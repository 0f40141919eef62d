"""The page of clauses shows how the paper will look and which words are in doubt; the page that confirms them."""

from __future__ import annotations

import pytest

from orders.models import Order
from orders.services.words import TYPED_UNREAD
from tests.orders.pages import clause_data, page, said, url
from tests.orders.test_words import HARD, NAME, NAME_FORMS, POST, POST_FORMS


def word_url(order, kind="name", word=NAME):
    return f"{url('word', order)}?kind={kind}&word={word}"


def paper(response):
    """The words of the paper beside the form."""
    return [block.text for block in response.context["blocks"]]


def test_preview_shows_what_is_typed_and_saves_nothing(draft, client_of, people, journal_count):
    order, client = draft(), client_of(people.curator)
    before = journal_count()
    data = {**clause_data(order, approve="Ввести с завтрашнего дня:"), "new": "Прочитать всем.", "do": "preview"}
    response = client.post(url("clauses", order), data)
    lines = paper(response)
    assert "1. Ввести с завтрашнего дня:" in lines
    assert lines.index("2. Прочитать всем.") == lines.index("3. Контроль за исполнением приказа оставляю за собой.") - 1
    text = page(response)
    assert "ещё не сохранено" in text
    assert "Ввести с завтрашнего дня:</textarea>" in text
    assert "Прочитать всем.</textarea>" in text
    assert Order.objects.get().version == order.version
    assert order.clauses.get(fact="approve").text == "Ввести с даты подписания в действие:"
    assert journal_count() == before


def test_preview_of_an_empty_clause_says_so_and_shows_the_former_text(draft, client_of, people):
    order = draft()
    response = client_of(people.curator).post(
        url("clauses", order), {**clause_data(order, approve=""), "do": "preview"}
    )
    assert "Текст пуст. Если пункт не нужен, уберите его." in page(response)
    assert "1. Ввести с даты подписания в действие:" in paper(response)


def test_preview_of_a_stale_page_still_shows_the_paper(draft, client_of, people):
    order = draft()
    data = {**clause_data(order, approve="Моё:"), "version": order.version - 1, "do": "preview"}
    assert "1. Моё:" in paper(client_of(people.curator).post(url("clauses", order), data))


def test_page_works_with_and_without_scripts(draft, client_of, people):
    order = draft()
    text = page(client_of(people.curator).get(url("clauses", order)))
    assert '<button class="btn btn-secondary" type="submit" name="do" value="preview">Показать, как получится' in text
    assert 'hx-select="#preview"' in text
    assert [f'id="words-{clause.pk}"' in text for clause in order.clauses.all()] == [True] * order.clauses.count()
    assert "ещё не сохранено" not in text


def test_preview_is_only_for_a_draft(submitted, client_of, people):
    client, order = client_of(people.curator), submitted()
    assert client.post(url("clauses", order), {"do": "preview"}).status_code == 302


def test_words_stand_beside_the_clause_as_typed(draft, client_of, people):
    order = draft(people=[3])
    data = {**clause_data(order, approve="Передать Ивановой Анне Петровне:"), "do": "preview"}
    text = " ".join(page(client_of(people.curator).post(url("clauses", order), data)).split())
    assert 'Ивановой Анне Петровне <span class="muted">— дательный или предложный</span>' in text


def test_doubtful_word_is_confirmed_from_the_page_of_clauses(draft, client_of, people):
    order, client = draft(**HARD), client_of(people.curator)
    text = page(client.get(url("clauses", order)))
    assert f'name="do" value="name:{NAME}"' in text
    assert TYPED_UNREAD.format(name=NAME) in page(client.get(url("submit", order)))
    response = client.post(url("clauses", order), {**clause_data(order, approve="Ввести:"), "do": f"name:{NAME}"})
    assert order.clauses.get(fact="approve").text == "Ввести:"
    address = response["Location"]
    assert "Гуща" in page(client.get(address))
    response = client.post(address, NAME_FORMS)
    assert response["Location"] == url("clauses", order)
    assert said(client, response) == ["Формы сохранены: так слова будут стоять в этом и в следующих приказах."]
    assert f'value="name:{NAME}"' not in page(client.get(url("clauses", order)))
    assert TYPED_UNREAD.format(name=NAME) not in page(client.get(url("submit", order)))


def test_post_is_confirmed_too(draft, client_of, people):
    order, client = draft(**HARD), client_of(people.curator)
    text = page(client.get(word_url(order, "post", POST)))
    assert "Как склоняется должность" in text
    assert "нет в словаре" in text
    assert client.post(word_url(order, "post", POST), POST_FORMS).status_code == 302
    assert "андрагогом-наставником" in page(client.get(word_url(order, "post", POST)))


def test_button_of_a_word_that_is_gone_only_saves(draft, client_of, people):
    order, client = draft(), client_of(people.curator)
    response = client.post(url("clauses", order), {**clause_data(order), "do": f"name:{NAME}"})
    assert response["Location"] == url("clauses", order)


@pytest.mark.parametrize("missing", list(NAME_FORMS))
def test_every_form_is_needed(missing, draft, client_of, people):
    response = client_of(people.curator).post(word_url(draft(**HARD)), {**NAME_FORMS, missing: "  "})
    assert list(response.context["form"].errors) == [missing]


@pytest.mark.parametrize(("kind", "word"), [("name", "Никто"), ("verb", NAME), ("post", NAME), ("", "")])
def test_word_that_is_not_in_the_draft_does_not_exist(kind, word, draft, client_of, people):
    assert client_of(people.curator).get(word_url(draft(**HARD), kind, word)).status_code == 404


@pytest.mark.parametrize(("user", "status"), [("curator", 200), ("stranger", 404), ("director", 403), ("teacher", 403)])
def test_word_is_for_whoever_may_draft(user, status, draft, client_of, people):
    assert client_of(getattr(people, user)).get(word_url(draft(**HARD))).status_code == status


def test_word_of_a_submitted_order_leads_back(submitted, client_of, people):
    order, client = submitted(people=[2]), client_of(people.curator)
    assert client.get(word_url(order, "post", "учитель физики"))["Location"] == url("detail", order)


def test_page_of_clauses_costs_the_same_for_one_name_and_for_three(draft, client_of, people, queries):
    client = client_of(people.curator)
    one = queries(client, url("clauses", draft(people=[1])))
    assert queries(client, url("clauses", draft(people=[1, 2, 3]))) == one
