"""Orders of a small kind of their own, in every state."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from accounts.models import Organisation
from orders import services
from orders.kinds import KINDS
from orders.models import Order, Series
from tests.orders import memo

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture(scope="package", autouse=True)
def _memo_kind() -> Iterator[None]:
    """The kind of the tests, registered while they run, with its templates."""
    engines = copy.deepcopy(settings.TEMPLATES)
    engines[0]["DIRS"] = [*engines[0]["DIRS"], TEMPLATES]
    with override_settings(TEMPLATES=engines):
        KINDS[memo.CODE] = memo.KIND
        yield
        del KINDS[memo.CODE]


@pytest.fixture(autouse=True)
def _fresh_memo() -> None:
    memo.calls.clear()
    memo.in_the_way.clear()
    memo.failures.clear()


def params(**changes: Any) -> dict[str, Any]:
    """What the drafter chose, as the form gives it."""
    return {
        "title": "О порядке",
        "purpose": "В целях порядка",
        "basis": [],
        "control": "self",
        "effective_on": None,
        "papers": ["Положение о порядке"],
        "people": [],
        **changes,
    }


@pytest.fixture
def series(school: Organisation) -> Series:
    return Series.objects.create(organisation=school, name="Основная деятельность", template="{n}-б")


@pytest.fixture
def kept_series(school: Organisation) -> Series:
    return Series.objects.create(organisation=school, name="Личный состав", template="{n}/л", kept_here=True)


@pytest.fixture
def draft(school: Organisation, people: SimpleNamespace, series: Series) -> Callable[..., Order]:
    """A function that starts a draft by the curator."""

    def make(book: Series | None = None, **changes: Any) -> Order:
        chosen = params(**changes)
        return services.draft_order(
            organisation=school, kind=memo.CODE, params=chosen, series=book or series, actor=people.curator
        )

    return make


@pytest.fixture
def submitted(draft: Callable[..., Order], people: SimpleNamespace) -> Callable[..., Order]:
    def make(book: Series | None = None, **changes: Any) -> Order:
        order = draft(book, **changes)
        services.submit_order(order=order, actor=people.curator)
        return order

    return make


@pytest.fixture
def approved(submitted: Callable[..., Order], people: SimpleNamespace) -> Callable[..., Order]:
    def make(
        number: str = "71-б", date: dt.date = dt.date(2022, 9, 1), book: Series | None = None, **changes: Any
    ) -> Order:
        order = submitted(book, **changes)
        services.approve_order(order=order, number=number, date=date, actor=people.director)
        return order

    return make
