"""People in the words of an order."""

from __future__ import annotations

import pytest

from accounts.models import DeclensionOverride
from orders.services.facts import overrides_for, person_facts

NB = "\u00a0"


def test_person_has_six_cases_of_name_short_name_and_post():
    facts = person_facts("Теслина Светлана Николаевна", "", "заместитель директора", number=7)
    assert facts["full"] == {
        "nominative": "Теслина Светлана Николаевна",
        "genitive": "Теслиной Светланы Николаевны",
        "dative": "Теслиной Светлане Николаевне",
        "accusative": "Теслину Светлану Николаевну",
        "instrumental": "Теслиной Светланой Николаевной",
        "prepositional": "Теслиной Светлане Николаевне",
    }
    assert facts["short"]["accusative"] == f"Теслину{NB}С.{NB}Н."
    assert facts["signature"] == f"С.{NB}Н.{NB}Теслина"
    assert facts["post"]["accusative"] == "заместителя директора"
    assert (facts["number"], facts["gender"]) == (7, "f")


def test_name_with_initials_stays_as_it_was_written():
    facts = person_facts("Теслина С.Н.", "f", "заместитель директора по учебно-воспитательной работе")
    assert facts["short"]["accusative"] == f"Теслину{NB}С.Н."
    assert facts["post"]["accusative"] == "заместителя директора по учебно-воспитательной работе"


@pytest.mark.parametrize(
    ("name", "gender", "accusative"),
    [
        ("Константинопольская-Добровольская Александра Вячеславовна", "f", "Константинопольскую-Добровольскую А. В."),
        ("Светлана Николаевна Теслина", "f", "Теслину С. Н."),
        ("Ли Виктор", "m", "Ли В."),
    ],
)
def test_short_name_takes_the_surname_from_the_nominative(name, gender, accusative):
    assert person_facts(name, gender, "")["short"]["accusative"].replace(NB, " ") == accusative


def test_saved_forms_win_over_overrides_and_overrides_over_grammar(db):
    forms = {case: f"Гойя {case}" for case in ("genitive", "dative", "accusative", "instrumental", "prepositional")}
    DeclensionOverride.objects.create(kind="name", nominative="Гойя Пётр Ильич", **forms)
    overrides = overrides_for(["гойя пётр ильич"])
    assert person_facts("Гойя Пётр Ильич", "m", "", overrides=overrides)["full"]["dative"] == "Гойя dative"
    saved = {"dative": "Гойе Петру Ильичу"}
    with_both = person_facts("Гойя Пётр Ильич", "m", "", forms=saved, overrides=overrides)
    assert with_both["full"]["dative"] == "Гойе Петру Ильичу"
    assert with_both["full"]["genitive"] == "Гойя genitive"
    assert with_both["full"]["nominative"] == "Гойя Пётр Ильич"


def test_override_of_a_post_is_found_without_regard_to_case(db):
    cases = ("genitive", "dative", "accusative", "instrumental", "prepositional")
    DeclensionOverride.objects.create(kind="post", nominative="Тьютор", **{case: f"тьютор-{case}" for case in cases})
    facts = person_facts("Ли Виктор", "m", "тьютор", overrides=overrides_for(["тьютор"]))
    assert facts["post"]["instrumental"] == "тьютор-instrumental"
    assert overrides_for(["  "]) == {}
