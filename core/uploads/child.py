"""Reading a table in a process of its own, which may use so much memory and time and no more.

What comes back is plain JSON, one row a line: a child that a file has taken over can send wrong values, nothing worse.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core.uploads.cells import Flaw
from core.uploads.kinds import KINDS, MB, UploadError, UploadKind
from core.uploads.tables import Table, read_content

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 150 * MB  # above what the child has after its imports
CPU_SECONDS = 20
WALL_SECONDS = 40
MAX_OUTPUT = 40 * MB
# The settings of the portal, its keys and the address of the database stay outside.
HANDED_DOWN = ("PATH", "LD_LIBRARY_PATH", "LANG")

TOO_HARD = "Таблицу не удалось прочитать: она слишком велика или устроена слишком сложно. Разделите её на части."
STATM = Path("/proc/self/statm")

logger = logging.getLogger(__name__)


def read_in_child(content: bytes, kind: UploadKind) -> Table:
    """The table of a file, read by a child process; raises `UploadError` with a Russian reason, also when it dies."""
    command = [sys.executable, "-m", "core.uploads.child", kind.extensions[0]]
    environment = {name: os.environ[name] for name in HANDED_DOWN if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, the content goes to its standard input
            command, input=content, capture_output=True, timeout=WALL_SECONDS, cwd=ROOT, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise UploadError(TOO_HARD) from None
    if done.returncode:
        logger.warning("The reader of tables ended with %s", done.returncode)
        raise UploadError(TOO_HARD)
    return received(done.stdout)


def received(output: bytes) -> Table:
    """The table that a child has written; anything but a whole answer is a refusal."""
    lines = output.splitlines()
    try:
        head = json.loads(lines[0])
        if "refusal" in head:
            raise UploadError(str(head["refusal"]))
        rows = [json.loads(line, object_hook=unpacked) for line in lines[1:]]
        table = Table([str(header) for header in head["headers"]], rows, [int(line) for line in head["lines"]])
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise UploadError(TOO_HARD) from error
    width = len(table.headers)
    if len(rows) != len(table.lines) or any(not isinstance(row, list) or len(row) != width for row in rows):
        raise UploadError(TOO_HARD)
    return table


def unpacked(packed: dict[str, str]) -> Any:
    """The value that `packed` has sent."""
    (kind, text), *_ = packed.items()
    return UNPACKERS[kind](text)


def packed(value: Any) -> dict[str, str]:
    """A value that JSON does not know, under the letter of its kind."""
    if isinstance(value, Flaw):
        return {"f": value.text}
    if isinstance(value, dt.datetime):
        return {"m": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    return {"s": str(value)}


UNPACKERS: dict[str, Callable[[str], Any]] = {
    "f": Flaw,
    "m": dt.datetime.fromisoformat,
    "d": dt.date.fromisoformat,
    "s": str,
}


# --- The child --------------------------------------------------------------------------------------------------------
def limit_myself() -> None:
    """From here on: no more memory, time and files than a table needs."""
    pages = int(STATM.read_text().split()[0]) if STATM.exists() else 0
    own = pages * resource.getpagesize() or 400 * MB
    resource.setrlimit(resource.RLIMIT_AS, (own + MEMORY, own + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (0, 0))


def answer(content: bytes, kind: UploadKind) -> Iterator[bytes]:
    """The lines of the answer: the headers, then the rows; or a refusal alone."""
    try:
        table = read_content(content, kind)
        rows = [written(row) for row in table.rows]
    except UploadError as refusal:
        yield written({"refusal": str(refusal)})
        return
    except MemoryError:
        yield written({"refusal": TOO_HARD})
        return
    if sum(map(len, rows)) > MAX_OUTPUT:
        yield written({"refusal": TOO_HARD})
        return
    yield written({"headers": table.headers, "lines": table.lines})
    yield from rows


def written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=packed).encode() + b"\n"


def main() -> None:
    kind = next(kind for kind in KINDS if sys.argv[1] in kind.extensions)
    limit_myself()
    sys.stdout.buffer.writelines(answer(sys.stdin.buffer.read(), kind))


if __name__ == "__main__":
    main()
