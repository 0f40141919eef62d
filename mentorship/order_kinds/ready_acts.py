"""The ready texts of local acts about mentoring, from our data files."""

from __future__ import annotations

from pathlib import Path

from orders.sources import read_text, register_text

FOLDER = Path(__file__).resolve().parent.parent / "data" / "ready_acts"
# In the order in which a school usually needs them.
CODES = ("regulation", "programme", "council", "honour_board", "contest", "incentives")

for code in CODES:
    register_text(read_text(code, (FOLDER / f"{code}.txt").read_text(encoding="utf-8")))
