"""Groups of fields that unfold: a long form stays short for whoever does not need them."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Fieldset


class Fold(Fieldset):
    """A group that is folded unless `opened`, or something in it is filled or wrong."""

    template = "mentorship/includes/fold.html"

    def __init__(self, legend: str, *fields: str, opened: bool) -> None:
        super().__init__(legend, *fields)
        self.opened = opened

    def render(self, form: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        bound = [form[name] for name in self.fields]
        self.opened = self.opened or any(field.value() or field.errors for field in bound)
        return super().render(form, context, *args, **kwargs)
