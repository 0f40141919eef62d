"""Input of the school's own words on its public section."""

from __future__ import annotations

from django import forms

from site_section.models import Section


class SectionForm(forms.ModelForm):
    class Meta:
        model = Section
        fields = ["is_open", "lead", "about", "contacts"]
        widgets = {"about": forms.Textarea(attrs={"rows": 10}), "contacts": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "is_open": "Закрытый раздел никто, кроме сотрудников, не увидит.",
            "lead": "Одно-два предложения под заголовком первой страницы.",
            "about": "Каждый абзац с новой строки. Имён педагогов здесь не пишите: они появляются только по согласию.",
            "contacts": "Кабинет, часы приёма, телефон и почта куратора. Каждая строка с новой строки.",
        }
