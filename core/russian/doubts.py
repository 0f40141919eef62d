"""Why the forms of a name deserve a look: the kinds that vary in use, and where two grammars disagree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from core.russian.cases import NOT_VOWEL as C
from core.russian.cases import VOWEL as V
from core.russian.cases import Forms, Gender, as_gender, plain
from core.russian.dictionary import common_noun, is_given_name, second_opinions
from core.russian.given import FIXED_WOMEN, SLAVIC_O, UKRAINIAN_O
from core.russian.given import single as given_forms
from core.russian.parts import CLOSING_PATRONYMIC, HYPHEN, Role, Word, gender_by_patronymic, gender_in, tidy, words_of
from core.russian.surnames import FEMALE_NOUNS, FIXED_FIRST, GEORGIAN, LIKE_NOUN, NOT_POSSESSIVE, STRESSED
from core.russian.surnames import single as surname_forms

M, F = Gender.MALE, Gender.FEMALE

# Endings that leave no choice, so that nobody need be asked.
CERTAIN = {
    M: re.compile(
        f"{V}.*[оеё]в$|{V}.*[кхжчшщц][иы]н$|[сц]к[ио]й$|.ый$|{C}ых$|[гкхжчшщ]их$|[оеёиуыэю]$|{V}.*[^аеёиоуыэюяч]ич$"
        f"|[бгдзклмпрстфх]$|[^оеё]в$|[^иы]н$|[^жшч][аеуюяэ]й$|{C}ц$|{V}.*[^жчшщ]ь$|{C}ка$|ия$"
    ),
    F: re.compile(f"[бвгджзйклмнпрстфхцчшщьоеёиуыэю]$|..[оеё]ва$|...[иы]на$|[сц]кая$|{C}ка$|ия$|[нмвтр]ая$"),
}
DROPS_OUT = re.compile(f"(?:ец|яц|{V}.*(?:[оеё]к|ень))$|^(?:лев|павел|журавель)$")
HUSHED = re.compile("(?:[жшщ]|[^и]ч|[жшщч]ь)$|^(?:кузьм|иль|фом|лук|москв|б)ич$")
HUSHED_A = re.compile("(?:[жшчщ]|[^и]ц)а$")
OF_OTHER_GENDER = {M: re.compile("...[оеё]ва$|[сц]кая$"), F: re.compile("...[оеё]в$|[сц]кий$|.ый$")}

MARKS = {Role.SURNAME: "Surn", Role.GIVEN: "Name"}
LABELS = {Role.SURNAME: "Фамилия", Role.GIVEN: "Имя", Role.PATRONYMIC: "Отчество"}

UNKNOWN_GENDER = "Пол не указан, а по отчеству его не узнать: имя оставлено в именительном падеже. Укажите пол."
GENDER_BY_SURNAME = "Пол определён только по окончанию фамилии. Укажите пол."
NO_PATRONYMIC = "Отчество не найдено, а слов больше двух: проверьте, где здесь фамилия и где имя."


def needs_check(full_name: str, *, gender: Gender | str | None = None) -> list[str]:
    """Russian sentences why the forms of this name should be read by a person; none if they are beyond doubt."""
    words = words_of(tidy(full_name))
    told = as_gender(gender)
    known = told or gender_in(words)
    if not words:
        return []
    if known is None:
        return [UNKNOWN_GENDER]
    by_surname = told is None and not any(word.role in (Role.PATRONYMIC, Role.FATHER) for word in words)
    guessed = [GENDER_BY_SURNAME] if by_surname else []
    return list(contradictions(words, known)) or [*guessed, *about_words(words, known)]


def contradictions(words: tuple[Word, ...], gender: Gender) -> Iterator[str]:
    """Words that belong to the other gender; until that is settled the forms mean nothing."""
    for word in words:
        lower = word.text.lower()
        if word.role is Role.PATRONYMIC and CLOSING_PATRONYMIC.search(lower) and gender_by_patronymic(lower) != gender:
            yield f"Отчество «{word.text}» не подходит к указанному полу. Проверьте пол."
        if word.role is Role.SURNAME and OF_OTHER_GENDER[gender].search(lower):
            yield f"Фамилия «{word.text}» не похожа на {'мужскую' if gender == M else 'женскую'}. Проверьте её и пол."


def about_words(words: tuple[Word, ...], gender: Gender) -> Iterator[str]:
    roles = [word.role for word in words]
    if roles.count(Role.GIVEN) > 1 and Role.PATRONYMIC not in roles:
        yield NO_PATRONYMIC
    for word in words:
        if word.role in LABELS and not word.is_russian:
            yield f"«{word.text}» написано не русскими буквами и оставлено без изменения."
        elif word.role in LABELS:
            yield from about_word(word, gender)


def about_word(word: Word, gender: Gender) -> Iterator[str]:
    """Doubts about a surname, a given name or a patronymic, half by half."""
    *first, last = HYPHEN.split(word.text)[::2]
    for piece in first:
        if word.role is Role.SURNAME and piece.lower() in FIXED_FIRST:
            continue
        yield from about_piece(piece, word.role, gender)
        if word.role is Role.SURNAME and gender == M and may_be_frozen(piece.lower()):
            yield f"Фамилия «{word.text}»: первая часть может не склоняться. Спросите, как принято в семье."
    yield from about_piece(last, word.role, gender)


def about_piece(piece: str, role: Role, gender: Gender) -> Iterator[str]:
    doubt = DOUBTS[role](piece.lower(), gender)
    if doubt:
        yield f"{LABELS[role]} «{piece}»: {doubt}"


def may_be_frozen(first_half: str) -> bool:
    """«Бонч-», «Грум-»: a first half of one syllable that is not of the usual kind."""
    return len(re.findall(V, first_half)) == 1 and not re.search(f"{V}$|[оеё]в$", first_half)


def shown(form: str) -> str:
    return f"«{form.capitalize()}»"


def surname_doubt(word: str, gender: Gender) -> str | None:
    of_custom = about_woman(word) if gender == F else about_vowel(word)
    if of_custom or about_stress(word, gender):
        return of_custom or about_stress(word, gender)
    like_feminine = gender == M and word.endswith("ь") and common_noun(word, F)
    if CERTAIN[gender].search(word) and word not in NOT_POSSESSIVE | GEORGIAN and not like_feminine:
        return None
    return by_second_grammar(word, Role.SURNAME, gender, surname_forms(word, gender))


def about_vowel(word: str) -> str | None:
    """A vowel of a man's surname that may drop out."""
    genitive = surname_forms(word, M)[0]
    like_noun = LIKE_NOUN.search(word) and not word.endswith(("ой", "ий"))
    if DROPS_OUT.search(word) or (like_noun and not genitive.startswith(word.rstrip("йь"))):
        return f"гласная может выпадать или сохраняться, здесь {shown(genitive)}. Спросите, как принято в семье."
    return None


def about_stress(word: str, gender: Gender) -> str | None:
    """«-ом» or «-ем», «-ой» or «-ей»: decided by a stress that letters do not show."""
    if HUSHED_A.search(word) or (gender == M and (HUSHED.search(word) or word in STRESSED)):
        return f"творительный падеж зависит от ударения, здесь {shown(surname_forms(word, gender)[3])}. Проверьте его."
    return None


def about_woman(word: str) -> str | None:
    """A woman's surname that is also an ordinary noun: Калины or Калиной?"""
    possessive = re.search("(?:[оеё]в|[иы]н)а$", word)
    if possessive and (word in FEMALE_NOUNS or len(word) < 5 or common_noun(word, F)):
        return f"форма зависит от мужской фамилии в семье, здесь {shown(surname_forms(word, F)[0])}. Проверьте."
    return None


def given_doubt(word: str, gender: Gender) -> str | None:
    forms = given_forms(word, gender)
    if word in FIXED_WOMEN | SLAVIC_O | UKRAINIAN_O or (gender == F and word.endswith("ль")):
        return f"допустимо и склонять, и не склонять, здесь {shown(forms[0])}. Спросите, как принято в семье."
    if is_given_name(word, gender):
        return by_second_grammar(word, Role.GIVEN, gender, forms)
    if gender == M and re.search("[ая]$", word):
        return f"имени нет в словаре, здесь {shown(forms[0])}. Проверьте."
    return None


def patronymic_doubt(word: str, gender: Gender) -> str | None:
    return None if CLOSING_PATRONYMIC.search(word) else "не похоже на русское отчество. Проверьте формы."


def by_second_grammar(word: str, role: Role, gender: Gender, ours: Forms) -> str | None:
    """The doubt raised by the dictionary: it declines otherwise, or does not know the word."""
    opinions = second_opinions(word, MARKS[role], gender)
    if not opinions and word[-1] in "ая":
        noun = common_noun(word, F) or common_noun(word, M)
        opinions = [noun] if noun else []
    if not opinions:
        usual = re.search(f"{V}.*[иы]н$", word)
        return None if usual else f"слова нет в словаре, форма {shown(ours[0])} найдена по окончанию. Проверьте."
    mine = [plain(form) for form in ours]
    theirs = [[plain(form) for form in opinion] for opinion in opinions]
    if mine in theirs:
        return None
    place = next(number for number, form in enumerate(mine) if form != theirs[0][number])
    return f"по правилам {shown(ours[place])}, по словарю {shown(opinions[0][place])}. Проверьте все формы."


DOUBTS: dict[Role, Callable[[str, Gender], str | None]] = {
    Role.SURNAME: surname_doubt,
    Role.GIVEN: given_doubt,
    Role.PATRONYMIC: patronymic_doubt,
}
