"""What every draft of an order asks; the form of a kind adds its own questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict

from accounts.forms.fields import date_input
from accounts.models import Organisation
from accounts.permissions import today
from core.russian import gender_of
from orders.models import LegalAct, Order, Protocol, Series

RECENT = dt.timedelta(days=366)
BASIS_LINES = 20
BASIS_LENGTH = 3000
LONGEST_NAME = 200
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2100, 12, 31)
GENDERS = [("", "выберите"), ("f", "женский"), ("m", "мужской")]
SELF, PERSON = "self", "person"


class ActChoices(forms.ModelMultipleChoiceField):
    """Acts by number and what they are about."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} «{obj.title}»"


class OrderForm(forms.Form):
    """The common choices of a draft; `params()` gives them JSON-ready.

    A kind's form adds fields, extends `params()` and may give `defaults()` for a new draft. Fields whose names stand
    in the address (`?pairs=5&pairs=7`) are prefilled. The question about gender appears only where the name does not
    tell it.
    """

    series = forms.ModelChoiceField(Series.objects.none(), label="Книга приказов", empty_label=None)
    title = forms.CharField(
        label="Заголовок", max_length=500, help_text="О чём приказ: «Об утверждении…», «О закреплении…»."
    )
    purpose = forms.CharField(
        label="Цель",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="С этих слов начнётся текст: «В целях развития наставничества».",
    )
    acts = ActChoices(
        LegalAct.objects.none(),
        label="Нормативные акты",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Отметьте, на что опирается приказ: портал назовёт акты в преамбуле.",
    )
    protocols = forms.ModelMultipleChoiceField(
        Protocol.objects.none(),
        label="Решения органов",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Протоколы последнего года.",
    )
    basis = forms.CharField(
        label="Другие основания",
        max_length=BASIS_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Каждое с новой строки, в родительном падеже: «приказа от 29.08.2026 № 100», "
        "«в соответствии с решением педагогического совета от 30.08.2026, протокол № 1».",
    )
    effective_on = forms.DateField(
        label="Действует с", required=False, widget=date_input(), help_text="Если пусто — с даты подписания."
    )
    responsible_name = forms.CharField(
        label="Ответственный",
        max_length=LONGEST_NAME,
        required=False,
        help_text="Фамилия, имя и отчество полностью или с инициалами, в именительном падеже.",
    )
    responsible_post = forms.CharField(
        label="Должность ответственного", max_length=150, required=False, help_text="В именительном падеже."
    )
    responsible_gender = forms.ChoiceField(label="Пол ответственного", choices=GENDERS, required=False)
    control = forms.ChoiceField(
        label="Контроль за исполнением",
        choices=[(SELF, "Директор оставляет за собой"), (PERSON, "Возложить на другого человека")],
        initial=SELF,
        widget=forms.RadioSelect,
    )
    control_name = forms.CharField(label="Кто контролирует", max_length=LONGEST_NAME, required=False)
    control_post = forms.CharField(label="Должность контролирующего", max_length=150, required=False)
    control_gender = forms.ChoiceField(label="Пол контролирующего", choices=GENDERS, required=False)

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    LEADING = ("series", "title")
    PEOPLE = ("responsible", "control")

    def __init__(
        self,
        *args: Any,
        organisation: Organisation,
        order: Order | None = None,
        initial: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.organisation, self.order = organisation, order
        stored = self.from_params(order.params) | {"series": order.series_id} if order else self.defaults()
        super().__init__(*args, **{**kwargs, "initial": {**stored, **(initial or {})}})
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        if order:
            self.initial["version"] = order.version
        else:
            del self.fields["version"]
        self.offer_series()
        self.offer_grounds()
        for person in self.PEOPLE:
            self.ask_gender_if_unknown(person)
        own = [name for name in self.fields if name not in OrderForm.base_fields]
        self.order_fields([*self.LEADING, *own])

    def defaults(self) -> dict[str, Any]:
        """What a new draft begins with; `self.organisation` is known, the fields are not ready yet."""
        return {}

    @staticmethod
    def from_params(params: Mapping[str, Any]) -> dict[str, Any]:
        return {**params, "basis": "\n".join(params.get("basis", []))}

    @classmethod
    def prefill(cls, query: QueryDict) -> dict[str, Any]:
        """Initial values from an address."""
        found: dict[str, Any] = {}
        for name, field in cls.base_fields.items():
            if name in query:
                many = isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
                found[name] = query.getlist(name) if many else query[name]
        return found

    def offer_series(self) -> None:
        """The choice of a book appears only where there are several."""
        books = Series.objects.filter(organisation=self.organisation)
        if len(books) > 1:
            self.fields["series"].queryset = books  # type: ignore[attr-defined]
            self.initial.setdefault("series", books[0].pk)
        else:
            del self.fields["series"]

    def offer_grounds(self) -> None:
        """Acts in force today and the minutes of a year; what the draft already names stays on offer."""
        chosen = self.order.params if self.order else {}
        acts = LegalAct.objects.for_organisation(self.organisation)
        newer = LegalAct.objects.for_organisation(self.organisation).filter(replaces=OuterRef("pk"))
        current = acts.valid(today()).exclude(Exists(newer))
        offered = acts.filter(Q(pk__in=current.values("pk")) | Q(pk__in=chosen.get("acts", [])))
        self.fields["acts"].queryset = offered  # type: ignore[attr-defined]
        recent = Q(held_on__gte=today() - RECENT) | Q(pk__in=chosen.get("protocols", []))
        minutes = Protocol.objects.filter(recent, organisation=self.organisation).select_related("body")
        self.fields["protocols"].queryset = minutes  # type: ignore[attr-defined]
        for name, rows in (("acts", offered), ("protocols", minutes)):
            if not rows.exists():
                del self.fields[name]

    def ask_gender_if_unknown(self, person: str) -> None:
        name = str((self.data if self.is_bound else self.initial).get(f"{person}_name") or "").strip()
        if not name or len(name) > LONGEST_NAME or gender_of(name):
            del self.fields[f"{person}_gender"]

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

    def clean_purpose(self) -> str:
        return " ".join(self.cleaned_data["purpose"].split())

    def clean_basis(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["basis"].splitlines()]
        found = [line.rstrip(",;. ") for line in lines if line]
        if len(found) > BASIS_LINES:
            raise forms.ValidationError(f"Оснований не больше {BASIS_LINES}.")
        return found

    def clean_effective_on(self) -> dt.date | None:
        day = self.cleaned_data["effective_on"]
        if day and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError("Проверьте год: такой даты в приказе быть не может.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("control") == PERSON and not data.get("control_name") and "control_name" not in self.errors:
            self.add_error("control_name", "Укажите, на кого возложить контроль.")
        for person in self.PEOPLE:
            self.check_person(person, data)
        return data

    def check_person(self, person: str, data: dict[str, Any]) -> None:
        """A named person needs a post and a gender, or the words cannot be declined."""
        if person == "control" and data.get("control") != PERSON:
            return
        if data.get(f"{person}_name") and not data.get(f"{person}_post") and f"{person}_post" not in self.errors:
            self.add_error(f"{person}_post", "Укажите должность: без неё человека в приказе не назвать.")
        if f"{person}_gender" in self.fields and not data.get(f"{person}_gender"):
            self.add_error(f"{person}_gender", "По этому имени пол не определить, а от него зависят падежи. Выберите.")

    def take_version(self, version: int) -> None:
        """Let the form, filled in on an older version of the draft, be sent again over the newer one."""
        sent: Any = self.data
        self.data = sent.copy()
        self.data["version"] = str(version)  # type: ignore[index]

    @property
    def chosen_series(self) -> Series | None:
        """The book chosen in a valid form; None where the school has one or none."""
        return self.cleaned_data.get("series")

    def params(self) -> dict[str, Any]:
        """The choices of a valid form, JSON-ready; a kind adds its own keys."""
        data = self.cleaned_data
        found: dict[str, Any] = {name: data[name] for name in ("title", "purpose", "basis", "control")}
        for name in ("acts", "protocols"):
            found[name] = sorted(one.pk for one in data.get(name) or [])
        found["effective_on"] = data["effective_on"].isoformat() if data["effective_on"] else None
        for person in self.PEOPLE:
            for part in ("name", "post", "gender"):
                found[f"{person}_{part}"] = " ".join((data.get(f"{person}_{part}") or "").split())
        return found
