"""Interleaved rounds and their ratios: absolute times of a shared machine mean nothing."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 7
CONTROL = (0.85, 1.18)


@dataclass(frozen=True)
class Case:
    """One thing to time; `repeat` calls make a round."""

    name: str
    run: Callable[[], object]
    repeat: int


@dataclass(frozen=True)
class Ratio:
    """Time of a case to the time of its anchor, per call: the median of the rounds with the extremes."""

    name: str
    median: float
    low: float
    high: float


def per_call(case: Case) -> float:
    """Seconds of one call, averaged over a round; one call before it clears what the case before left behind."""
    case.run()
    gc.collect()
    start = time.perf_counter()
    for _ in range(case.repeat):
        case.run()
    return (time.perf_counter() - start) / case.repeat


def ratios(anchor: Case, cases: list[Case], rounds: int = ROUNDS) -> list[Ratio]:
    """Each case to the anchor of its own round, forwards and backwards in turn; the anchor against itself first.

    Raises RuntimeError when the anchor differs from itself so much that the run says nothing.
    """
    control = Case(f"{anchor.name} (control)", anchor.run, anchor.repeat)
    line = [anchor, control, *cases]
    times: dict[str, list[float]] = {case.name: [] for case in line}
    for case in line:
        case.run()
    for number in range(rounds):
        for case in line if number % 2 == 0 else reversed(line):
            times[case.name].append(per_call(case))
    found = [ratio_of(case.name, times[case.name], times[anchor.name]) for case in [control, *cases]]
    if not CONTROL[0] <= found[0].median <= CONTROL[1]:
        raise RuntimeError(f"The machine is too restless: the anchor to itself is {found[0].median:.2f}.")
    return found


def ratio_of(name: str, times: list[float], anchors: list[float]) -> Ratio:
    each = [own / anchor for own, anchor in zip(times, anchors, strict=True)]
    return Ratio(name, statistics.median(each), min(each), max(each))
