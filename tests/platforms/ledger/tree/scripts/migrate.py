"""Heroku release phase: loads db/schema.sql once."""
import os
import pathlib
import subprocess
import sys

SCHEMA = pathlib.Path(__file__).parent.parent / "db" / "schema.sql"

if __name__ == "__main__":
    url = os.environ.get("DATABASE_URL") or os.environ["SALDO_DATABASE_URL"]
    sys.exit(subprocess.call(["psql", url, "-f", str(SCHEMA)]))
