"""All clauses of a draft in one form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from orders.models import Clause
from orders.services.drafting import LONGEST
from orders.services.facts import OBLIQUE
from orders.services.words import CASE_NAMES

PREFIX = "clause-"
LETTERS_A_LINE, MOST_ROWS = 50, 15


def rows_for(text: str) -> int:
    """How tall a field shows the whole text, about as many letters a line as the page has."""
    return min(max(2, sum(len(line) // LETTERS_A_LINE + 1 for line in text.splitlines())), MOST_ROWS)


class ClausesForm(forms.Form):
    """One text for each clause, a new clause, and the version of the draft that the person has seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    new = forms.CharField(
        label="Новый пункт",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )

    def __init__(self, *args: Any, clauses: Sequence[Clause], names: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for clause in clauses:
            self.fields[f"{PREFIX}{clause.pk}"] = forms.CharField(
                label=names[clause.pk],
                initial=clause.text,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": rows_for(clause.text), "class": "form-control"}),
                error_messages={"required": "Текст пуст. Если пункт не нужен, уберите его."},
            )

    @property
    def typed(self) -> dict[int, str]:
        """Key of a clause → what stands in its field now, right or wrong."""
        names = [name for name in self.fields if name.startswith(PREFIX)]
        return {int(name.removeprefix(PREFIX)): str(self[name].value() or "") for name in names}

    @property
    def texts(self) -> dict[int, str]:
        """Key of a clause → its text, of a valid form."""
        own = {name: text for name, text in self.cleaned_data.items() if name.startswith(PREFIX)}
        return {int(name.removeprefix(PREFIX)): text for name, text in own.items()}

    @property
    def orphans(self) -> list[str]:
        """Texts sent for clauses that are not in the draft any more."""
        return [
            text for name, text in self.data.items() if name.startswith(PREFIX) and name not in self.fields and text
        ]


QUESTIONS = ["нет кого?", "кому?", "вижу кого?", "кем?", "о ком?"]


class WordForm(forms.Form):
    """Five oblique forms of a name or a post."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for case, question in zip(OBLIQUE, QUESTIONS, strict=True):
            label = f"{CASE_NAMES[case].capitalize()} — {question}"
            self.fields[case.value] = forms.CharField(label=label, max_length=210)
