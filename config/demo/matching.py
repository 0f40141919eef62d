"""Finding pairs in the demo school: wishes of some people, a search, a second one with a pair the curator has fixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from config.demo import banks
from config.demo.story import Story
from mentorship.models import BankCard, BankRole, ConsentKind, DictionaryEntry
from mentorship.services.banks import open_cards
from mentorship.services.matching import ask, fixed_with, result_of, save_wishes

# Who → whom they would like to lead or to learn from, whom rather not; everybody here signs in themselves.
WISHES: dict[str, tuple[BankRole, Sequence[str], Sequence[str]]] = {
    "Бондаренко": (BankRole.MENTEE, ("Сафина", "Лапина"), ()),
    "Ткач": (BankRole.MENTEE, ("Орлова",), ("Палий",)),
    "Ефремова": (BankRole.MENTOR, ("Константинопольская-Добровольская", "Петренко"), ("Ильина",)),
}
# Three more who wait today: one whom somebody suits, one whose helpers are few, one of whom nothing is known yet.
NEW_MENTEES = {
    "Кузьмин": banks.Wish(("ict", "motivation"), "Показывать презентации и не терять внимание класса"),
    "Нестерова": banks.Wish(("documents", "special-needs"), "Вести карты сопровождения"),
    "Морозова": banks.Wish((), ""),
}
# The one mentor of the other school who agreed to be known outside it.
NEIGHBOUR = "Остапенко"


def tell(story: Story) -> None:
    """The wishes, and two searches of the curator."""
    with story.calendar.at(-5):
        banks.add(story, BankRole.MENTEE, NEW_MENTEES)
    with story.calendar.at(-4):
        for surname, (role, wanted, avoided) in WISHES.items():
            author: Any = story.cards[surname]
            save_wishes(
                author=author,
                preferred={role.value: [story.cards[name] for name in wanted]},
                avoided={role.value: [story.cards[name] for name in avoided]},
                actor=author.user,
            )
    with story.calendar.at(-1):
        direction = story.word("entering-profession")
        first = ask(organisation=story.organisation, direction=direction, actor=story.curator)
        proposed = result_of(first).proposals[0]
        fixed = fixed_with(first, proposed.mentee, proposed.mentor)
        ask(organisation=story.organisation, direction=direction, actor=story.curator, fixed=fixed)


def tell_of_the_neighbour(story: Story) -> None:
    """A mentor of the other school whom the schools of the town may ask for."""
    story.consents([NEIGHBOUR], ConsentKind.TRANSFER, -40)
    with story.calendar.at(-39):
        cards = open_cards(
            organisation=story.organisation,
            people=[story.cards[NEIGHBOUR]],
            role=BankRole.MENTOR,
            actor=story.curator,
            enter=True,
        )
        words = DictionaryEntry.objects.filter(organisation=None, dictionary="competence")
        BankCard.objects.get(pk=cards[0].pk).competences.set(words.filter(code__in=["families", "contests"]))
