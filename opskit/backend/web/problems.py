"""Every error as `application/problem+json` (RFC 9457), with a request id and never a trace or a value."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from opskit.backend.web.pool import AWAY

log = logging.getLogger("opskit.backend")
RETRY_AFTER = "2"


def problem(request: Request, status: int, detail: str = "", **more: object) -> JSONResponse:
    """One problem document; 503 carries Retry-After."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail,
            "request_id": getattr(request.state, "request_id", ""), **more}
    headers = {"Retry-After": RETRY_AFTER} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return JSONResponse(body, status, headers=headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    async def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return problem(request, error.status_code, str(error.detail))

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        errors = [{"where": ".".join(map(str, e["loc"])), "what": e["msg"]} for e in error.errors()]
        return problem(request, 422, "the request does not have the expected shape", errors=errors)

    async def away(request: Request, error: Exception) -> JSONResponse:
        log.warning("database away: %s", type(error).__name__)
        return problem(request, 503, "the database is away; try again")

    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected %s", type(error).__name__, exc_info=error)
        return problem(request, 500, "an unexpected error; quote the request id")

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    for kind in AWAY:
        app.add_exception_handler(kind, away)
    app.add_exception_handler(Exception, unexpected)
