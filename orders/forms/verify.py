"""A file to be compared with the one the portal made; it is counted and not kept."""

from __future__ import annotations

from django import forms

MOST_BYTES = 20 * 1024 * 1024


class VerifyForm(forms.Form):
    file = forms.FileField(
        label="Файл приказа", help_text="PDF или DOCX. Файл сравнивается и сразу забывается.", allow_empty_file=True
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("Файл больше 20 МБ: это не тот файл, который создал портал.")
        return file
