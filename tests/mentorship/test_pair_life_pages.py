"""Pages of what happens to a pair: who opens them, what they refuse, where they lead, what they cost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mentorship.models import Extension, Pair, PairHelper, PairPause, PairRules, PairState
from mentorship.services.extensions import ask_extension
from mentorship.services.pair_company import Help, add_helper, pause_pair
from orders.models import Order
from tests.mentorship.builders import approved_order, card, day, form_pair
from tests.mentorship.pair_life import agreed_extension, asked, in_force, programme

ROLES = ("curator", "director", "inspector", "teacher", "accountant", "stranger")


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    """The mentor signs in as the teacher."""
    pair.mentor.user = people.teacher
    pair.mentor.save(update_fields=["user"])
    return in_force(pair, people)


def iso(offset: int) -> str:
    return day(offset).isoformat()


def codes(client_of, people, url: str) -> dict[str, int]:
    return {name: client_of(getattr(people, name)).get(url).status_code for name in ROLES}


CURATOR = {"curator": 200, "director": 403, "inspector": 403, "teacher": 403, "accountant": 403, "stranger": 404}


def test_pages_of_changes_answer_by_role(working: Pair, second, people, client_of) -> None:
    given = Help(second, "разбор уроков", day(0), day(-1), "сейф")
    helper = add_helper(pair=working, given=given, actor=people.curator)
    pause = pause_pair(pair=working, starts_on=day(0), ends_on=None, reason="отпуск", actor=people.curator)
    extension = ask_extension(pair=working, ends_on=day(250), reason="не успеваем", actor=people.curator)
    keys = {"pair_helper_end": helper.pk, "pair_pause_end": pause.pk}
    keys |= {"extension_paper": extension.pk, "extension_decline": extension.pk}
    keys |= dict.fromkeys(("pair_replace", "pair_helper_new", "pair_pause_new"), working.pk)
    found = {name: codes(client_of, people, reverse(name, args=[pk])) for name, pk in keys.items()}
    assert found == dict.fromkeys(keys, CURATOR)
    assert codes(client_of, people, reverse("extension_new", args=[working.pk])) == {**CURATOR, "teacher": 200}
    assert codes(client_of, people, reverse("extension_answer", args=[extension.pk])) == {
        **CURATOR,
        "curator": 403,
        "teacher": 200,
    }
    assert codes(client_of, people, reverse("pair_rules_edit")) == {
        **CURATOR,
        "director": 200,
        "stranger": 200,
    }


def test_other_methods_change_nothing(working: Pair, people, client_of) -> None:
    client = client_of(people.curator)
    for name in ("pair_replace", "pair_helper_new", "pair_pause_new", "extension_new"):
        for method in (client.put, client.delete):
            method(reverse(name, args=[working.pk]))
    assert (Pair.objects.count(), PairHelper.objects.count(), PairPause.objects.count()) == (1, 0, 0)


# --- The wizard -------------------------------------------------------------------------------------------------------
def test_wizard_makes_the_pair_and_the_draft_at_once(working: Pair, second, people, client_of) -> None:
    request = asked(people, working)
    client, url = client_of(people.curator), f"{reverse('pair_replace', args=[working.pk])}?request={request.pk}"
    page = client.get(url)
    assert page.context["form"].initial["reason"] == f"заявление о замене наставника от {day(0):%d.%m.%Y}"
    back = client.post(url, {"mentor": second.pk, "starts_on": iso(10), "reason": "нагрузка"})
    order, new = Order.objects.get(kind="replacement"), Pair.objects.get(replaces=working)
    assert (back.status_code, back["Location"]) == (302, reverse("order_detail", args=[order.pk]))
    assert (new.order, order.params["pairs"], order.params["reason"]) == (order, [new.pk], "нагрузка")
    assert client.get(back["Location"]).status_code == 200
    assert client.get(reverse("order_params", args=[order.pk])).status_code == 200


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"starts_on": iso(400)}, "starts_on"),
        ({"starts_on": ""}, "starts_on"),
        ({"mentor": "999999"}, "mentor"),
        ({"mentor": ""}, "mentor"),
        ({"starts_on": "0001-01-01"}, "starts_on"),
    ],
)
def test_wizard_says_what_is_wrong_beside_the_field(working: Pair, second, people, client_of, sent, field) -> None:
    data = {"mentor": second.pk, "starts_on": iso(10), "reason": "нагрузка учителя", **sent}
    page = client_of(people.curator).post(reverse("pair_replace", args=[working.pk]), data)
    assert (page.status_code, list(page.context["form"].errors), Pair.objects.count()) == (200, [field], 1)
    assert "нагрузка учителя" in page.content.decode()


def test_strange_request_in_the_address_is_ignored(working: Pair, people, client_of) -> None:
    for number in ("abc", "9" * 30, "0", ""):
        page = client_of(people.curator).get(f"{reverse('pair_replace', args=[working.pk])}?request={number}")
        assert (page.status_code, page.context["asked"]) == (200, None)


# --- Helpers, pauses, rules -------------------------------------------------------------------------------------------
def test_curator_records_a_helper_and_the_end(working: Pair, second, people, client_of) -> None:
    client = client_of(people.curator)
    data = {
        "participant": second.pk,
        "role": "уроки",
        "starts_on": iso(0),
        "consent_on": iso(0),
        "original_place": "сейф",
    }
    bad = client.post(reverse("pair_helper_new", args=[working.pk]), {**data, "consent_on": iso(2)})
    assert (bad.status_code, list(bad.context["form"].errors)) == (200, ["consent_on"])
    assert client.post(reverse("pair_helper_new", args=[working.pk]), data).status_code == 302
    helper = PairHelper.objects.get()
    url = reverse("pair_helper_end", args=[helper.pk])
    assert client.post(url, {"ends_on": iso(-3), "reason": "отпуск"}).status_code == 200
    assert client.post(url, {"ends_on": iso(3), "reason": "отпуск"}).status_code == 302
    assert "отпуск" in client.get(reverse("pair_detail", args=[working.pk])).content.decode()


def test_paused_pair_says_so_on_its_page_and_in_the_list(working: Pair, people, client_of) -> None:
    client = client_of(people.curator)
    url = reverse("pair_pause_new", args=[working.pk])
    assert client.post(url, {"starts_on": iso(-90), "reason": "отпуск"}).status_code == 200
    assert client.post(url, {"starts_on": iso(0), "reason": "отпуск"}).status_code == 302
    page, rows = client.get(reverse("pair_detail", args=[working.pk])), client.get(reverse("pair_list")).context["rows"]
    assert [chip.word for chip in page.context["chips"]] == ["действует", "пауза"]
    assert [chip.word for chip in rows[0].chips] == ["пауза"]
    pause = PairPause.objects.get()
    assert client.post(reverse("pair_pause_end", args=[pause.pk]), {"ends_on": iso(-5)}).status_code == 200
    assert client.post(reverse("pair_pause_end", args=[pause.pk]), {"ends_on": iso(1)}).status_code == 302


def test_head_and_curator_set_the_rule(school, people, client_of, journal_count) -> None:
    before = journal_count()
    for name in ("curator", "director"):
        wanted = "required" if name == "curator" else "off"
        assert (
            client_of(getattr(people, name)).post(reverse("pair_rules_edit"), {"interviews": wanted}).status_code == 302
        )
        assert PairRules.objects.get(organisation=school).interviews == wanted
    assert journal_count() == before + 2
    bad = client_of(people.curator).post(reverse("pair_rules_edit"), {"interviews": "нет такого"})
    assert (bad.status_code, PairRules.objects.get(organisation=school).interviews) == (200, "off")


# --- Extensions -------------------------------------------------------------------------------------------------------
def test_mentor_asks_and_the_page_says_whose_word_is_missing(working: Pair, people, client_of) -> None:
    client, url = client_of(people.teacher), reverse("extension_new", args=[working.pk])
    bad = client.post(url, {"ends_on": iso(900), "reason": "не успеваем"})
    assert (bad.status_code, list(bad.context["form"].errors)) == (200, ["ends_on"])
    assert client.post(url, {"ends_on": iso(250), "reason": "не успеваем"}).status_code == 302
    html = client.get(reverse("pair_detail", args=[working.pk])).content.decode()
    assert f"Нужно согласие наставляемого: {working.mentees[0].short_name}" in html


def test_curator_writes_down_the_papers_and_drafts_the_order(working: Pair, people, client_of) -> None:
    client = client_of(people.curator)
    made = ask_extension(pair=working, ends_on=day(250), reason="не успеваем", actor=people.curator)
    url = reverse("extension_paper", args=[made.pk])
    for person in working.people:
        data = {"participant": person.pk, "answer": "yes", "said_on": iso(0), "paper_place": "сейф"}
        assert client.post(url, {**data, "said_on": iso(1)}).status_code == 200
        assert client.post(url, data).status_code == 302
    page = client.get(reverse("pair_detail", args=[working.pk]))
    [talk] = page.context["company"]["talks"]
    assert (talk.extension.state, talk.draft_url) == (
        "agreed",
        f"{reverse('order_draft', args=['extension'])}?extensions={made.pk}",
    )
    assert client.get(talk.draft_url).status_code == 200


def test_member_answers_on_the_own_page(working: Pair, people, client_of) -> None:
    made = ask_extension(pair=working, ends_on=day(250), reason="не успеваем", actor=people.curator)
    client, url = client_of(people.teacher), reverse("extension_answer", args=[made.pk])
    assert client.post(url, {}).status_code == 200
    assert client.post(url, {"answer": "no"}).status_code == 302
    assert Extension.objects.get(pk=made.pk).state == "declined"


def test_curator_gives_an_extension_up(working: Pair, people, client_of) -> None:
    made = agreed_extension(people, working)
    client, url = client_of(people.curator), reverse("extension_decline", args=[made.pk])
    assert client.post(url, {"reason": ""}).status_code == 200
    assert client.post(url, {"reason": "передумали"}).status_code == 302
    assert client.post(url, {"reason": "ещё раз"}).status_code == 200
    assert Extension.objects.get(pk=made.pk).decline_reason == "передумали"


# --- Closing ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"ground": "parties", "reason": "переезд"}, "initiator"),
        ({"ground": "parties", "initiator": "both"}, "reason"),
        ({"ground": "curator"}, "reason"),
        ({"ground": "full"}, "ground"),
        ({"ground": "replaced"}, "ground"),
    ],
)
def test_close_page_asks_for_the_evidence_of_the_ground(working: Pair, people, client_of, sent, field) -> None:
    programme(working, "planned")
    Pair.objects.filter(pk=working.pk).update(ends_on=day(-1))
    page = client_of(people.curator).post(reverse("pair_close", args=[working.pk]), sent)
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert Pair.objects.get(pk=working.pk).state == PairState.ACTIVE


def test_form_of_the_ending_asks_for_the_evidence(working: Pair, people, client_of) -> None:
    client, url = client_of(people.curator), reverse("order_draft", args=["ending"])
    data = {"title": "О завершении", "purpose": "В целях", "control": "self", "pairs": [working.pk], "last_day": iso(5)}
    wrong = (({"ground": "parties"}, ["initiator", "reason"]), ({"ground": "curator"}, ["reason"]))
    for more, fields in wrong:
        page = client.post(url, {**data, **more})
        assert (page.status_code, sorted(page.context["form"].errors)) == (200, fields)
    said = {"ground": "parties", "initiator": "mentee", "reason": "переезд"}
    assert client.post(url, {**data, **said}).status_code == 302
    assert Order.objects.get(kind="ending").params["initiator"] == "mentee"


@pytest.mark.parametrize("kind", ["substitution", "payments", "replacement", "extension"])
def test_form_of_every_kind_refuses_an_empty_answer_in_words(working: Pair, people, client_of, kind: str) -> None:
    data = {"title": "О паре", "purpose": "В целях", "control": "self"}
    page = client_of(people.curator).post(reverse("order_draft", args=[kind]), data)
    assert (page.status_code, page.context["form"].errors != {}) == (200, True)
    assert Order.objects.filter(kind=kind).count() == 0


# --- Cost -------------------------------------------------------------------------------------------------------------
def test_page_costs_the_same_with_one_row_and_with_three(working: Pair, school, people, client_of, queries) -> None:
    client, url = client_of(people.curator), reverse("pair_detail", args=[working.pk])
    helpers = [card(school, f"{name} Пётр Ильич") for name in ("Ивин", "Осин", "Ясин")]

    def one_more(number: int) -> None:
        add_helper(pair=working, given=Help(helpers[number], "уроки", day(0), day(0), "сейф"), actor=people.curator)
        first = day(number * 10)
        pause_pair(pair=working, starts_on=first, ends_on=first, reason="отпуск", actor=people.curator)
        order = approved_order(school, people, f"з{number}")
        working.substitutions.create(substitute=helpers[number], starts_on=first, ends_on=first, order=order)

    one_more(0)
    client.get(url)
    cost = queries(client, url)
    one_more(1)
    one_more(2)
    assert queries(client, url) == cost
    assert cost == 47


def test_list_costs_the_same_with_paused_pairs(working: Pair, second, school, people, client_of, queries) -> None:
    client, url = client_of(people.curator), reverse("pair_list")
    pause_pair(pair=working, starts_on=day(0), ends_on=None, reason="отпуск", actor=people.curator)
    client.get(url)
    cost = queries(client, url)
    for name in ("Ивин", "Осин"):
        other = in_force(form_pair(second, [card(school, f"{name} Пётр Ильич")], people.curator), people)
        pause_pair(pair=other, starts_on=day(0), ends_on=None, reason="отпуск", actor=people.curator)
    assert queries(client, url) == cost
