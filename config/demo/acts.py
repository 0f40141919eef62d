"""Local acts of the demo school: a new edition that is still to come, a file, agreement marks, a draft."""

from __future__ import annotations

from typing import Any

from config.demo.story import Story
from orders.forms.acts import ActForm, MarkForm
from orders.models import ActMark, LocalAct, Protocol
from orders.services.act_marks import add_mark
from orders.services.acts import add_act, change_section, new_edition
from orders.sources import TEXTS

UNION = "Председатель профсоюзного комитета"
UNION_CHAIR = "Савченко Лидия Андреевна"


def tell(story: Story) -> None:
    programme(story)
    honour_board(story)
    next_regulation(story)
    contest(story)


def begun(story: Story, code: str, **more: Any) -> LocalAct:
    """A draft from a ready text; a `file` takes the place of the text."""
    words = TEXTS[code].words_for(story.organisation.name)
    file = more.pop("file", None)
    if file:
        words["text"] = ""
    form = ActForm({**words, **more}, {"new_file": file} if file else None, instance=act_of(story))
    if not form.is_valid():
        raise ValueError(f"{code}: {form.errors.as_text()}")
    return add_act(form=form, file=form.cleaned_data["new_file"], actor=story.curator)


def act_of(story: Story) -> LocalAct:
    return LocalAct(organisation=story.organisation)


def mark(story: Story, act: LocalAct, word: str, **data: Any) -> None:
    form = MarkForm(
        {"word": word, **data},
        instance=ActMark(act=act, recorded_by=story.curator),
        organisation=story.organisation,
    )
    if not form.is_valid():
        raise ValueError(f"{act}: {form.errors.as_text()}")
    add_mark(form=form, actor=story.curator)


def minutes(story: Story) -> Protocol:
    return Protocol.objects.filter(organisation=story.organisation).earliest("held_on")


def approved(story: Story, act: LocalAct, title: str, number: str, offset: int, **params: Any) -> None:
    with story.calendar.at(offset, hour=9):
        order = story.draft("regulation_and_roadmap", title, act=act.pk, roadmap=None, **params)
    story.approve(order, number, offset)


def programme(story: Story) -> None:
    with story.calendar.at(-62):
        act = begun(story, "programme")
        mark(story, act, ActMark.Word.ACCEPTED, protocol=minutes(story).pk)
    approved(story, act, "Об утверждении программы наставничества школы", "58/1-од", -60)


def honour_board(story: Story) -> None:
    """This one was brought as a finished file."""
    with story.calendar.at(-47):
        paper = story.scan("Положение о доске почёта наставников и молодых педагогов.")
        paper.name = "Положение о доске почёта.pdf"
        act = begun(story, "honour_board", file=paper)
    approved(story, act, "Об утверждении положения о доске почёта", "62/1-од", -45)


def next_regulation(story: Story) -> None:
    """The Положение has a second edition, approved already: the first is in force until it begins."""
    first = LocalAct.objects.in_force(story.calendar.day(-18)).get(
        organisation=story.organisation, kind=LocalAct.Kind.REGULATION
    )
    with story.calendar.at(-18) as day:
        act = new_edition(act=first, actor=story.curator)
        lines = [
            "5. Поощрение",
            "5.1. За работу наставником устанавливается выплата; её размер и условия указывают в дополнительном "
            "соглашении к трудовому договору.",
            "5.2. Лучших наставников заносят на доску почёта с их согласия.",
        ]
        change_section(act=act, place=4, lines=lines, number=False, fingerprint=act.fingerprint, actor=story.curator)
        mark(story, act, ActMark.Word.ACCEPTED, protocol=minutes(story).pk)
        mark(story, act, ActMark.Word.AGREED, title=UNION, name=UNION_CHAIR, given_on=day.isoformat())
    title = "Об утверждении новой редакции Положения о наставничестве"
    approved(story, act, title, "68/1-од", -15, effective_on=story.calendar.day(30).isoformat())


def contest(story: Story) -> None:
    """A draft that has been discussed and waits for its order."""
    with story.calendar.at(-3) as day:
        act = begun(story, "contest")
        mark(
            story,
            act,
            ActMark.Word.DISCUSSED,
            title="Методическое объединение наставников",
            paper=f"протокол от {day:%d.%m.%Y} № 3",
            given_on=day.isoformat(),
        )
