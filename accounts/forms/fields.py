"""Parts of forms that several pages share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.forms.widgets import Widget


class LoginField(UsernameField):
    """A login of somebody else. Its letters are brought to one form before its length is measured: some of them grow.

    The browser must not offer the login of whoever fills in the form.
    """

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "autocomplete": "off"}


def date_input() -> forms.DateInput:
    """The browser's own calendar; a date typed as 01.09.2026 is understood too."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def ask_to_choose(form: forms.BaseForm) -> None:
    """Lists without an answer yet begin with «выберите» instead of dashes."""
    for field in form.fields.values():
        choices = list(getattr(field, "choices", ()))
        if not hasattr(field, "queryset") and choices and choices[0][0] in ("", None):
            field.choices = [("", "выберите"), *choices[1:]]  # type: ignore[attr-defined]
