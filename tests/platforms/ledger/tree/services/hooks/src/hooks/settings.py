from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    host: str = "0.0.0.0"
    port: int = 8003
    # base64, from the bank's portal
    verify_key: SecretStr = Field(validation_alias="BANK_VERIFY_KEY")
    public_url: str
    retries: int = 8001

    class Config:
        env_prefix = "hooks_"
        env_file = ".env"
        extra = "ignore"


settings = Settings()
