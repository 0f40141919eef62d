"""The page of a bank card: its facts, buttons and forms, and what the pages of people say of the banks."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import User
from mentorship.models import BankCard, BankState, ConsentKind, DictionaryEntry, PairState
from tests.mentorship.bank_builders import MENTEE, MENTOR, bank_card, consented, pair_of
from tests.mentorship.builders import agree, day, word


def url(name: str, one: BankCard) -> str:
    return reverse(f"bank_{name}", args=[one.pk])


def buttons(response) -> list[tuple[str, bool, bool]]:
    return [(one.label, bool(one.obstacles), one.post) for one in response.context["buttons"]]


# --- The card ---------------------------------------------------------------------------------------------------------
def test_card_shows_the_federal_columns_of_its_bank(mentor, people, client_of) -> None:
    mentor.phone = "+7 900 000-00-01"
    mentor.save(update_fields=["phone"])
    one = bank_card(mentor, time_resource="час в неделю", achievements="конкурс", capacity=3, wishes="до 30 лет")
    one.competences.add(word("competence", "ict"))
    facts = dict(client_of(people.curator).get(url("detail", one)).context["facts"])
    assert facts == {
        "Контактные данные": "+7 900 000-00-01",
        "Место работы или учёбы": "учитель математики",
        "Компетенции": word("competence", "ict").title,
        "Достижения": "конкурс",
        "Интересы": "",
        "Желаемый возраст наставляемых и пожелания": "до 30 лет",
        "Ресурс времени": "час в неделю",
        "Сколько человек готов вести": "3, свободно мест: 3",
        "Результаты программы": "",
    }


def test_contacts_stay_with_the_curator(mentor, people, client_of) -> None:
    mentor.phone = "+7 900 000-00-01"
    mentor.save(update_fields=["phone"])
    one = bank_card(mentor)
    for who in ("director", "methodical_union", "psychologist"):
        assert "000-00-01" not in client_of(getattr(people, who)).get(url("detail", one)).content.decode()


@pytest.mark.parametrize(
    ("role", "state", "found"),
    [
        (
            MENTOR,
            "candidate",
            [
                ("Записать согласие", False, False),
                ("Внести в банк", True, True),
                ("Записать отказ", False, False),
                ("Убрать в архив", False, False),
            ],
        ),
        (
            MENTOR,
            "selected",
            [
                ("Записать согласие", False, False),
                ("Отметить обучение", False, True),
                ("Вернуть к собеседованию", False, True),
                ("Записать отказ", False, False),
                ("Убрать в архив", False, False),
            ],
        ),
        (MENTEE, "archived", [("Записать согласие", False, False), ("Внести в банк", True, True)]),
    ],
)
def test_buttons_follow_the_state_and_explain_themselves(mentor, people, client_of, role, state, found) -> None:
    response = client_of(people.curator).get(url("detail", bank_card(mentor, role, state)))
    assert buttons(response) == found
    assert ("запишите подписанное согласие" in response.content.decode()) is any(blocked for _, blocked, _ in found)
    reader = client_of(people.director).get(url("detail", BankCard.objects.get()))
    assert reader.context["buttons"] == []


def test_steps_are_taken_from_the_page(mentor, people, client_of) -> None:
    one, client = consented(mentor, people.curator, state=BankState.CANDIDATE), client_of(people.curator)

    def after(name: str, data: dict | None = None) -> tuple[int, str]:
        status = client.post(url(name, one), data or {}).status_code
        return status, BankCard.objects.get().state

    taken = [after("enter"), after("train"), after("step_back")]
    BankCard.objects.update(state=BankState.SELECTED)
    taken += [after("train"), after("step_back")]
    taken.append(after("refuse", {"refused_on": day(0).isoformat(), "reason": "  нет   времени "}))
    taken.append(after("archive", {"reason": "порядок"}))
    assert taken == [
        (302, "in_bank"),
        (302, "in_bank"),
        (302, "in_bank"),
        (302, "trained"),
        (302, "in_bank"),
        (302, "refused"),
        (302, "archived"),
    ]


def test_refused_step_says_why_on_the_card(mentor, people, client_of) -> None:
    html = client_of(people.curator).post(url("enter", bank_card(mentor)), follow=True).content.decode()
    assert "Нет согласия на обработку персональных данных" in html


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("refuse", {"refused_on": "", "reason": "нет"}, "Обязательное поле."),
        ("refuse", {"refused_on": day(1).isoformat(), "reason": "нет"}, "не может быть в будущем"),
        ("refuse", {"refused_on": day(0).isoformat(), "reason": " "}, "Обязательное поле."),
        ("archive", {"reason": "я" * 301}, "не более 300 символов"),
        ("support", {"support": "я" * 301}, "не более 300 символов"),
        ("edit", {"capacity": "0"}, "больше либо равно 1"),
        ("edit", {"capacity": "99999999999"}, "меньше либо равно 20"),
        ("edit", {"capacity": "1", "story_url": "не адрес"}, "Введите правильный URL"),
        ("edit", {"capacity": "1", "story_url": "javascript:alert(1)"}, "Введите правильный URL"),
        ("edit", {"capacity": "1", "competences": ["999999"]}, "Выберите корректный вариант"),
        ("edit", {"capacity": "1", "achievements": "я" * 501}, "не более 500 символов"),
    ],
)
def test_bad_input_is_explained_and_nothing_is_written(
    mentor, people, client_of, name, data, words, journal_count
) -> None:
    one = bank_card(mentor)
    before = journal_count()
    response = client_of(people.curator).post(url(name, one), data)
    assert (response.status_code, words in response.content.decode(), journal_count()) == (200, True, before)


def test_edit_writes_old_and_new_and_the_day_of_the_look(mentor, people, client_of, school) -> None:
    one = bank_card(mentor, actual_on=day(-50), interests="шахматы")
    own = DictionaryEntry.objects.create(dictionary="competence", title="своё", organisation=school)
    client = client_of(people.curator)
    data = {"capacity": "2", "competences": [own.pk], "interests": " лыжи  и коньки "}
    assert client.post(url("edit", one), data).status_code == 302
    one.refresh_from_db()
    assert (one.capacity, one.interests, list(one.competences.all()), one.actual_on) == (
        2,
        "лыжи и коньки",
        [own],
        day(-50),
    )
    client.post(url("edit", one), {**data, "checked": "on"})
    one.refresh_from_db()
    assert one.actual_on == day(0)


def test_edit_offers_the_words_of_the_school_and_those_already_chosen(mentor, other_school, people, client_of) -> None:
    one, gone = bank_card(mentor), word("competence", "ict")
    one.competences.add(gone)
    DictionaryEntry.objects.filter(pk__in=[gone.pk, word("competence", "talents").pk]).update(is_active=False)
    DictionaryEntry.objects.create(dictionary="competence", title="чужое", organisation=other_school)
    offered = client_of(people.curator).get(url("edit", one)).context["form"].fields["competences"].queryset
    codes = set(offered.values_list("code", flat=True))
    assert (len(offered), "ict" in codes, "talents" in codes) == (15, True, False)


@pytest.mark.parametrize("role", [MENTOR, MENTEE])
def test_form_asks_only_what_its_bank_needs(mentor, people, client_of, role: str) -> None:
    fields = client_of(people.curator).get(url("edit", bank_card(mentor, role))).context["form"].fields
    asked = {
        MENTOR: ["competences", "capacity", "long_term"],
        MENTEE: ["difficulties", "request", "support"],
    }
    found = [[name in fields for name in names] for names in asked.values()]
    assert found == ([[True] * 3, [False] * 3] if role == MENTOR else [[False] * 3, [True] * 3])


def test_long_term_base_is_offered_after_a_finished_programme(mentor, mentee, people, client_of) -> None:
    one, client = consented(mentor, people.curator), client_of(people.curator)
    assert client.get(url("detail", one)).context["offer_long_term"] is False
    pair_of(mentor, mentee, people, PairState.CLOSED, starts_on=day(-200), ends_on=day(-1))
    assert client.get(url("detail", one)).context["offer_long_term"] is True
    for value, kept in (("on", True), ("on", True), ("off", False)):
        client.post(url("long_term", one), {"value": value})
        assert BankCard.objects.get().long_term is kept


def test_card_costs_the_same_with_one_and_three_pairs(mentor, mentee, second, people, client_of, queries) -> None:
    one, client = consented(mentor, people.curator), client_of(people.curator)
    pair_of(mentor, mentee, people, PairState.ACTIVE)
    first = queries(client, url("detail", one))
    pair_of(mentor, second, people, PairState.ACTIVE)
    pair_of(mentor, second, people, starts_on=day(300), ends_on=day(500))
    assert queries(client, url("detail", one)) == first


# --- The pages of people ----------------------------------------------------------------------------------------------
def part_of(response) -> dict:
    shown = [one.data for one in response.context["parts"] if one.template.endswith("card_banks.html")]
    return shown[0] if shown else {}


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.fixture
def both(mentor, mentee, people) -> BankCard:
    """The mentor signs in; the mentee has a card with words that only some may read."""
    mentor.user = people.teacher
    mentor.save(update_fields=["user"])
    one = consented(mentee, people.curator, MENTEE)
    BankCard.objects.update(request="порядок в классе", support="ТАЙНА ПОДДЕРЖКИ", wishes="пожелание")
    one.difficulties.add(word("difficulty", "discipline"))
    return one


def test_mentor_reads_the_needs_of_the_own_mentee_and_no_more(both, mentor, mentee, people, client_of) -> None:
    """BR-25: from the first day of the pair to its last."""
    address = f"/cabinet/participants/{mentee.pk}/"
    assert client_of(fresh(people.teacher)).get(address).status_code == 403
    pair = pair_of(mentor, mentee, people, PairState.ACTIVE)
    response = client_of(fresh(people.teacher)).get(address)
    [line] = part_of(response)["lines"]
    assert (line.facts, line.chips, line.url, part_of(response)["offers"]) == (
        [("Основной запрос", "порядок в классе"), ("Затруднения", word("difficulty", "discipline").title)],
        [],
        "",
        [],
    )
    html = response.content.decode()
    assert [one in html for one in ("ТАЙНА", "пожелание")] == [False, False]
    type(pair).objects.filter(pk=pair.pk).update(ends_on=day(-1))
    assert client_of(fresh(people.teacher)).get(address).status_code == 403


def test_mentor_does_not_read_the_mentees_card_of_a_mentor(both, mentor, mentee, people, client_of) -> None:
    bank_card(mentee, MENTOR, achievements="чужое дело")
    pair_of(mentor, mentee, people, PairState.ACTIVE)
    response = client_of(fresh(people.teacher)).get(f"/cabinet/participants/{mentee.pk}/")
    assert [line.card.role for line in part_of(response)["lines"]] == ["mentee"]


def test_everybody_reads_the_own_cards_without_the_curators_notes(both, mentee, mentor, people, client_of) -> None:
    mentor.user = None
    mentor.save(update_fields=["user"])
    mentee.user = people.teacher
    mentee.save(update_fields=["user"])
    response = client_of(fresh(people.teacher)).get("/cabinet/card/")
    [line] = part_of(response)["lines"]
    assert [label for label, _ in line.facts] == ["Основной запрос", "Затруднения", "Пожелания к наставнику"]
    assert [chip.word for chip in line.chips] == ["в банке", "без наставника"]
    assert (line.url, part_of(response)["offers"], "ТАЙНА" in response.content.decode()) == ("", [], False)


def test_curator_goes_from_the_person_to_the_bank(both, mentee, people, client_of) -> None:
    part = part_of(client_of(people.curator).get(f"/cabinet/participants/{mentee.pk}/"))
    assert [line.url for line in part["lines"]] == [url("detail", both)]
    assert [role for role, _ in part["offers"]] == ["mentor"]
    part = part_of(client_of(people.director).get(f"/cabinet/participants/{mentee.pk}/"))
    assert ([line.url for line in part["lines"]], part["offers"]) == ([url("detail", both)], [])


def test_who_may_read_nothing_of_the_banks_sees_no_section(mentor, people, client_of) -> None:
    agree(mentor, ConsentKind.PROCESSING, people.curator)
    bank_card(mentor)
    assert part_of(client_of(people.curator).get(f"/cabinet/participants/{mentor.pk}/")) != {}
    mentor.class_teacher = people.class_teacher
    mentor.save(update_fields=["class_teacher"])
    response = client_of(people.class_teacher).get(f"/cabinet/participants/{mentor.pk}/")
    assert (response.status_code, part_of(response)) == (200, {})
