"""One service: its routers on a pool, with health, problems, request ids and a limit on bodies."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from opskit.backend.web.pool import Schema, make_pool, opened
from opskit.backend.web.problems import install, problem
from opskit.backend.web.settings import Settings

BODY_LIMIT = 1 << 20
HEADERS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


def create_app(name: str, settings: Settings, router: APIRouter, migrations: Path) -> FastAPI:
    """`router` finds its settings and pool on `request.app.state`. `/healthz` speaks for the process alone, `/readyz` for
    the database and its migrations too."""
    pool, schema = make_pool(settings), Schema(name, settings, migrations)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with opened(pool, schema):
            yield

    app = FastAPI(title=name, lifespan=lifespan)
    app.state.pool, app.state.settings, app.state.schema = pool, settings, schema
    install(app)
    app.include_router(router)
    app.include_router(_health())
    app.middleware("http")(_around)
    return app


def _health() -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz(request: Request) -> JSONResponse:
        schema: Schema = request.app.state.schema
        async with request.app.state.pool.connection(timeout=1) as connection:
            await connection.execute("SELECT 1")
        return JSONResponse({"status": "ready"}) if schema.ready else problem(request, 503, schema.reason)

    return router


async def _around(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """A request id on everything; bodies over the limit refused before they are read."""
    request.state.request_id = uuid.uuid4().hex
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > BODY_LIMIT:
        response: Response = problem(request, 413, f"at most {BODY_LIMIT} bytes")
    elif request.headers.get("transfer-encoding") and not length.strip("0"):
        response = problem(request, 411, "send a Content-Length")
    else:
        response = await call_next(request)
    response.headers.update({**HEADERS, "X-Request-Id": request.state.request_id})
    return response
