"""The shared base of a web service: settings, pool, health, problems. `create_app` puts them together."""

from opskit.backend.web.app import create_app
from opskit.backend.web.settings import Settings, load_settings

__all__ = ["Settings", "create_app", "load_settings"]
