"""Reading the tables of right forms and comparing the grammar with them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from core.russian import OBLIQUE

DATA = Path(__file__).resolve().parents[1] / "data"
Row = dict[str, str]


def rows(file: str, kind: str) -> list[Row]:
    return [row for row in table(file) if row["kind"] == kind]


def table(file: str) -> Iterator[Row]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def plain(text: str) -> str:
    """«ё» is optional in Russian print, so it does not decide what is right."""
    return text.replace("ё", "е").replace("Ё", "Е")


def also_right() -> dict[tuple[str, str, str], set[str]]:
    """Forms that custom accepts beside the first one: Зайца and Заяца."""
    return {
        (row["nominative"], row["gender"], row["case"]): {plain(form) for form in row["also_acceptable"].split("|")}
        for row in table("declension_gold_variants.csv")
    }


def wrong(file: str, kind: str, forms_of: Callable[[Row], dict[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """{nominative: [(ours, right), …]} of everything that has at least one wrong case."""
    variants, found = also_right(), {}
    for row in rows(file, kind):
        ours = forms_of(row)
        bad = [
            (ours[case], row[case])
            for case in OBLIQUE
            if plain(ours[case]) != plain(row[case])
            and plain(ours[case]) not in variants.get((row["nominative"], row["gender"], case.value), set())
        ]
        if bad:
            found[row["nominative"]] = bad
    return found


def ordinary_names() -> list[str]:
    return (DATA / "ordinary_names.txt").read_text(encoding="utf-8").splitlines()
