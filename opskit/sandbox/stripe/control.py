"""`/_sandbox`: what a test or an operator asks of the sandbox itself.

Changes want the header `Opskit-Sandbox`, which a web page of another origin cannot send.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from opskit.core.errors import OpskitError
from opskit.sandbox.stripe.engine import Engine
from opskit.sandbox.stripe.faults import Fault, Faults

HEADER = "opskit-sandbox"


def control_routes(engine: Engine, faults: Faults) -> list[Route]:
    """GET /_sandbox (who this is), requests, deliveries; POST and DELETE faults; DELETE keys (forget the idempotency keys)."""

    def who(request: Request) -> JSONResponse:
        return JSONResponse({"account": engine.store.setting("account"), "api_version": engine.library.api_version,
                             "sdk": engine.library.version})

    def requests(request: Request) -> JSONResponse:
        rows = engine.store.rows("SELECT * FROM asked WHERE seq > ? ORDER BY seq", int(request.query_params.get("since", "0")))
        return JSONResponse([dict(row) for row in rows])

    def deliveries(request: Request) -> JSONResponse:
        rows = engine.store.rows("SELECT * FROM delivery ORDER BY seq")
        return JSONResponse([dict(row) for row in rows])

    async def arm(request: Request) -> JSONResponse:
        if HEADER not in request.headers:
            return _refused()
        try:
            given: dict[str, Any] = await request.json()
            faults.arm(Fault.parse(str(given["fault"]), str(given.get("match", "")), int(given.get("skip", 0)), int(given.get("times", 1))))
        except (ValueError, KeyError, TypeError, OpskitError) as error:
            return JSONResponse({"error": f"cannot arm that: {error}"}, 400)
        return JSONResponse([str(fault) for fault in faults.armed()])

    def disarm(request: Request) -> JSONResponse:
        if HEADER not in request.headers:
            return _refused()
        faults.clear()
        return JSONResponse([])

    def forget(request: Request) -> JSONResponse:
        if HEADER not in request.headers:
            return _refused()
        with engine.store.writing():
            engine.store.rows("DELETE FROM kept_answer")
        return JSONResponse({})

    return [Route("/_sandbox", who), Route("/_sandbox/requests", requests), Route("/_sandbox/deliveries", deliveries),
            Route("/_sandbox/faults", arm, methods=["POST"]), Route("/_sandbox/faults", disarm, methods=["DELETE"]),
            Route("/_sandbox/keys", forget, methods=["DELETE"])]


def _refused() -> JSONResponse:
    return JSONResponse({"error": "send the header Opskit-Sandbox"}, 403)
