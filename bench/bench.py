"""`make bench`: a public page against a bare view, papers against the engine and an office, imports, long lists.

Needs no prepared database: it makes one with the demo and drops it. Prints each ratio beside its target and beside
the baseline of `bench/baseline.json`; `--save` writes a new baseline, `--only papers` measures one part.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# Not the folder of this file: a module of it would hide a package of the same name.
sys.path[:] = [str(ROOT), *(one for one in sys.path if Path(one).resolve() != ROOT / "bench")]

from bench.measure import Case, Ratio, ratios  # noqa: E402 - the root must be importable first
from config import embedded_postgres  # noqa: E402

BASELINE = ROOT / "bench" / "baseline.json"
# Modules beside this one, each with its TARGETS and a function `found`.
PARTS = ("papers", "sheets", "matching", "pairs")
# name of the ratio → (what it says, the bound, whether the ratio must be above it)
TARGETS = {
    "public page": ("speed of an uncached public page to that of a bare view", 0.07, True),
}


def environment(folder: str, cluster: embedded_postgres.Cluster, database: str) -> None:
    """Point this process and its children to a database of the bench's own."""
    place = cluster.settings()
    os.environ["DATABASE_URL"] = f"postgresql://{place['USER']}@/{database}?host={place['HOST']}&port={place['PORT']}"
    os.environ["FILES_ROOT"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.update(DEBUG="0", PORTAL_ENV="development")


def page_getter(path: str) -> Callable[[], bytes]:
    """A function that asks the WSGI application for a page and checks that it is one."""
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415 - Django is set up after the database exists

    application = get_wsgi_application()

    def get() -> bytes:
        answered: list[str] = []
        request = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "HTTP_HOST": "127.0.0.1",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        response = application(request, lambda status, headers, error=None: answered.append(status))
        body = b"".join(response)
        response.close()
        if not answered[0].startswith("200"):
            raise RuntimeError(f"{path}: {answered[0]}")
        return body

    return get


def page_ratio() -> Ratio:
    """How many public pages are made in the time of one bare view, as a fraction."""
    from django.http import HttpResponse  # noqa: PLC0415 - see page_getter
    from django.urls import path  # noqa: PLC0415 - see page_getter

    from config import urls  # noqa: PLC0415 - see page_getter

    urls.urlpatterns.insert(0, path("bench-bare/", lambda request: HttpResponse("ok" * 6000)))
    bare, page = page_getter("/bench-bare/"), page_getter("/s/school17/")
    found = ratios(Case("bare view", bare, 1000), [Case("public page", page, 100)])[1]
    return Ratio(found.name, 1 / found.median, 1 / found.high, 1 / found.low)


def report(found: list[Ratio], save: bool) -> int:
    """Print every ratio; the exit code says whether all targets are met."""
    known = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    missed = 0
    for ratio in found:
        words, bound, above = TARGETS[ratio.name]
        met = ratio.median >= bound if above else ratio.median <= bound
        missed += not met
        before = f", baseline {known[ratio.name]:.3f}" if ratio.name in known else ""
        sign = ">=" if above else "<="
        print(
            f"{words}: {ratio.median:.3f} [{ratio.low:.3f}..{ratio.high:.3f}], target {sign} {bound}{before}"
            f" {'ok' if met else 'MISSED'}"
        )
    if save:
        fresh = {ratio.name: round(ratio.median, 4) for ratio in found}
        BASELINE.write_text(json.dumps(known | fresh, indent=2) + "\n")
    return 1 if missed else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", action="store_true", help="write the baseline anew")
    parser.add_argument("--only", choices=["pages", *PARTS], help="measure one part")
    asked = parser.parse_args()
    database = f"bench_{os.getpid()}_{dt.datetime.now(tz=dt.UTC):%H%M%S}"
    with (
        embedded_postgres.running(embedded_postgres.default_folder()) as cluster,
        tempfile.TemporaryDirectory() as folder,
    ):
        cluster.connect().cursor().execute(f"CREATE DATABASE {database}")
        environment(folder, cluster, database)
        try:
            for command in (["migrate", "-v", "0"], ["demo"]):
                subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
            import django  # noqa: PLC0415 - see page_getter

            django.setup()
            parts = {name: importlib.import_module(f"bench.{name}") for name in PARTS}
            for part in parts.values():
                TARGETS.update(part.TARGETS)
            makers = {"pages": lambda: [page_ratio()], **{name: part.found for name, part in parts.items()}}
            found = [ratio for name, make in makers.items() if asked.only in (None, name) for ratio in make()]
        finally:
            from django.db import connections  # noqa: PLC0415 - see page_getter

            connections.close_all()
            cluster.connect("postgres").cursor().execute(f"DROP DATABASE {database} WITH (FORCE)")
    return report(found, asked.save)


if __name__ == "__main__":
    sys.exit(main())
