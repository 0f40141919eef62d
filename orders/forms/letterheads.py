"""Input of the letterhead: margins, type, what stands on the sheet beside the text."""

from __future__ import annotations

from typing import Any

from django import forms

from orders.models import Letterhead

NO_EMBLEM = "Эмблема не загружена: добавьте её на странице организации или снимите отметку."


class LetterheadForm(forms.ModelForm):
    class Meta:
        model = Letterhead
        fields = [
            "left_mm",
            "right_mm",
            "top_mm",
            "bottom_mm",
            "font_size_pt",
            "line_spacing",
            "with_emblem",
            "with_code",
            "stamp",
        ]
        help_texts = {
            "left_mm": "30 мм — для документов, которые хранят десять лет и дольше; иначе 20.",
            "with_emblem": "Рисунок берётся со страницы организации.",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("with_emblem") and not self.instance.organisation.emblem:
            self.add_error("with_emblem", NO_EMBLEM)
        return data
