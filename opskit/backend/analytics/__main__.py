"""`python -m opskit.backend.analytics`."""

import sys
from pathlib import Path

from fastapi import FastAPI

from opskit.backend.analytics.routes import router
from opskit.backend.analytics.settings import AnalyticsSettings
from opskit.backend.web.app import create_app
from opskit.backend.web.serve import serve

MIGRATIONS = Path(__file__).parent / "migrations"


def make(settings: AnalyticsSettings) -> FastAPI:
    return create_app("analytics", settings, router, MIGRATIONS)


if __name__ == "__main__":
    sys.exit(serve(AnalyticsSettings, make))
