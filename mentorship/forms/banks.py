"""Input of the banks: a card, the reasons of its steps, the filters of the lists."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.models import Organisation
from accounts.permissions import today
from mentorship.models import BankCard, BankRole, BankState, DictionaryEntry

Dictionary = DictionaryEntry.Dictionary
COMMON = ["request", "interests", "wishes", "achievements", "outcome", "story_url"]
FIELDS = {
    BankRole.MENTOR: [
        "competences",
        "capacity",
        "time_resource",
        "wishes",
        "achievements",
        "interests",
        "long_term",
        "outcome",
        "story_url",
    ],
    BankRole.MENTEE: [
        "difficulties",
        "request",
        "wishes",
        "time_resource",
        "interests",
        "achievements",
        "support",
        "outcome",
        "story_url",
    ],
}
LABELS = {
    BankRole.MENTOR: {"wishes": "желаемый возраст наставляемых и пожелания к ним"},
    BankRole.MENTEE: {"wishes": "пожелания к наставнику", "time_resource": "когда удобно встречаться"},
}
WORDS = {BankRole.MENTOR: Dictionary.COMPETENCE, BankRole.MENTEE: Dictionary.DIFFICULTY}
PEOPLE = {"teachers": ("педагоги", ("teacher", "head")), "pupils": ("обучающиеся", ("pupil", "student"))}
EVERYBODY = ("", "все")


def role_in(text: str) -> BankRole:
    """The bank that an address names; the mentors' where it names none."""
    return BankRole.MENTEE if text == BankRole.MENTEE else BankRole.MENTOR


class BankCardForm(forms.ModelForm):
    """What the curator writes on a card: the fields of its bank, words of dictionaries as boxes."""

    story_url = forms.URLField(
        label="Ссылка на кейс или отзыв",
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text="Адрес страницы сайта, на которой рассказано о работе пары.",
    )
    checked = forms.BooleanField(
        label="Сведения проверены сегодня",
        required=False,
        initial=True,
        help_text="Снимите отметку, если исправляете только опечатку: раз в год карточку просматривают целиком.",
    )

    class Meta:
        model = BankCard
        fields = sorted({name for names in FIELDS.values() for name in names})
        widgets = {
            "competences": forms.CheckboxSelectMultiple,
            "difficulties": forms.CheckboxSelectMultiple,
            **{name: forms.Textarea(attrs={"rows": 2}) for name in (*COMMON[:4], "support")},
            "outcome": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "request": "Своими словами, с чем нужна помощь.",
            "support": "Кто и чем помогает, пока нет наставника. Видят те, кто ведёт банк.",
            "outcome": "Дописывается само, когда пара завершена.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        card = self.instance
        role = BankRole(card.role)
        for name in set(self.Meta.fields) - set(FIELDS[role]):
            del self.fields[name]
        for name, label in LABELS[role].items():
            self.fields[name].label = label.capitalize()
        self.offer_words("competences" if role == BankRole.MENTOR else "difficulties", WORDS[role])
        self.order_fields([*FIELDS[role], "checked"])

    def offer_words(self, name: str, dictionary: str) -> None:
        """The words in use and those that already stand on the card."""
        card = self.instance
        offered = DictionaryEntry.objects.offered(card.participant.organisation, dictionary)
        chosen = getattr(card, name).order_by()
        rows = DictionaryEntry.objects.filter(dictionary=dictionary)
        self.fields[name].queryset = rows.filter(pk__in=offered.values("pk")) | rows.filter(  # type: ignore[attr-defined]
            pk__in=chosen.values("pk")
        )

    def clean(self) -> dict[str, Any]:
        """One space between words; the results keep a line for each programme."""
        data = super().clean() or self.cleaned_data
        for name in (*COMMON[:4], "support", "time_resource"):
            if name in data:
                data[name] = " ".join(data[name].split())
        if "outcome" in data:
            data["outcome"] = "\n".join(line.strip() for line in data["outcome"].splitlines() if line.strip())
        return data


class ReasonForm(forms.Form):
    """Why a step is taken."""

    reason = forms.CharField(
        label="Основание",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Например: «перешла на административную работу».",
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())


class RefusalForm(ReasonForm):
    refused_on = forms.DateField(label="Дата отказа", initial=today, widget=date_input())
    field_order = ["refused_on", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = "Например: «заявление от 05.10.2026, большая нагрузка»."


class SupportForm(forms.Form):
    support = forms.CharField(
        label="Поддержка до появления пары",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Кто и чем помогает, пока идёт поиск наставника. Если не нужна, оставьте пустым.",
    )

    def clean_support(self) -> str:
        return " ".join(self.cleaned_data["support"].split())


class BankFilter(forms.Form):
    """The filter of a bank; what cannot be read narrows nothing. `show` mixes stored and computed states."""

    STANDING, FREE, START, LONG = "standing", "free", "start", "long"
    WITHOUT, PAIRED, OUTDATED, NO_CONSENT = "without", "paired", "outdated", "no_consent"
    SHOWN = {
        BankRole.MENTOR: [
            (STANDING, "в банке"),
            (BankState.CANDIDATE.value, "кандидаты"),
            (BankState.SELECTED.value, "отобраны"),
            (BankState.TRAINED.value, "обучены"),
            (FREE, "есть свободные места"),
            (START, "стартовый список: ещё не назначались"),
            (LONG, "долгосрочная база"),
        ],
        BankRole.MENTEE: [
            (STANDING, "в банке"),
            (BankState.CANDIDATE.value, "кандидаты"),
            (BankState.INTERVIEWED.value, "собеседование пройдено"),
            (WITHOUT, "без наставника"),
        ],
    }
    SHOWN_IN_BOTH = [
        (PAIRED, "сейчас в паре"),
        (NO_CONSENT, "нет согласия"),
        (OUTDATED, "сведения устарели"),
        (BankState.REFUSED.value, "отказались"),
        (BankState.ARCHIVED.value, "в архиве"),
    ]

    KEPT = frozenset({STANDING, BankState.CANDIDATE.value, *dict(SHOWN_IN_BOTH)})

    role = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="Фамилия, имя или отчество", required=False, max_length=100)
    show = forms.ChoiceField(label="Показать", required=False)
    word = forms.ModelChoiceField(DictionaryEntry.objects.none(), required=False, empty_label="любые")
    subject = forms.CharField(label="Должность, предмет, класс", required=False, max_length=100)
    people = forms.ChoiceField(
        label="Кто", required=False, choices=[EVERYBODY, *((key, label) for key, (label, _) in PEOPLE.items())]
    )

    def __init__(self, *args: Any, organisation: Organisation, role: BankRole, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "всех, кто в работе"), *self.SHOWN[role], *self.SHOWN_IN_BOTH]
        self.fields["show"].choices = choices  # type: ignore[attr-defined]
        word = self.fields["word"]
        word.label = "Компетенция" if role == BankRole.MENTOR else "Затруднение"
        word.queryset = DictionaryEntry.objects.of(organisation).filter(dictionary=WORDS[role])  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, Any]:
        """The readable choices: a wrong value counts as none."""
        self.is_valid()
        return self.cleaned_data


class NewcomersFilter(forms.Form):
    """Whom to look for among those who have no card in the bank yet; `person` narrows to one."""

    role = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="Фамилия, имя или отчество", required=False, max_length=100)
    subject = forms.CharField(label="Должность, предмет, класс", required=False, max_length=100)
    people = forms.ChoiceField(
        label="Кто", required=False, choices=[EVERYBODY, *((key, label) for key, (label, _) in PEOPLE.items())]
    )
    young = forms.BooleanField(label="Молодые специалисты", required=False)
    consented = forms.BooleanField(label="Есть согласие на обработку данных", required=False)

    def chosen(self) -> dict[str, Any]:
        """The readable choices: a wrong value counts as none."""
        self.is_valid()
        return self.cleaned_data
