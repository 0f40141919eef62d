"""Form fields for files: what comes out of them has been checked and is safe to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.base import File
from django.forms.widgets import Widget

from core.uploads.images import MAX_SIDE, clean_image
from core.uploads.kinds import IMAGES, MAX_BYTES, SCANS, UploadKind, accept_attribute, accepted_words
from core.uploads.names import kind_of, safe_name
from core.uploads.validation import validate_upload


class SafeFileField(forms.FileField):
    """A file of one of the `kinds`; pictures are drawn anew, at most `max_side` points a side.

    Says itself what it accepts (`help_text`) and offers the browser's dialogue only such files. The widget is a plain
    file input: a kept file has no address to link to.
    """

    widget = forms.FileInput

    def __init__(
        self,
        *,
        kinds: Sequence[UploadKind] = SCANS,
        max_bytes: int = MAX_BYTES,
        max_side: int = MAX_SIDE,
        **options: Any,
    ) -> None:
        self.kinds = tuple(kinds)
        self.max_bytes = max_bytes
        self.max_side = max_side
        options.setdefault("help_text", accepted_words(self.kinds, max_bytes))
        # An empty file is refused by our own check, in the same words as the other refusals.
        super().__init__(allow_empty_file=True, **options)

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": accept_attribute(self.kinds)}

    def to_python(self, data: Any) -> File[bytes] | None:
        """The checked file under a safe name, rewound; `None` when nothing was sent."""
        file = super().to_python(data)
        if file is None:
            return None
        validate_upload(file, kinds=self.kinds, max_bytes=self.max_bytes)
        if kind_of(safe_name(str(file.name))) in IMAGES:
            return clean_image(file, max_side=self.max_side)
        file.name = safe_name(str(file.name))
        return file


class SafeImageField(SafeFileField):
    """A picture for a page: JPG, PNG or WEBP, drawn anew at most 2000 points a side."""

    def __init__(self, *, max_side: int = 2000, **options: Any) -> None:
        super().__init__(kinds=options.pop("kinds", IMAGES), max_side=max_side, **options)
