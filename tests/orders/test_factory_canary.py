"""Nothing outside gets into a paper: hostile words in any text of any document come out as words, and nothing else."""

from __future__ import annotations

import datetime as dt
import inspect
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, resolve, reverse
from django.urls.exceptions import Resolver404
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from accounts.documents import invitation_slips_file
from accounts.models import Invitation, Issued, Organisation, User
from core.documents import pdf as printer
from core.documents.pdf import OwnFilesOnly
from mentorship.documents.thanks import LETTER, Letter, thanks_file
from mentorship.models import Addendum, LegalDuty, Pair, PairState, Participant
from orders.documents import order_blocks, order_setup
from orders.kinds import KINDS
from orders.models import Order, Series
from orders.services.files import MAKERS
from tests.core.listener import listening
from tests.orders.examples import example_draft, write_clauses
from tests.orders.poison import Poison, faults_of, poison_database, squeezed, words_of

CODES = sorted(KINDS)
SECRET = "canary-83c1-в-файле"
LINK = re.compile(r'(?:href|src|action)="([^"#?]+)')
LOGINS = ("curator", "director", "teacher")
FORMS = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
MAKES_A_FILE = re.compile(r"(?<!def )(?:private_response|brought_response|list_response)\(")
# Files that people have brought themselves and take back as they were.
BROUGHT = {"agreement_file", "consent_scan", "course_file", "order_scan", "participant_photo", "section_photo"}
BROUGHT |= {"organisation_emblem", "act_file", "section_act_file", "addendum_scan", "notice_scan", "programme_file"}
# Made by a POST and tested below; only where an import has failed, with the cells that the exports have.
ELSEWHERE = {"invitation_slips", "thanks_print", "import_errors"}
# The text that was signed, whose words were escaped when it was; a sample without anybody's words.
OWN_WORDS = {"consent_paper", "addendum_paper", "notice_paper", "import_sample"}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def trap() -> Iterator[tuple[Poison, list[str]]]:
    """The words, and the list of those who have called."""
    with listening() as (address, calls), tempfile.TemporaryDirectory(dir="/tmp") as folder:  # noqa: S108 - a short name
        secret = Path(folder) / "s"
        secret.write_text(SECRET)
        yield Poison(address, secret), calls


def leaks(content: bytes, form: str) -> list[str]:
    found = faults_of(content, form)
    return [*found, "the secret"] if SECRET in words_of(content, form) or SECRET.encode() in content else found


# --- Orders -----------------------------------------------------------------------------------------------------------
def spoilt_draft(school: Organisation, series: Series, code: str, drafter: User, poison: Poison) -> Order:
    """A draft of the kind with the words in its facts, its heading and its clauses."""
    order = example_draft(school, series, code, drafter)
    order.clauses.all().delete()
    order.facts, order.title = poison.spoil(order.facts), poison.text(500)
    order.save()
    write_clauses(order)
    order.clauses.update(text=poison.text(5000))
    return order


@pytest.mark.parametrize("code", CODES)
def test_order_of_every_kind_prints_hostile_words_as_words(code, school, people, series, trap, client_of) -> None:
    poison, calls = trap
    order = spoilt_draft(school, series, code, people.curator, poison)
    blocks, setup = order_blocks(order), order_setup(order)
    for form, make in MAKERS.items():
        content = make(blocks, setup)
        text = words_of(content, form)
        assert [word for word in poison.words if squeezed(word) not in text] == []
        assert leaks(content, form) == []
    page = client_of(people.curator).get(f"/cabinet/orders/{order.pk}/").content.decode()
    assert [word for word in poison.words if "<" in word and word in page] == []
    assert calls == []


def test_no_text_of_the_facts_begins_a_clause_of_its_own(school, people, series, trap) -> None:
    """A line feed in what a person typed would otherwise be a new line of the template of the kind."""
    poison, _ = trap
    order = example_draft(school, series, "amendment", people.curator)
    count = order.clauses.count()
    order.clauses.all().delete()
    order.facts = {**order.facts, "changes": [f"{order.facts['changes'][0]}\n1|number|own|{poison.text()}"]}
    write_clauses(order)
    assert order.clauses.count() == count


def test_bare_engine_would_fetch_what_the_words_ask_for(trap) -> None:
    poison, calls = trap
    page = f"<style>p {{ background: {poison.words[1]} }} {poison.words[3]}</style><p>{' '.join(poison.words)}</p>"
    guarded = HTML(string=page, url_fetcher=OwnFilesOnly()).write_pdf()
    assert (calls, leaks(guarded, "pdf")) == ([], [])
    bare = HTML(string=page, url_fetcher=URLFetcher()).write_pdf()
    assert (set(calls), leaks(bare, "pdf")) == ({"/i"}, ["attachment"])
    calls.clear()


def test_unescaped_words_would_be_obeyed(school, people, series, trap, monkeypatch) -> None:
    """The same order with neither of the guards: the listener hears of it and the file lies in the paper."""
    poison, calls = trap
    order = spoilt_draft(school, series, CODES[0], people.curator, poison)

    def careless(html: str) -> bytes:
        return HTML(string=unescape(html), url_fetcher=URLFetcher()).write_pdf()

    monkeypatch.setattr(printer, "_print", careless)
    assert leaks(printer.to_pdf(order_blocks(order), order_setup(order)), "pdf") == ["attachment"]
    assert set(calls) == {"/i"}
    calls.clear()


# --- Everything that the portal prints --------------------------------------------------------------------------------
class Met:
    """All files that the roles of a spoilt demo can take: the name of the address → (its path, form, content)."""

    def __init__(self, poison: Poison) -> None:
        call_command("demo", verbosity=0)
        # Nobody of the demo has asked to be forgotten.
        LegalDuty.objects.filter(kind=LegalDuty.Kind.STOP_SHOWING).update(kind=LegalDuty.Kind.DESTROY)
        person = Participant.objects.filter(organisation__slug="school17", left_on=None).earliest("pk")
        self.starts = ["/cabinet/", f"/cabinet/consents/blanks/?print=1&kinds=processing&person={person.pk}"]
        # Papers that only some cards and pairs have: the walk opens one page of each kind.
        worked, forming = Addendum.objects.earliest("pk").participant_id, Pair.objects.filter(state=PairState.FORMING)
        self.starts += [reverse("participant_detail", args=[worked])]
        self.starts += [
            reverse("pair_detail", args=[pair.pk]) for pair in forming.filter(organisation__slug="school17")
        ]
        self.columns = poison_database(poison)
        self.files: dict[str, list[tuple[str, str, bytes]]] = {}
        self.tags = [word for word in poison.words if word.startswith("<")]
        self.broken: list[str] = []
        self.marked_up: list[str] = []
        self.done: set[str] = set()
        for login in LOGINS:
            self.walk(login)

    def walk(self, login: str) -> None:
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(username=login))
        queue, seen = [*self.starts], set()
        while queue:
            path = queue.pop(0)
            shape = re.sub(r"\d+", "#", path)
            if path in seen or not name_of(path) or (path not in self.starts and shape in self.done):
                continue
            seen.add(path)
            answer = client.get(path)
            self.done |= {shape} if answer.status_code == 200 else set()
            queue += self.take(path, answer)

    def take(self, path: str, answer: HttpResponse) -> list[str]:
        """Keep a file, or give the links of a page that lead to where people work; the open pages print nothing."""
        if answer.status_code >= 500:
            self.broken.append(path)
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if answer.status_code == 200 and kind in FORMS:
            self.files.setdefault(name_of(path), []).append((path, FORMS[kind], b"".join(answer)))
        if answer.status_code != 200 or kind != "text/html":
            return []
        text = answer.content.decode()
        self.marked_up += [path] if any(tag in text for tag in self.tags) else []
        return sorted({urlsplit(link).path for link in LINK.findall(text) if link.startswith("/cabinet/")})


def name_of(path: str) -> str:
    """The name of the address; nothing for the administration and for what is no page of ours."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return ""
    return "" if match.namespaces else str(match.url_name)


@pytest.fixture(scope="module")
def met(django_db_setup: None, django_db_blocker: Any, trap: Any) -> Iterator[Met]:
    """One walk for all the tests, because it takes a minute; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Met(trap[0])
        transaction.set_rollback(True)


def makers_of_files() -> set[str]:
    """Names of all addresses whose view answers with a file, by itself or through a function of its module."""
    found, patterns = set(), [*get_resolver().url_patterns]
    while patterns:
        one = patterns.pop()
        if not isinstance(one, URLPattern):
            patterns += [] if getattr(one, "namespace", None) else one.url_patterns
            continue
        view = inspect.unwrap(one.callback)
        source, module = inspect.getsource(view), vars(inspect.getmodule(view))
        called = [module[name] for name in re.findall(r"return (\w+)\(", source) if name in module]
        sources = [source, *(inspect.getsource(one) for one in called if inspect.isfunction(one))]
        found |= {str(one.name)} if any(map(MAKES_A_FILE.search, sources)) else set()
    return found


def test_every_page_of_the_spoilt_school_opens(met: Met) -> None:
    assert (met.broken, met.marked_up) == ([], [])
    assert met.columns > 100


def test_every_paper_that_the_portal_can_print_has_been_met(met: Met) -> None:
    """A new document is included by itself: it must be reached, or be told why it cannot be."""
    assert sorted(makers_of_files() - BROUGHT - ELSEWHERE - set(met.files)) == []


def test_papers_of_the_spoilt_school_hold_words_only(met: Met, trap: Any) -> None:
    poison, calls = trap
    found = {path: leaks(content, form) for files in met.files.values() for path, form, content in files}
    assert {path: faults for path, faults in found.items() if faults} == {}
    assert calls == []


def test_hostile_words_stand_in_the_papers_as_they_were_typed(met: Met, trap: Any) -> None:
    poison, _ = trap
    texts = {
        name: "".join(words_of(content, form) for _, form, content in files)
        for name, files in met.files.items()
        if name not in BROUGHT | OWN_WORDS
    }
    untouched = [name for name, text in texts.items() if not any(squeezed(word) in text for word in poison.words)]
    assert untouched == []
    assert [word for word in poison.words if squeezed(word) not in "".join(texts.values())] == []


def test_slips_with_codes_print_hostile_words_as_words(met: Met, trap: Any) -> None:
    poison, calls = trap
    issued = [Issued(invitation, "hk4p-9mtr-w2xd") for invitation in Invitation.objects.all()[:3]]
    _, content = invitation_slips_file(issued)
    assert (leaks(content, "pdf"), calls, len(issued) > 0) == ([], [], True)
    assert any(squeezed(word) in words_of(content, "pdf") for word in poison.words)


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_letters_of_thanks_print_hostile_words_as_words(met: Met, trap: Any, form: str) -> None:
    poison, calls = trap
    words = poison.text()
    school, day = Organisation.objects.get(slug="school17"), dt.date(2026, 11, 21)
    _, content = thanks_file(school, LETTER, [Letter(words, words, words)] * 2, form, day, basis=words)
    assert (leaks(content, form), calls) == ([], [])
    assert [word for word in poison.words if squeezed(word) not in words_of(content, form)] == []


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
def test_an_office_that_opens_the_papers_asks_for_nothing(met: Met, trap: Any, tmp_path: Path) -> None:
    _, calls = trap
    wanted = {f"{name}.{form}": content for name, files in met.files.items() for _, form, content in files}
    papers = [name for name in wanted if not name.endswith("pdf")]
    for name in papers:
        (tmp_path / name).write_bytes(wanted[name])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path / "out")]
    subprocess.run([*command, *(str(tmp_path / name) for name in papers)], check=True, capture_output=True, timeout=300)
    assert len(list((tmp_path / "out").iterdir())) > 5
    assert calls == []
    assert Order.objects.exists()
