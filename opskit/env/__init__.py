"""The environment: what the code reads, what the .env files hold, who provides the rest."""
