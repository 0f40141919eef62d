"""Input of a school's own words for the dictionaries."""

from __future__ import annotations

from django import forms
from django.db.models import F

from mentorship.models import DictionaryEntry
from mentorship.models.participants import plain


class WordForm(forms.ModelForm):
    """One word. The instance must know its organisation and dictionary."""

    class Meta:
        model = DictionaryEntry
        fields = ["title", "position", "is_active"]
        help_texts = {
            "title": "С маленькой буквы, как слово будет стоять в карточках и документах.",
            "position": "Меньшее число — выше в списке.",
            "is_active": "Снимите, чтобы больше не предлагать; там, где слово уже выбрано, оно останется.",
        }

    def clean_title(self) -> str:
        """One space between words; the same word, common or one's own, is refused whatever its capitals and Ё."""
        title = " ".join(self.cleaned_data["title"].split())
        word = self.instance
        known = DictionaryEntry.objects.filter(dictionary=word.dictionary).exclude(pk=word.pk)
        known = known.of(word.organisation).alias(plain_title=plain(F("title")))
        if known.filter(**{"plain_title": title.lower().replace("ё", "е")}).exists():
            raise forms.ValidationError("Такое слово в словаре уже есть.")
        return title
