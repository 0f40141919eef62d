"""Logins for people who have no e-mail: made from the name, short enough to be read from a slip and typed."""

from __future__ import annotations

import re
from collections.abc import Collection

from accounts.models import User

LETTERS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
STRANGE = re.compile(r"[^a-z0-9]")
LONGEST_SURNAME = 40


def latin(text: str) -> str:
    """«Щербакова» → «scherbakova»; whatever is neither a letter nor a digit is left out."""
    return STRANGE.sub("", "".join(LETTERS.get(sign, sign) for sign in text.lower()))


def login_of(full_name: str) -> str:
    """«Иванова Анна Петровна» → «ivanova.ap»; of a double surname the first half is enough."""
    words = full_name.split() or [""]
    surname = latin(words[0].partition("-")[0])[:LONGEST_SURNAME] or "user"
    initials = "".join(latin(word)[:1] for word in words[1:3])
    return f"{surname}.{initials}" if initials else surname


def free_login(full_name: str, *, taken: Collection[str] = ()) -> str:
    """The login of the name, with the first free number where it is taken; `taken` are further ones to avoid."""
    base = login_of(full_name)
    known = set(User.objects.filter(username__istartswith=base).values_list("username", flat=True))
    busy = {login.lower() for login in (*known, *taken)}
    number = 1
    while (login := base if number == 1 else f"{base}{number}") in busy:
        number += 1
    return login
