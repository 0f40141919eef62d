"""Parts of forms that several pages share."""

from __future__ import annotations

from django import forms


def date_input() -> forms.DateInput:
    """The browser's own calendar; a date typed as 01.09.2026 is understood too."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
