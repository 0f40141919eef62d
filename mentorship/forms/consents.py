"""Input of consents: what a signed paper says, and its withdrawal. Nothing is chosen beforehand."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.permissions import today
from core.uploads import SCANS, SafeFileField
from mentorship.models import EMPLOYEES, Consent, ConsentKind, Pair, PairState, Participant, PublicField, Resource
from mentorship.services.consent_papers import TERM_WORDS, Signed, order_faults, paper_faults

CONDITION = "condition_"
WITH_PLACES = (ConsentKind.DISSEMINATION, ConsentKind.PHOTO)
MINOR_FIELDS = ("representative", "relation", "own_signature")


def words(label: str, *, help_text: str = "", length: int = 200, lines: int = 1) -> forms.CharField:
    """A text that may stay empty; `lines` above one makes it a box."""
    widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput()
    return forms.CharField(label=label, max_length=length, required=False, widget=widget, help_text=help_text)


def one_line(data: dict[str, Any], form: forms.Form) -> None:
    """Fold the white space of every text."""
    for name, field in form.fields.items():
        if isinstance(field, forms.CharField) and isinstance(data.get(name), str):
            data[name] = " ".join(data[name].split())


class ConsentForm(forms.Form):
    """One signed answer of a person. Fields that the purpose or the person does not need are absent."""

    pair = forms.ModelChoiceField(Pair.objects.none(), label="Пара", empty_label="выберите")
    answer = forms.ChoiceField(label="Что подписано", choices=Consent.Answer, widget=forms.RadioSelect)
    signed_on = forms.DateField(label="Дата подписи", widget=date_input())
    method = forms.ChoiceField(label="Как подписано", choices=Consent.Method, widget=forms.RadioSelect)
    shown = forms.MultipleChoiceField(
        label="Что разрешено показывать",
        choices=PublicField,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Отметьте только то, что разрешено в бумаге. Контакты и затруднения не показываются никогда. "
        "Если в бумаге вписано условие, повторите его ниже.",
    )
    resources = forms.MultipleChoiceField(
        label="Где разрешено показывать", choices=Resource, required=False, widget=forms.CheckboxSelectMultiple
    )
    bans = words("Запреты", length=500, lines=2, help_text="Словами из бумаги, например: «не передавать другим лицам».")
    in_duties = forms.BooleanField(label="Наставничество входит в трудовую функцию", required=False)
    document = words(
        "Документ об этом", help_text="Трудовой договор или должностная инструкция: номер и дата. Иначе — условия ниже."
    )
    content = words("Содержание работы", length=500, lines=2)
    term = words("Срок работы", help_text="Например: «с 01.09.2026 по 31.05.2027».")
    form = words("Форма", help_text="Например: «педагог – молодой педагог».")
    pay = words("Размер и условия оплаты", length=300, help_text="Например: «10 % оклада ежемесячно».")
    valid_until = forms.DateField(
        label="Действует по", required=False, widget=date_input(), help_text="Если пусто — до отзыва."
    )
    representative = words(
        "Законный представитель", help_text="Фамилия, имя и отчество того, кто подписал за несовершеннолетнего."
    )
    relation = words("Кем приходится", length=60, help_text="«мать», «отец», «опекун»")
    own_signature = forms.BooleanField(
        label="Подписал и сам несовершеннолетний", required=False, help_text="Обязательно с 14 лет."
    )
    scan = SafeFileField(label="Скан подписанной бумаги", kinds=SCANS, required=False)
    original_place = words(
        "Где хранится подлинник", help_text="Например: «сейф куратора, папка 3». Нужно, если скана нет."
    )

    def __init__(self, *args: Any, participant: Participant, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participant, self.kind = participant, kind
        self.keep_for_kind(kind)
        if kind == ConsentKind.PAIR:
            self.offer_pairs(participant)
        if kind == ConsentKind.DISSEMINATION:
            self.add_conditions()
        if not participant.may_be_minor:
            self.drop(MINOR_FIELDS)

    def keep_for_kind(self, kind: str) -> None:
        """Take away what another purpose asks."""
        if kind != ConsentKind.PAIR:
            self.drop(["pair"])
        if kind != ConsentKind.DISSEMINATION:
            self.drop(["shown"])
        if kind not in WITH_PLACES:
            self.drop(["resources", "bans"])
        if kind != ConsentKind.MENTOR or self.participant.category not in EMPLOYEES:
            self.drop(["in_duties", "document", *TERM_WORDS])

    def drop(self, names: Any) -> None:
        for name in names:
            del self.fields[name]

    def add_conditions(self) -> None:
        """A box for the condition of every field, right after the fields."""
        for value, label in PublicField.choices:
            self.fields[f"{CONDITION}{value}"] = words(f"Условие: {label}")
        order = list(self.fields)
        place = order.index("shown") + 1
        boxes = [f"{CONDITION}{value}" for value in PublicField.values]
        rest = [name for name in order if name not in boxes]
        self.order_fields([*rest[:place], *boxes, *rest[place:]])

    def offer_pairs(self, participant: Participant) -> None:
        """Pairs in which the person learns and that are not over."""
        open_pairs = Pair.objects.filter(members__mentee=participant, state__in=[PairState.FORMING, PairState.ACTIVE])
        self.fields["pair"].queryset = open_pairs.for_cards()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Beside each field what is wrong with the paper: the law is the service's."""
        data = super().clean() or self.cleaned_data
        one_line(data, self)
        if not self.errors:
            signed, pair = self.signed(), data.get("pair")
            earlier = list(Consent.objects.filter(participant=self.participant, kind=self.kind, pair=pair))
            faults = paper_faults(self.participant, self.kind, signed, pair) | order_faults(earlier, signed)
            for name, sentence in faults.items():
                self.add_error(name if name in self.fields else None, sentence)
        return data

    def signed(self) -> Signed:
        """What a valid form says."""
        data = self.cleaned_data
        terms = {name: data[name] for name in ("in_duties", "document", *TERM_WORDS) if data.get(name)}
        return Signed(
            answer=data["answer"],
            signed_on=data["signed_on"],
            method=data["method"],
            shown=data.get("shown", []),
            conditions={value: data.get(f"{CONDITION}{value}", "") for value in PublicField.values},
            resources=data.get("resources", []),
            bans=data.get("bans", ""),
            terms=terms,
            valid_until=data["valid_until"],
            representative=data.get("representative", ""),
            relation=data.get("relation", ""),
            own_signature=data.get("own_signature", False),
            original_place=data["original_place"],
            scan=data["scan"],
        )


class WithdrawForm(forms.Form):
    withdrawn_on = forms.DateField(
        label="Отозвано с", initial=today, widget=date_input(), help_text="С этого дня согласие не действует."
    )
    reason = forms.CharField(
        label="Основание",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Например: «заявление от 05.10.2026».",
    )

    def clean_reason(self) -> str:
        return " ".join(self.cleaned_data["reason"].split())
