"""One request in, one answer out: who asks, which operation, are its parameters right, was it asked before, what changes."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from opskit.sandbox.stripe.auth import authenticate
from opskit.sandbox.stripe.desk import Desk
from opskit.sandbox.stripe.generic import check_metadata
from opskit.sandbox.stripe.keys import Keys, Replay, check_key, digest_of
from opskit.sandbox.stripe.render import Expander, render
from opskit.sandbox.stripe.resources import EARLIER, EMPTIED, HANDLERS
from opskit.sandbox.stripe.resources.accounts import open_account
from opskit.sandbox.stripe.settings import Settings
from opskit.sandbox.stripe.spec.library import Library
from opskit.sandbox.stripe.spec.shapes import Operation, earlier
from opskit.sandbox.stripe.store import Kept, Store
from opskit.sandbox.stripe.validate import Check
from opskit.sandbox.stripe.wire.errors import SUPPORT, ApiError, broken_off, no_access, not_modelled
from opskit.sandbox.stripe.wire.form import decode
from opskit.sandbox.stripe.wire.ids import new_id

REMEMBERED = 10_000  # requests that /_sandbox/requests still tells after a restart
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came. Header names are in lower case."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Keys mean something on POST alone; GET and DELETE are idempotent by themselves."""
        return self.headers.get("idempotency-key", "") if self.method == "POST" else ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: str
    headers: Mapping[str, str]


class Engine:
    def __init__(self, settings: Settings, library: Library | None = None, now: Callable[[], float] = time.time) -> None:
        self.settings, self.library, self.now = settings, library or Library(), now
        self.store = Store(settings.data, settings.fresh)
        self.keys = Keys(self.store, settings.keys_expire)
        with self.store.writing():
            open_account(self.library, self.store, now())
            self.store.rows("DELETE FROM asked WHERE seq <= (SELECT max(seq) FROM asked) - ?", REMEMBERED)

    def answer(self, asked: Asked, broken: bool = False) -> Answer:
        """`broken` makes a fault of it: the work is taken back, and a 500 is kept as the key's answer."""
        request, ignored, replayed = new_id("request"), list[str](), False
        version = asked.headers.get("stripe-version", "")
        headers = {"Request-Id": request, "Stripe-Version": version or self.library.api_version}
        if asked.key:
            headers["Idempotency-Key"] = asked.key
        try:
            status, body, more = self._work(asked, request, ignored, broken)
            replayed = "Idempotent-Replayed" in more
            headers |= more
        except ApiError as error:
            status, body = error.status, _text(error.body(request))
            headers |= error.headers
        if ignored:
            headers["Opskit-Ignored-Parameters"] = ", ".join(ignored)
        self._note(asked, request, status, replayed, ", ".join(ignored))
        return Answer(status, body, headers)

    def refuse(self, asked: Asked, error: ApiError) -> Answer:
        """An answer that no work stands behind: a fault, or a key that is under way."""
        request = new_id("request")
        self._note(asked, request, error.status)
        return Answer(error.status, _text(error.body(request)), {"Request-Id": request, **error.headers})

    def spoil(self, key: str) -> None:
        """Make the key's kept answer the 500 that its first request got, though its work stands."""
        body = _text(broken_off().body(new_id("request")))
        with self.store.writing():
            self.store.rows("UPDATE kept_answer SET status = 500, body = ? WHERE key = ?", body, key)

    def _note(self, asked: Asked, request: str, status: int, replayed: bool = False, ignored: str = "") -> None:
        self.store.rows("INSERT INTO asked (at, id, method, path, status, key, replayed, ignored) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                        self.now(), request, asked.method, asked.path, status, asked.key, replayed, ignored)

    def _work(self, asked: Asked, request: str, ignored: list[str], broken: bool) -> tuple[int, str, dict[str, str]]:
        authenticate(asked.headers)
        self._account(asked)
        found = self.library.route(asked.method, asked.path)
        if found is None:
            raise ApiError(404, f"Unrecognized request URL ({asked.method}: {asked.path}). Please see https://stripe.com/docs or {SUPPORT}")
        operation, ids = found
        given = decode(_text_of(asked))
        check_key(asked.key)
        with self.store.writing():
            digest = digest_of(given)
            kept = asked.key and self.keys.find(asked.key, f"POST {asked.path}", digest, self.now())
            if kept:
                return kept.status, kept.body, {"Idempotent-Replayed": "true", "Original-Request": kept.request}
            desk = self._desk(asked, operation, ids, self._params(asked, operation, given, ignored), request)
            replay = self._run(desk, broken)
            if asked.key:
                self.keys.keep(asked.key, f"POST {asked.path}", digest, replay, self.now())
        return replay.status, replay.body, {"Original-Request": request} if asked.key else {}

    def _params(self, asked: Asked, operation: Operation, given: dict[str, Any], ignored: list[str]) -> dict[str, Any]:
        """Strict where the request names the version that the shapes are of; older programs, and the Stripe CLI, name another or none."""
        strict = asked.headers.get("stripe-version", "") == self.library.api_version
        check = Check(strict, EMPTIED.get(operation.route, frozenset()), ignored)
        shape = self.library.params(operation)
        params = check.record(shape if strict else earlier(shape, EARLIER.get(operation.route, ())), given)
        check_metadata(params)
        return params

    def _desk(self, asked: Asked, operation: Operation, ids: dict[str, str], params: dict[str, Any], request: str) -> Desk:
        return Desk(self.library, self.store, self.settings, self.now(), request, asked.key, operation, ids, params)

    def _run(self, desk: Desk, broken: bool) -> Replay:
        """The operation inside a savepoint: what the endpoint refused is an answer too, kept under the key, with nothing changed."""
        handler = HANDLERS.get(desk.operation.route)
        if handler is None:
            raise not_modelled(f"{desk.operation.route}")
        try:
            with self.store.attempt():
                answer = self._shown(desk, handler(desk))
                if broken:
                    raise broken_off()
        except ApiError as error:
            if not error.executed:
                raise
            return Replay(error.status, _text(error.body(desk.request)), desk.request)
        return Replay(200, _text(answer), desk.request)

    def _shown(self, desk: Desk, result: Kept | tuple[list[Kept], bool] | dict[str, Any]) -> dict[str, Any]:
        if isinstance(result, Kept):
            answer = render(self.store, result)
        elif isinstance(result, tuple):
            answer = {"object": "list", "url": desk.operation.path.format(**desk.ids), "has_more": result[1],
                      "data": [render(self.store, kept) for kept in result[0]]}
        else:
            answer = result
        Expander(self.library, self.store).expand(answer, desk.params.get("expand") or [])
        return answer

    def _account(self, asked: Asked) -> None:
        wanted = asked.headers.get("stripe-account", "")
        if wanted and wanted != self.store.setting("account"):
            raise no_access(wanted)


def _text_of(asked: Asked) -> str:
    if asked.method != "POST":
        return asked.query
    kind = asked.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if asked.body and kind != FORM:
        raise ApiError(400, f"Invalid request (check that your POST content type is {FORM}). If you have any questions, {SUPPORT}")
    try:
        return asked.body.decode()
    except UnicodeDecodeError as error:
        raise ApiError(400, "Invalid request: the body is no UTF-8") from error


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, indent=2)
