"""What the analytics service reads from its environment."""

from pydantic import SecretStr, field_validator

from opskit.backend.web.settings import Settings, strong


class AnalyticsSettings(Settings):
    """`ANALYTICS_INTERNAL_KEY` is what our own services show as a bearer token."""

    port: int = 8020
    analytics_internal_key: SecretStr

    @field_validator("analytics_internal_key")
    @classmethod
    def is_strong(cls, value: SecretStr) -> SecretStr:
        return strong(value)
