"""By the rules of another program the solver finds the same total: as that program does, and as plain loops do."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from typing import Any

import pytest

from bench.matching import own_total, peer_matrix, peer_people, peer_total


def plain_total(points: Any) -> int:
    """The most points of a full assignment: better and better paths in plain loops; the matrix is square.

    Each row in turn joins by the path that costs least (Bellman's), past pairs changing hands on the way.
    """
    size, row_of = len(points), {}
    for joining in range(size):
        cost = {("row", joining): 0}
        came: dict[Any, Any] = {}
        for _ in range(2 * size):
            for here, told in improvements(points, row_of, cost):
                cost[here], came[here] = told
        end = min((cost["column", one], one) for one in range(size) if one not in row_of)[1]
        place: Any = ("column", end)
        while place in came:
            row = came[place]
            previous = came.get(row)
            row_of[place[1]] = row[1]
            place = previous
    return sum(int(points[row][column]) for column, row in row_of.items())


def improvements(points: Any, row_of: dict[int, int], cost: dict[Any, int]) -> Iterator[tuple[Any, tuple[int, Any]]]:
    """Nodes that are reached more cheaply than known: (node, (cost, from where))."""
    for column in range(len(points)):
        for row in range(len(points)):
            known = cost.get(("row", row))
            if known is None or row_of.get(column) == row:
                continue
            if known - int(points[row][column]) < cost.get(("column", column), 10**9):
                yield ("column", column), (known - int(points[row][column]), ("row", row))
    for column, row in row_of.items():
        known = cost.get(("column", column))
        if known is not None and known + int(points[row][column]) < cost.get(("row", row), 10**9):
            yield ("row", row), (known + int(points[row][column]), ("column", column))


@pytest.mark.parametrize("count", [1, 7, 15])
def test_total_is_that_of_plain_loops(count: int) -> None:
    people = peer_people(count)
    assert own_total(people) == plain_total(peer_matrix(people))


def test_total_is_that_of_the_other_program() -> None:
    """Where that program is not installed, the plain loops stand for it."""
    people = peer_people(15)
    known = importlib.util.find_spec("matching")
    theirs = peer_total(people) if known else plain_total(peer_matrix(people))
    assert (own_total(people), theirs > 0) == (theirs, True)
