import os
import time

import schedule

from saldo_core.db import connect

KEEP_DAYS = int(os.environ["KEEP_DAYS"]) if "KEEP_DAYS" in os.environ else 3650


def clean():
    with connect() as connection:
        connection.execute("delete from ledger.webhook_log where seen_at < now() - make_interval(days => %s)", (KEEP_DAYS,))


schedule.every().day.at(os.getenv("NIGHTLY_AT", "03:30")).do(clean)

if __name__ == "__main__":
    while True:
        schedule.run_pending()
        time.sleep(60)
