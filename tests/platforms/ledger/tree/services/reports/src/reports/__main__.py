import argparse
import csv
import io
import os

from aiohttp import web
from dateutil.relativedelta import relativedelta

from saldo_core.db import connect

from . import constants as c

try:
    import openpyxl
except ImportError:
    openpyxl = None


async def trial_balance(request):
    with connect() as connection:
        rows = connection.execute("select * from ledger.trial_balance").fetchall()
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return web.Response(text=out.getvalue(), content_type="text/csv")


async def years(request):
    return web.json_response([c.FIRST_YEAR, str(relativedelta(years=1))])


async def excel(request):
    if openpyxl is None:
        raise web.HTTPNotImplemented(text="pip install saldo-reports[excel]")
    raise web.HTTPNotFound()


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=c.PORT)
    parser.add_argument("--since", type=int, default=c.FIRST_YEAR)
    options = parser.parse_args(argv)

    app = web.Application(client_max_size=8004)
    app.router.add_get("/trial-balance", trial_balance)
    app.router.add_route("GET", "/years", years)
    app.add_routes([web.get("/excel", excel)])
    web.run_app(app, host=os.environ.get("REPORTS_HOST", "0.0.0.0"), port=options.port)


if __name__ == "__main__":
    main()
