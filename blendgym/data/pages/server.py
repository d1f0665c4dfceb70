"""The server of a recording's page, for the browser of this machine alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, ClassVar, NamedTuple
from urllib.parse import parse_qs, urlsplit

import msgspec

from blendgym.data.pages.catalogue import Catalogue
from blendgym.data.pages.descriptions import description_of
from blendgym.data.pages.document import served_page
from blendgym.data.pages.drawings import drawing_of, thumbnail_of
from blendgym.data.pages.queries import wanted_by
from blendgym.errors import InvalidOption, RecordingDamaged


class Answer(NamedTuple):
    """What a request is answered with."""

    kind: str
    content: bytes
    status: HTTPStatus = HTTPStatus.OK


class PageServer:
    """Serves the page of a recording on the loopback interface, in threads of its own, until it is closed.

    Args:
        catalogue: Of the recording.
        port: 0 for any that is free.

    Attributes:
        address: Where the page is.

    Raises:
        InvalidOption: If the port cannot be had.
    """

    def __init__(self, catalogue: Catalogue, port: int = 0) -> None:
        handler = type("Handler", (_Handler,), {"catalogue": catalogue})
        try:
            self._server = _Server(("127.0.0.1", port), handler)
        except (OSError, OverflowError) as error:
            raise InvalidOption(f"Port {port} cannot be listened at: {error}.") from None
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = Thread(target=self._server.serve_forever, name="page", daemon=True)
        self._thread.start()

    def __enter__(self) -> PageServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def wait(self) -> None:
        """Returns when the server has ended, which it does not on its own."""
        self._thread.join()

    def close(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    """A browser keeps connections open, which nobody waits for."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that goes away in the middle of an answer is no error."""


class _Handler(BaseHTTPRequestHandler):
    catalogue: ClassVar[Catalogue]
    protocol_version = "HTTP/1.1"
    timeout = 60.0
    """Seconds that a connection may be silent."""

    def do_GET(self) -> None:
        """Answers a request."""
        answer = self._answer()
        self.send_response(answer.status)
        headers = {
            "Content-Type": answer.kind,
            "Content-Length": str(len(answer.content)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.content)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *arguments: Any) -> None:
        """Says nothing; the terminal is the user's."""

    def _answer(self) -> Answer:
        host = self.headers.get("Host", "")
        if host.rpartition(":")[0] not in ("127.0.0.1", "localhost"):
            # Another site's name may lead here, and its programs are not to read recordings.
            return _problem(HTTPStatus.MISDIRECTED_REQUEST, f"The host {host!r} is not served here.")
        path, query = urlsplit(self.path)[2:4]
        for pattern, answer in ANSWERS.items():
            if match := re.fullmatch(pattern, path):
                return _tried(answer, self.catalogue, query, *match.groups())
        return _problem(HTTPStatus.NOT_FOUND, f"There is no {path!r} here.")


def _tried(answer: Callable[..., Answer], *arguments: Any) -> Answer:
    try:
        return answer(*arguments)
    except InvalidOption as error:
        return _problem(HTTPStatus.NOT_FOUND, str(error))
    except RecordingDamaged as error:
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
    except Exception as error:  # One sample that cannot be shown is not to take the others along.
        return _problem(
            HTTPStatus.INTERNAL_SERVER_ERROR, f"{_subject(arguments)} cannot be shown: {type(error).__name__}: {error}."
        )


def _subject(arguments: tuple[Any, ...]) -> str:
    return f"Sample {arguments[2]}" if len(arguments) > 2 else "The recording"


def _page(catalogue: Catalogue, query: str) -> Answer:  # noqa: ARG001 (one signature for all)
    return Answer("text/html; charset=utf-8", served_page(catalogue.path.resolve().name).encode())


def _recording(catalogue: Catalogue, query: str) -> Answer:  # noqa: ARG001
    catalogue.refresh()
    return _json(catalogue.summary())


def _samples(catalogue: Catalogue, query: str) -> Answer:
    return _json(catalogue.found(wanted_by(parse_qs(query))))


def _sample(catalogue: Catalogue, query: str, index: str) -> Answer:  # noqa: ARG001
    return _json(description_of(catalogue.sample(int(index)), catalogue.declared))


def _thumbnail(catalogue: Catalogue, query: str, index: str) -> Answer:  # noqa: ARG001
    return Answer("image/png", thumbnail_of(catalogue.sample(int(index))))


def _picture(catalogue: Catalogue, query: str, index: str, view: str, name: str) -> Answer:  # noqa: ARG001
    return Answer("image/png", drawing_of(catalogue.sample(int(index)), int(view), name))


ANSWERS: dict[str, Callable[..., Answer]] = {
    r"/": _page,
    r"/recording": _recording,
    r"/samples": _samples,
    r"/samples/(\d{1,18})": _sample,
    r"/samples/(\d{1,18})/thumbnail": _thumbnail,
    r"/samples/(\d{1,18})/(\d{1,4})/(\w+)": _picture,
}
"""What answers, by the path that is asked for."""


def _json(content: Any, status: HTTPStatus = HTTPStatus.OK) -> Answer:
    return Answer("application/json", msgspec.json.encode(content), status)


def _problem(status: HTTPStatus, message: str) -> Answer:
    return _json({"error": message}, status)
