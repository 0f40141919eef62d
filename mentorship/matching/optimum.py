"""The best set of pairs: first as many as can be, of those sets the one with the most points."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

Matrix = Any
# From so many people on a side on, only the best few mentors of each mentee are looked at.
MANY, BEST = 1000, 30


def assign(points: Matrix, permitted: Matrix, free: Matrix, many: int = MANY) -> Matrix:
    """For each row the column of its mentor, or -1.

    A mentor stands there once for every free place, and everybody has a column «nobody» of their own, so that there is
    always an answer. Equal sets are told apart by the order of rows and columns alone.
    """
    count = len(points)
    places = np.where(permitted.any(axis=0), np.minimum(free, count), 0) if count else np.zeros(0, dtype=np.int64)
    columns = np.repeat(np.arange(len(places)), places)
    if not count or not len(columns):
        return np.full(count, -1)
    solve = whole if max(count, len(free)) < many else thinned
    found = solve(points.astype(np.int64), permitted, columns)
    return np.where(found < len(columns), columns[np.minimum(found, len(columns) - 1)], -1)


def whole(points: Matrix, permitted: Matrix, columns: Matrix) -> Matrix:
    count, top = len(points), int(points.max()) + 1
    nobody = top * (count + 1)
    costs = np.full((count, len(columns) + count), float(nobody))
    # Whoever is forbidden costs more than nobody, and there is a nobody for everybody.
    costs[:, : len(columns)] = np.where(permitted, top - points, 2 * nobody)[:, columns]
    return linear_sum_assignment(costs)[1]


def thinned(points: Matrix, permitted: Matrix, columns: Matrix) -> Matrix:
    """The same among the best few of each; costs are above zero because a sparse matrix forgets zeros."""
    count, top = len(points), int(points.max()) + 1
    width = points.shape[1]
    # Of equal mentors the first ones are the best.
    rank = np.where(permitted, points * width + np.arange(width)[::-1], -1)
    kept = min(BEST, width)
    best = np.argpartition(-rank, kept - 1, axis=1)[:, :kept]
    rows = np.repeat(np.arange(count), kept)
    mentors = best.ravel()
    good = permitted[rows, mentors]
    rows, mentors = rows[good], mentors[good]
    starts = np.searchsorted(columns, np.arange(width))
    places = np.bincount(columns, minlength=width)[mentors]
    shift = np.arange(places.sum()) - np.repeat(np.cumsum(places) - places, places)
    slots = np.repeat(starts[mentors], places) + shift
    costs = np.repeat(top - points[rows, mentors], places)
    rows = np.concatenate([np.repeat(rows, places), np.arange(count)])
    slots = np.concatenate([slots, len(columns) + np.arange(count)])
    costs = np.concatenate([costs, np.full(count, top * (count + 1))]).astype(float)
    graph = csr_array((costs, (rows, slots)), shape=(count, len(columns) + count))
    return min_weight_full_bipartite_matching(graph)[1]
