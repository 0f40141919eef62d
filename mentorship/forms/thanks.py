"""Input of letters of thanks: whom to thank and for what, then each letter as it will be printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.forms import BoundField

from accounts.models import Organisation, Partner
from mentorship.documents.thanks import DIPLOMA, LETTER, TITLES, Letter
from mentorship.forms.appointments import MOST_PEOPLE, PeopleChoices
from mentorship.models import Participant
from mentorship.order_kinds.rewards import CODE
from orders.models import Order

FORMATS = [("pdf", "PDF для печати"), ("docx", "Word для правки")]
NOBODY = "Отметьте хотя бы одного человека или партнёра."
LONGEST_NAME, LONGEST_POST, LONGEST_TEXT = 250, 300, 1500
LINES = 10


class ThanksForm(forms.Form):
    """Whom to thank, read from an address; `order`: the approved order on rewards that the letters rest on."""

    kind = forms.ChoiceField(label="Что напечатать", choices=list(TITLES.items()), widget=forms.RadioSelect)
    grounds = forms.CharField(
        label="За что", max_length=300, help_text="Начните со слова «за»: «за успешную работу наставником»."
    )
    people = PeopleChoices(
        Participant.objects.none(), label="Кого", required=False, widget=forms.CheckboxSelectMultiple
    )
    partners = forms.ModelMultipleChoiceField(
        Partner.objects.none(), label="Партнёры", required=False, widget=forms.CheckboxSelectMultiple
    )
    order = forms.ModelChoiceField(Order.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisation: Organisation, rewarded: Order | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = people_of(rewarded)
        staff = Participant.objects.filter(Q(left_on=None) | Q(pk__in=named), organisation=organisation)
        self.fields["people"].queryset = staff.by_name().with_posts()  # type: ignore[attr-defined]
        self.fields["partners"].queryset = organisation.partners.all()  # type: ignore[attr-defined]
        self.fields["order"].queryset = reward_orders(organisation)  # type: ignore[attr-defined]
        if not organisation.partners.exists():
            del self.fields["partners"]

    def clean_grounds(self) -> str:
        return " ".join(self.cleaned_data["grounds"].split()).rstrip(".")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        count = len(data.get("people") or ()) + len(data.get("partners") or ())
        if not count and "people" not in self.errors:
            self.add_error("people", NOBODY)
        if count > MOST_PEOPLE:
            self.add_error("people", f"За один раз — не больше {MOST_PEOPLE} листов.")
        return data


def reward_orders(organisation: Organisation) -> Any:
    """Approved orders on rewards, the newest first."""
    return Order.objects.approved().filter(organisation=organisation, kind=CODE).order_by("-date", "-pk")


def people_of(order: Order | None) -> list[int]:
    """The keys of the people whom an order on rewards names."""
    return [person["number"] for person in order.facts.get("people", [])] if order else []


def prefill(order: Order | None, people: Sequence[str]) -> dict[str, Any]:
    """Initial choices: those of the order, otherwise the people named in the address."""
    if order is None:
        return {"kind": LETTER, "grounds": "за успешную работу наставником", "people": list(people)}
    kind = DIPLOMA if order.facts.get("code") == DIPLOMA else LETTER
    return {"kind": kind, "grounds": order.facts.get("grounds", ""), "people": people_of(order), "order": order.pk}


class LettersForm(forms.Form):
    """Each letter as it will be printed: whom in the dative, the post, the text; all of it may be changed."""

    format = forms.ChoiceField(label="Файл", choices=FORMATS, initial="pdf", widget=forms.RadioSelect)

    def __init__(self, *args: Any, proposed: Sequence[Letter], doubtful: Sequence[bool], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = len(proposed)
        for place, (letter, doubt) in enumerate(zip(proposed, doubtful, strict=True)):
            hint = "Проверьте: это имя портал мог просклонять неверно." if doubt else "В дательном падеже."
            self.fields[f"to_{place}"] = forms.CharField(
                label="Кому", max_length=LONGEST_NAME, initial=letter.to, help_text=hint
            )
            self.fields[f"post_{place}"] = forms.CharField(
                label="Должность", max_length=LONGEST_POST, required=False, initial=letter.post
            )
            self.fields[f"text_{place}"] = forms.CharField(
                label="Текст",
                max_length=LONGEST_TEXT,
                initial=letter.text,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="Каждый абзац с новой строки.",
            )

    def groups(self) -> list[list[BoundField]]:
        """The fields letter by letter, for the page."""
        return [[self[f"{name}_{place}"] for name in ("to", "post", "text")] for place in range(self.count)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for place in range(self.count):
            if len(data.get(f"text_{place}", "").splitlines()) > LINES:
                self.add_error(f"text_{place}", f"Не больше {LINES} абзацев: письмо должно уместиться на лист.")
        return data

    def letters(self) -> list[Letter]:
        """What a valid form says."""
        data = self.cleaned_data
        return [
            Letter(
                " ".join(data[f"to_{place}"].split()), " ".join(data[f"post_{place}"].split()), data[f"text_{place}"]
            )
            for place in range(self.count)
        ]
