"""The two pictures that a paper may carry: the emblem over its head, the square code under its first sheet."""

from __future__ import annotations

import base64
import io

import segno

CODE_MM = 18.0
EMBLEM_MM = 20.0
# Read by a telephone from a print that has been copied once: a quarter of the squares may be lost.
CORRECTION = "q"
PIXELS, QUIET = 6, 2


def code_png(address: str) -> bytes:
    """The address as a QR code in PNG, black on white; the same address gives the same bytes."""
    out = io.BytesIO()
    segno.make_qr(address, error=CORRECTION).save(out, kind="png", scale=PIXELS, border=QUIET)
    return out.getvalue()


def data_uri(picture: bytes) -> str:
    """A PNG or JPEG to stand in the markup itself: the engine fetches nothing."""
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode('ascii')}"
