"""The registry of ready texts: other apps tell here what a new local act may begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class ReadyText:
    """A text to begin an act with.

    kind      a value of `LocalAct.Kind`
    name      in the list: «Положение о наставничестве педагогов»
    title     of the act; «{organisation}» gives way to the short name of the organisation
    sections  heading → clauses, without numbers: these are put in order when the text is taken
    """

    code: str
    kind: str
    name: str
    title: str
    sections: Sequence[tuple[str, Sequence[str]]]

    def words_for(self, organisation: str) -> dict[str, str]:
        """What the form of a new act begins with."""
        title = self.title.replace("{organisation}", organisation)
        return {"kind": self.kind, "title": title, "text": self.text_for(organisation)}

    def text_for(self, organisation: str) -> str:
        """Numbered lines: «1. Общие положения», «1.1. …»."""
        lines = []
        for section, (heading, clauses) in enumerate(self.sections, start=1):
            lines.append(f"{section}. {heading}")
            lines += [f"{section}.{place}. {clause}" for place, clause in enumerate(clauses, start=1)]
        return "\n".join(lines).replace("{organisation}", organisation)


TEXTS: dict[str, ReadyText] = {}


def register_text(text: ReadyText) -> None:
    if TEXTS.get(text.code, text) != text:
        raise ImproperlyConfigured(f"Ready text {text.code} is registered twice")
    TEXTS[text.code] = text


def read_text(code: str, content: str) -> ReadyText:
    """A ready text as a data file keeps it: «kind: …», «name: …», «title: …», then «# Heading» and a clause a line."""
    words: dict[str, str] = {}
    sections: list[tuple[str, list[str]]] = []
    for line in filter(None, map(str.strip, content.splitlines())):
        if line.startswith("# "):
            sections.append((line[2:], []))
        elif sections:
            sections[-1][1].append(line)
        else:
            name, _, value = line.partition(":")
            words[name] = value.strip()
    kept = tuple((heading, tuple(clauses)) for heading, clauses in sections)
    return ReadyText(code, words["kind"], words["name"], words["title"], kept)
