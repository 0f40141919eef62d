"""The page of one bank card with its steps, and what the cards of people say of the banks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.buttons import Button, step_buttons
from accounts.http import CabinetRequest, safe_next
from accounts.permissions import holds, may, requires, today
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.forms.banks import BankCardForm, ReasonForm, RefusalForm, SupportForm
from mentorship.models import (
    APPOINTING,
    BankCard,
    BankRole,
    CardWords,
    Chip,
    ConsentKind,
    Pair,
    PairState,
    Participant,
    appointments_of,
    chips_of,
    needs_of,
    words_of_cards,
)
from mentorship.models.banks import CHANGE
from mentorship.services.banks import (
    archive_card,
    change_card,
    confirm_card,
    enter_bank,
    mark_long_term,
    refuse_card,
    set_support,
    step_back,
    train_mentor,
)
from mentorship.views.bank_parts import bank_parts, register_bank_part
from mentorship.views.banks import VIEW, list_crumb
from mentorship.views.card_parts import register_part

OWN, LED = "mentorship.bank.own", "mentorship.bank.led"
AT_ONCE = ("enter", "train", "step_back")
ON_A_PAGE = ("refuse", "archive")
RELATED = ("participant__organisation",)
Facts = list[tuple[str, Any]]


@dataclass(frozen=True)
class PairRow:
    """A pair of the card's person in the card's role."""

    pair: Pair
    chips: list[Chip]


@dataclass(frozen=True)
class BankLine:
    """A bank card as the page of its person shows it to this reader; `url` where the reader may open it."""

    card: BankCard
    chips: list[Chip]
    facts: Facts
    url: str


@requires(VIEW, BankCard, related=RELATED)
def bank_detail(request: CabinetRequest, card: BankCard) -> HttpResponse:
    user, person = request.user, card.participant
    told = words_of_cards([card], today())[card.pk]
    may_change = may(user, CHANGE, card)
    pairs = pairs_of(user, card)
    context = {
        "card": card,
        "person": person,
        "told": told,
        "facts": facts_of(card, told, contacts=may_change),
        "dates": dates_of(card),
        "pairs": pairs,
        "parts": bank_parts(request, card),
        "buttons": buttons_of(user, card, told),
        "may_change": may_change,
        "may_see_person": may(user, "mentorship.participant.view", person),
        "may_form_pair": card.stands and may(user, "mentorship.pair.change", person.organisation),
        "offer_long_term": may_change and is_worth_keeping(card, pairs),
        "history": history_of(user, card),
        "crumbs": [list_crumb(card.role), (person.full_name, "")],
    }
    return render(request, "mentorship/bank_detail.html", context)


def facts_of(card: BankCard, told: CardWords, *, contacts: bool) -> Facts:
    """The federal columns that the card itself holds, with the school's own beside them."""
    person = card.participant
    reach = ", ".join(part for part in (person.phone, person.email) if part)
    facts: Facts = [("Контактные данные", reach)] if contacts else []
    facts.append(("Место работы или учёбы", person.post or person.class_name))
    if card.role == BankRole.MENTEE:
        facts.append(("Год рождения", person.birth_year))
    return facts + working_facts(card, told) + [("Результаты программы", card.outcome)]


def working_facts(card: BankCard, told: CardWords) -> Facts:
    """What matters for finding a partner; nothing that only those who keep the bank may read."""
    if card.role == BankRole.MENTOR:
        places = f"{card.capacity}, свободно мест: {told.free}"
        return [
            ("Компетенции", titles(card.competences)),
            ("Достижения", card.achievements),
            ("Интересы", card.interests),
            ("Желаемый возраст наставляемых и пожелания", card.wishes),
            ("Ресурс времени", card.time_resource),
            ("Сколько человек готов вести", places),
        ]
    return [
        *needs_facts(card),
        ("Пожелания к наставнику", card.wishes),
        ("Когда удобно встречаться", card.time_resource),
        ("Достижения", card.achievements),
    ]


def needs_facts(card: BankCard) -> Facts:
    """What a mentor may know of a mentee."""
    return [
        ("Основной запрос", card.request),
        ("Затруднения", titles(card.difficulties)),
        ("Интересы", card.interests),
    ]


def titles(words: Any) -> str:
    return "; ".join(word.title for word in words.all())


def dates_of(card: BankCard) -> Facts:
    facts: Facts = [("Вошёл в банк", card.entered_on), ("Сведения проверены", card.actual_on)]
    return [*facts, ("Отказ", card.refused_on)] if card.refused_on else facts


def pairs_of(user: Any, card: BankCard) -> list[PairRow]:
    """The pairs that the reader may see, in the role of the card."""
    mine = {"mentor": card.participant} if card.role == BankRole.MENTOR else {"members__mentee": card.participant}
    pairs = list(Pair.objects.filter(**mine).permitted(user, "mentorship.pair.view").for_cards())
    needs = needs_of(pairs, today())
    return [PairRow(pair, chips_of(pair, needs[pair.pk], today())) for pair in pairs]


def is_worth_keeping(card: BankCard, pairs: list[PairRow]) -> bool:
    """A mentor who has finished a programme, and is not in the long-term base yet."""
    done = any(row.pair.state == PairState.CLOSED for row in pairs)
    return card.role == BankRole.MENTOR and card.stands and done and not card.long_term


def history_of(user: Any, card: BankCard) -> Any:
    """The history, for those who may read the person's: it tells of refusals and support."""
    if not may(user, "mentorship.participant.history", card.participant):
        return None
    return JournalEntry.objects.about(card)[:20]


def buttons_of(user: Any, card: BankCard, told: CardWords) -> list[Button]:
    """The steps of the card; where the consent is missing, the way to write it down comes first."""
    urls = {step: reverse(f"bank_{step}", args=[card.pk]) for step in (*AT_ONCE, *ON_A_PAGE)}
    steps = step_buttons(user, card, urls, primary="enter", danger="archive")
    at_once = {urls[step] for step in AT_ONCE}
    buttons = [replace(button, post=button.url in at_once) for button in steps]
    if told.lacks_consent and may(user, "mentorship.consent.record", card.participant):
        url = reverse("consent_new", args=[card.participant_id, ConsentKind.PROCESSING])
        buttons.insert(0, Button("Записать согласие", url, primary=True))
    return buttons


@requires(CHANGE, BankCard, related=RELATED)
def bank_edit(request: CabinetRequest, card: BankCard) -> HttpResponse:
    form = BankCardForm(request.POST or None, instance=card)
    if request.method == "POST" and form.is_valid():
        change_card(form=form, actor=request.user, checked=form.cleaned_data["checked"])
        messages.success(request, "Карточка банка сохранена.")
        return redirect("bank_detail", card.pk)
    return render(request, "mentorship/bank_edit.html", page_context(form, card, "Изменить"))


def page_context(form: Any, card: BankCard, here: str) -> dict[str, Any]:
    crumbs = [list_crumb(card.role), (card.participant.full_name, reverse("bank_detail", args=[card.pk])), (here, "")]
    return {"form": form, "card": card, "crumbs": crumbs}


@requires(CHANGE, BankCard, related=RELATED)
def bank_refuse(request: CabinetRequest, card: BankCard) -> HttpResponse:
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_card(card=card, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Отказ записан: вернуть человека в банк можно только с новым согласием.")
            return redirect("bank_detail", card.pk)
    return render(request, "mentorship/bank_refuse.html", page_context(form, card, "Записать отказ"))


@requires(CHANGE, BankCard, related=RELATED)
def bank_archive(request: CabinetRequest, card: BankCard) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            archive_card(card=card, actor=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Карточка убрана в архив; её история осталась.")
            return redirect("bank_detail", card.pk)
    return render(request, "mentorship/bank_archive.html", page_context(form, card, "Убрать в архив"))


@requires(CHANGE, BankCard, related=RELATED)
def bank_support(request: CabinetRequest, card: BankCard) -> HttpResponse:
    form = SupportForm(request.POST or None, initial={"support": card.support})
    if request.method == "POST" and form.is_valid():
        set_support(card=card, actor=request.user, support=form.cleaned_data["support"])
        messages.success(request, "Поддержка записана.")
        return redirect("bank_detail", card.pk)
    return render(request, "mentorship/bank_support.html", page_context(form, card, "Поддержка"))


@require_POST
@requires(CHANGE, BankCard)
def bank_enter(request: CabinetRequest, card: BankCard) -> HttpResponse:
    return done(request, card, "Внесено в банк.", enter_bank)


@require_POST
@requires(CHANGE, BankCard)
def bank_train(request: CabinetRequest, card: BankCard) -> HttpResponse:
    return done(request, card, "Обучение отмечено.", train_mentor)


@require_POST
@requires(CHANGE, BankCard)
def bank_step_back(request: CabinetRequest, card: BankCard) -> HttpResponse:
    return done(request, card, "Карточка ждёт нового собеседования.", step_back)


@require_POST
@requires(CHANGE, BankCard)
def bank_confirm(request: CabinetRequest, card: BankCard) -> HttpResponse:
    return done(request, card, "Сведения проверены сегодня.", confirm_card)


@require_POST
@requires(CHANGE, BankCard)
def bank_long_term(request: CabinetRequest, card: BankCard) -> HttpResponse:
    value = request.POST.get("value") == "on"
    words = "Наставник в долгосрочной базе." if value else "Наставник больше не в долгосрочной базе."
    return done(request, card, words, mark_long_term, value=value)


def done(request: CabinetRequest, card: BankCard, words: str, act: Any, **asked: Any) -> HttpResponse:
    """Take a step that asks nothing, and go back to the card with what came of it."""
    try:
        act(card=card, actor=request.user, **asked)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect(safe_next(request, reverse("bank_detail", args=[card.pk])))


def bank_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """The banks on a person's page: all for those who keep them, one's own, or what a mentor may know of a mentee."""
    user = request.user
    may_change = may(user, CHANGE, person.organisation)
    cards: list[Any] = list(
        BankCard.objects.filter(participant=person).flag(user, VIEW, OWN, LED).for_cards().order_by("role")
    )
    told = words_of_cards(cards, today())
    shown = [part_of(card, told[card.pk]) for card in cards if card.may_view or card.may_own or card.may_led]
    missing = [role for role in BankRole if role not in {card.role for card in cards}]
    offers = [(role, offer_url(role, person)) for role in missing] if may_change and not person.left_on else []
    return {"lines": shown, "offers": offers} if shown or offers else None


def part_of(card: Any, told: CardWords) -> BankLine:
    whole = card.may_view or card.may_own
    facts = working_facts(card, told) if whole else needs_facts(card)
    url = reverse("bank_detail", args=[card.pk]) if card.may_view else ""
    return BankLine(card, told.chips if whole else [], [(label, value) for label, value in facts if value], url)


def offer_url(role: BankRole, person: Participant) -> str:
    return f"{reverse('bank_new')}?role={role.value}&person={person.pk}"


def appointment_part(request: CabinetRequest, card: BankCard) -> dict[str, Any] | None:
    """The orders that make the person a mentor, and the way to draft one for somebody who stands in the bank."""
    if card.role != BankRole.MENTOR:
        return None
    user, person = request.user, card.participant
    held = appointments_of([person])[person.pk]
    is_open = any(one.is_open_on(today()) for one in held)
    may_draft = card.stands and not is_open and may(user, "orders.order.draft", person.organisation)
    url = f"{reverse('order_draft', args=[APPOINTING])}?people={person.pk}" if may_draft else ""
    return {"rows": held, "url": url, "may_open": holds(user, "orders.order.view")} if held or url else None


register_part("mentorship/includes/card_banks.html", bank_part, 30)
register_bank_part("mentorship/includes/bank_appointment.html", appointment_part, 20)
