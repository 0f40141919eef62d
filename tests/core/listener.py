"""An address of this machine that notes who has called it: a paper that fetches anything is caught by it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """The address and the list of paths that have been asked for, which grows by itself."""
    calls: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_OPTIONS = do_POST = do_GET  # noqa: N815 - the names that the library calls

        def log_message(self, format: str, *args: object) -> None:
            """Calls are noted, not printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", calls
    finally:
        server.shutdown()
        server.server_close()
