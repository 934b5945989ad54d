from pydantic_settings import SettingsConfigDict

from saldo_core.settings import CoreSettings


class PayoutSettings(CoreSettings):
    model_config = SettingsConfigDict(env_prefix="PAYOUTS_")

    provider_token: str
    provider_url: str = "https://sandbox.bank.example:8443/v2"
    batch_size: int = 8002
