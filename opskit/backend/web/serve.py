"""Run one app under uvicorn, or say in one line why it cannot start."""

import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from opskit.backend.web.settings import S, load_settings
from opskit.core.errors import OpskitError


def serve(kind: type[S], make: Callable[[S], FastAPI]) -> int:
    """Exit code 2 with every bad setting named, where a setting is missing or weak."""
    try:
        settings = load_settings(kind)
    except OpskitError as error:
        print(f"error[{error.code}]: {error.message}\n  = help: {error.help}", file=sys.stderr)
        return error.exit_code
    uvicorn.run(make(settings), host=settings.host, port=settings.port, access_log=False, log_level="info", timeout_graceful_shutdown=5)
    return 0
