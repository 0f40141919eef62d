"""Sends hostile answers to one kind of form and judges what comes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache
from urllib.parse import urljoin

from tests.browser.crawl import Walk, name_of
from tests.browser.hostile import MARKUP, Answers, Step, flat, plausible, shape_of, steps_for
from tests.browser.visitor import Answer, Field, Form, Page, Visitor

RUSSIAN = re.compile(r"[а-яё]{3}", re.IGNORECASE)
PAPERS = {"order_file", "consent_blank", "pair_blanks"}
# A foreign number changes nothing and leads home; signing out takes no fields at all.
NO_REFUSALS, NO_STEPS = {"switch_organisation"}, {"logout"}
MOST_PAPERS = 4
# Ticks in the rows of a list: what is wrong with them is said above the list, maybe on the page the answer leads to.
TICKS = {"card", "person", "rows"}
# What a form is known by: the name of the page it is sent to (the address in the administration), and its fields.
Key = tuple[str, tuple[str, ...]]
Foreign = Callable[[Field], Sequence[str]]


@cache
def read(text: str, path: str) -> Page:
    """A page read once, however often somebody looks at it."""
    return Page(text, path)


def key_of(form: Form) -> Key:
    return name_of(form.action) or re.sub(r"\d+", "#", form.action), form.shape


def posts(found: Walk) -> dict[Key, list[str]]:
    """Forms that change something → the pages they stand on; those without fields last, passwords at the very end."""
    met: dict[Key, list[str]] = {}
    for path, text in found.pages.items():
        for key in {key_of(form) for form in read(text, path).forms if form.method == "post"}:
            met.setdefault(key, []).append(path)
    return {key: met[key] for key in sorted(met, key=lambda key: (not key[1], key[0] == "password_issue", key))}


def form_on(page: Page, key: Key) -> Form | None:
    """The form of that kind as it stands on the page; a refusal may have added a field to it."""
    name, shape = key
    forms = [form for form in page.forms if form.method == "post"]
    same = (form for form in forms if key_of(form) == key)
    grown = (form for form in forms if shape and key_of(form)[0] == name and set(shape) < set(form.shape))
    return next(same, next(grown, None))


def opened(visitor: Visitor, path: str, key: Key) -> Form | None:
    answer = visitor.get(path)
    return form_on(Page(answer.text(), path), key) if answer.status == 200 and answer.is_page else None


def judge(step: Step, answers: Answers, answer: Answer, page: Page | None, after: Form | None) -> list[str]:
    """What is wrong with the answer to a hostile form; `page` is the answer read, `after` the form on it."""
    if answer.status >= 500 or step.status not in (0, answer.status):
        return [f"answered {answer.status}"]
    if answer.is_page and MARKUP in answer.text():
        return ["markup is not escaped"]
    if not step.refused:
        return []
    if page is None or after is None:
        return [f"not refused: {answer.status} {answer.headers.get('location', '')}"]
    if not RUSSIAN.search(page.summary):
        return ["refused without a word"]
    wrong = [one for name, one in after.fields.items() if shape_of(name) in step.fields and name in answers]
    return [*silent(wrong), *lost(wrong, answers)]


def silent(wrong: Iterable[Field]) -> list[str]:
    """Fields without a word of refusal beside them; what is hidden has its words above the form."""
    seen = (one for one in wrong if one.kind != "hidden" and one.name not in TICKS)
    return [f"no words beside {one.name}" for one in seen if not RUSSIAN.search(one.errors)]


def lost(wrong: Iterable[Field], answers: Answers) -> list[str]:
    """Fields that do not hold what was typed any more."""
    typed = {one: "".join(str(value) for value in answers[one.name]) for one in wrong if one.keeps}
    return [
        f"what was typed into {one.name} is lost"
        for one, text in typed.items()
        if "".join(one.values).split() != text.split()
    ]


class Attack:
    """Hostile answers to one kind of form, on as many of its pages as it takes: a form that was taken may be gone.

    `ours`: a refusal stands beside its field, as everywhere but in the administration.
    """

    def __init__(
        self, visitor: Visitor, key: Key, paths: Sequence[str], foreign: Foreign, *, ours: bool = True
    ) -> None:
        self.visitor, self.key, self.paths, self.foreign, self.ours = visitor, key, list(paths), foreign, ours
        self.faults: list[str] = []
        self.papers = MOST_PAPERS
        self.steps: list[Step] | None = None

    def run(self) -> list[str]:
        form = self.next_form()
        while form is not None and self.steps:
            step = self.steps.pop(0)
            if step.status or self.key[0] not in NO_STEPS:
                form = form if self.take(step, form).status in (200, 400, 403) else self.next_form()
        return self.faults

    def next_form(self) -> Form | None:
        """The form as it stands now, on the same page or on the next one."""
        while self.paths:
            form = opened(self.visitor, self.paths[0], self.key)
            if form is not None:
                self.steps = self.all_steps(form) if self.steps is None else self.steps
                return form
            self.paths.pop(0)
        return None

    def all_steps(self, form: Form) -> list[Step]:
        """In the administration, whose forms are Django's own, every second step is enough."""
        steps = list(steps_for(form, self.foreign))
        return steps if self.ours else [replace(step, again=False) for step in steps[::2]]

    def take(self, step: Step, form: Form) -> Answer:
        plain = plausible(form)
        answers = step.change(form, plain)
        answer, after = self.send(step, form, answers)
        if step.again and after is not None:
            # What was refused gives way to something ordinary, so that the rest gets as far as the database.
            bad = {name for name, one in after.fields.items() if one.errors.strip()}
            bad = bad or {name for name, one in form.fields.items() if one.is_choice}
            milder = answers | {name: plain[name] for name in bad if name in plain}
            if milder not in (answers, plain):
                answer, _ = self.send(step, form, milder)
        return answer

    def send(self, step: Step, form: Form, answers: Answers) -> tuple[Answer, Form | None]:
        answer = self.visitor.post(form.action, flat(answers), multipart=form.multipart, token=step.token)
        page, after = self.shown(answer), None
        if page is not None:
            after = form_on(page, self.key)
        elif step.refused and answer.status == 302 and TICKS & set(form.fields):
            page, after = self.shown(self.visitor.get(urljoin("/", answer.headers["location"]))), form
        if not (step.refused and self.key[0] in NO_REFUSALS):
            faults = judge(step if self.ours else step.unjudged(), answers, answer, page, after)
            self.faults += [f"{self.key[0]} {self.paths[0]} {step.what}: {fault}" for fault in faults]
        if answer.status == 302 and step.again:
            self.follow(answer.headers["location"])
        return answer, after

    def shown(self, answer: Answer) -> Page | None:
        return Page(answer.text(), self.paths[0]) if answer.status == 200 and answer.is_page else None

    def follow(self, path: str) -> None:
        """The page that shows what was taken, and the first times the papers that print it."""
        answer = self.visitor.get(urljoin("/", path).partition("#")[0])
        if answer.status == 200 and answer.is_page:
            links = [link for link in Page(answer.text(), path).links if name_of(link) in PAPERS]
            for link in links[: min(2, self.papers)]:
                self.visitor.get(link)
                self.papers -= 1
