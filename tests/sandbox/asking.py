"""Requests to an engine without a server between: encoded by the official SDK's own encoder."""

import itertools
import json
from urllib.parse import urlencode

from stripe._encode import _api_encode

from opskit.sandbox.stripe.engine import Asked, Engine
from opskit.sandbox.stripe.settings import Settings

KEY = "sk_test_0123456789abcdef"


def filled(path, ids):
    """A route with an id for each placeholder: `ids` tells it by the path before it; a test helper's are those of the objects it helps."""
    while "{" in path:
        head, _, tail = path.partition("/{")
        path = f"{head}/{ids[head.replace('/test_helpers', '')]}{tail.partition('}')[2]}"
    return path


class Caller:
    """`ask("POST", "/v1/products", {...})` -> (status, body). Strict at the pinned version unless `version` says otherwise.

    Its clock goes a second further with each request.
    """

    def __init__(self, library, **settings):
        ticks = itertools.count(1_800_000_000)
        self.engine = Engine(Settings(**settings), library, now=lambda: float(next(ticks)))
        self.headers = {}

    def ask(self, method, path, params=None, **headers):
        answer = self.answer(method, path, params, **headers)
        return answer.status, json.loads(answer.body)

    def answer(self, method, path, params=None, **headers):
        text = urlencode(list(_api_encode(params or {})))
        given = {"authorization": f"Bearer {KEY}", "stripe-version": self.engine.library.api_version}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        query, body = ("", text.encode()) if method == "POST" else (text, b"")
        return self.engine.answer(Asked(method, path, query, body, {name: value for name, value in given.items() if value}))
