"""Settings from the environment. A service refuses to start without its secrets: one made up at start would end
every session at the next restart."""

from typing import TypeVar

from pydantic import SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from opskit.core.errors import OpskitError

SHORTEST = 32
PLACEHOLDERS = ("changeme", "your_", "your-", "placeholder", "example", "xxxx")


class Settings(BaseSettings):
    """What every service of ours reads. `DATABASE_URL` as libpq takes it; `HOST` stays on loopback unless exposed."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", hide_input_in_errors=True)

    database_url: SecretStr
    host: str = "127.0.0.1"
    port: int = 8000
    pool_size: int = 5

    @field_validator("database_url")
    @classmethod
    def is_postgresql(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must start with postgresql://")
        return value


def strong(value: SecretStr) -> SecretStr:
    """For secrets of our own: long enough, and not a placeholder that somebody forgot."""
    text = value.get_secret_value()
    if len(text) < SHORTEST or any(word in text.lower() for word in PLACEHOLDERS):
        raise ValueError(f"must be a real secret of at least {SHORTEST} characters (opskit env init makes one)")
    return value


S = TypeVar("S", bound=Settings)


def load_settings(kind: type[S]) -> S:
    """All settings, or one error that names every bad one and never a value."""
    try:
        return kind()
    except ValidationError as error:
        bad = [f"{'.'.join(map(str, e['loc'])).upper()} {_told(e['msg'])}" for e in error.errors(include_input=False, include_url=False)]
        raise OpskitError(f"cannot start: {'; '.join(bad)}", help="opskit env init writes what opskit can, and lists the rest") from None


def _told(message: str) -> str:
    return "is missing" if message == "Field required" else message.removeprefix("Value error, ")
