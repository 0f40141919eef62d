"""Input of an import: the file, the meaning of its columns, the answers about possible duplicates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from core.sheets.fields import TableField
from mentorship.models import ImportBatch
from mentorship.sheets.columns import COLUMNS, lacking
from mentorship.sheets.known import NEW

SKIP = "не загружать"


class UploadForm(forms.Form):
    file = TableField(label="Файл с таблицей")


class ColumnsForm(forms.Form):
    """One list for each header of the file; `rows` goes through them for the page."""

    def __init__(self, *args: Any, batch: ImportBatch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        choices = [("", SKIP), *((column.name, column.title) for column in COLUMNS)]
        for number, header in enumerate(batch.headers):
            title = header["title"]
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=f"Что в колонке «{title}»",
                choices=choices,
                required=False,
                initial=batch.mapping.get(title, ""),
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def rows(self) -> list[tuple[Mapping[str, Any], forms.BoundField]]:
        """Each header with its first values and its list."""
        return list(zip(self.batch.headers, self, strict=True))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and (refusals := lacking(self.mapping())):
            raise forms.ValidationError(refusals)
        return data

    def mapping(self) -> dict[str, str]:
        """Header of the file → name of the column it means."""
        return {
            header["title"]: self.cleaned_data.get(f"column_{number}", "")
            for number, header in enumerate(self.batch.headers)
        }


class DoublesForm(forms.Form):
    """One question for each row that may be about somebody known; questions left open stay open."""

    def __init__(self, *args: Any, doubles: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for double in doubles:
            cards = [(str(card["pk"]), card["name"]) for card in double["cards"]]
            self.fields[f"row_{double['row']}"] = forms.ChoiceField(
                label=f"Строка {double['row']}: {double['name']}",
                choices=[*cards, (NEW, "новый человек")],
                required=False,
            )

    def answers(self) -> dict[int, Any]:
        """Line → key of the card or "new"."""
        return {
            int(name.removeprefix("row_")): answer if answer == NEW else int(answer)
            for name, answer in self.cleaned_data.items()
            if answer
        }
