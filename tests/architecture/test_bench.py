"""The bench itself: its arithmetic, without a clock."""

import pytest

from bench.measure import Case, ratio_of, ratios


def test_ratio_is_the_median_of_its_own_rounds() -> None:
    found = ratio_of("page", [2.0, 9.0, 4.0], [1.0, 3.0, 1.0])
    assert (found.median, found.low, found.high) == (3.0, 2.0, 4.0)


def test_a_restless_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([1.0, 2.0, 1.0] * 10)
    monkeypatch.setattr("bench.measure.per_call", lambda case: next(times))
    with pytest.raises(RuntimeError, match="too restless"):
        ratios(Case("anchor", lambda: None, 1), [Case("case", lambda: None, 1)], rounds=1)
