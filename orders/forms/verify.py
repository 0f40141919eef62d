"""A file to be compared with the one the portal made; it is counted and not kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms

MOST_BYTES = 20 * 1024 * 1024


class VerifyForm(forms.Form):
    """A file to compare with the papers of an order: `sums` are the SHA-256 of those that the portal made."""

    file = forms.FileField(label="Файл приказа", help_text="PDF или DOCX. Файл сравнивается и сразу забывается.")

    def __init__(self, *args: Any, sums: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sums = sums

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("Файл больше 20 МБ: это не тот файл, который создал портал.")
        counted = hashlib.sha256()
        for chunk in file.chunks():
            counted.update(chunk)
        if counted.hexdigest() not in self.sums:
            raise forms.ValidationError(
                "Файл отличается от того, что создал портал: его меняли, пересохраняли или это другой документ."
            )
        return file
