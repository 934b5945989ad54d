from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class CoreSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SALDO_", env_file=".env", extra="ignore")

    database_url: str
    redis_url: str = "redis://localhost:6379/0"
    log_level: str = Field(default="warning")
    sentry: str | None = Field(None, validation_alias="SENTRY_DSN")
    pool_size: int = 5
    statement_timeout: int = 8001


@lru_cache
def get_settings() -> CoreSettings:
    return CoreSettings()
