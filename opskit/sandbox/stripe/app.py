"""The sandbox as a web application: the API under /v1, the control surface under /_sandbox, faults on the way in and out."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from opskit.core.errors import OpskitError
from opskit.sandbox.stripe.control import control_routes
from opskit.sandbox.stripe.delivery import Courier
from opskit.sandbox.stripe.engine import Answer, Asked, Engine
from opskit.sandbox.stripe.faults import Fault, Faults
from opskit.sandbox.stripe.keys import under_way
from opskit.sandbox.stripe.wire.errors import broken_off, too_many

LIMIT = 1 << 20
# a page on the web that names itself 127.0.0.1 gets no answer; api.stripe.com is what a program's own address may be while it is sent here
HOSTS = ["127.0.0.1", "localhost", "api.stripe.com"]
FAULT_HEADER = "opskit-fault"


def create_app(engine: Engine) -> Starlette:
    faults = Faults()
    courier = Courier(engine, faults)
    front = Front(engine, faults, courier)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(courier.run())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        engine.store.close()

    routes = [*control_routes(engine, faults), Route("/{path:path}", front.answer, methods=["GET", "POST", "DELETE", "PUT", "PATCH"])]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={Exception: _failed},
                     middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS)])


class Front:
    """One request: claimed by its key, struck by its faults, answered by the engine."""

    def __init__(self, engine: Engine, faults: Faults, courier: Courier) -> None:
        self.engine, self.faults, self.courier = engine, faults, courier

    async def answer(self, request: Request) -> Response:
        body = await _body(request)
        if body is None:
            return _invalid(f"Request body too large: at most {LIMIT} bytes", 413)
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.method, request.url.path, request.url.query, body, headers)
        try:
            struck = [Fault.parse(headers[FAULT_HEADER])] if FAULT_HEADER in headers else []
        except OpskitError as error:
            return _invalid(f"{error.message}; {error.help}", 400)
        struck += self.faults.strike(f"{asked.method} {asked.path}")
        key = asked.key
        if key and not self.engine.keys.claim(key):
            return _response(self.engine.refuse(asked, under_way(key)))
        try:
            return await self._work(request, asked, struck)
        finally:
            if key:
                self.engine.keys.release(key)

    async def _work(self, request: Request, asked: Asked, struck: list[Fault]) -> Response:
        early = await self._strike(request, asked, [fault for fault in struck if fault.when == "before"])
        if early:
            return early
        broken = any(fault.when == "during" for fault in struck)
        answer = await run_in_threadpool(self.engine.answer, asked, broken)
        self.courier.wake()
        late = await self._strike(request, asked, [fault for fault in struck if fault.when == "after"])
        return late or _response(answer)

    async def _strike(self, request: Request, asked: Asked, faults: list[Fault]) -> Response | None:
        for fault in faults:
            if fault.kind == "delay":
                await asyncio.sleep(fault.seconds)
            elif fault.kind == "die":
                os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
            elif fault.kind == "drop":
                return await _cut(request)
            elif fault.kind == "limit":
                return _response(self.engine.refuse(asked, too_many()))
            elif fault.kind == "error":
                if fault.when == "after":
                    await run_in_threadpool(self.engine.spoil, asked.key)
                return _response(self.engine.refuse(asked, broken_off()))
        return None


async def _body(request: Request) -> bytes | None:
    """None where it is too long."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LIMIT:
            return None
    return body


def _failed(request: Request, error: Exception) -> Response:
    """A fault of the sandbox itself, told as such; the traceback goes to its log."""
    message = f"The opskit sandbox failed on {request.method} {request.url.path}: {type(error).__name__}. Its log says more."
    return JSONResponse({"error": {"message": message, "type": "api_error"}}, 500, {"Stripe-Should-Retry": "false"})


def _invalid(message: str, status: int) -> Response:
    return JSONResponse({"error": {"message": message, "type": "invalid_request_error"}}, status)


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers), "application/json")


async def _cut(request: Request) -> Response:
    """Cut the connection: the answer that follows reaches nobody."""
    request.scope["state"]["transport"].abort()
    await asyncio.sleep(0)
    return Response(status_code=500)
