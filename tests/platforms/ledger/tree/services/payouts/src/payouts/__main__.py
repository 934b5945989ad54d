import argparse
import logging

import yaml
from aiohttp import ClientSession, web

from .settings import PayoutSettings

routes = web.RouteTableDef()
log = logging.getLogger(__name__)


@routes.get("/payouts")
async def listing(request):
    return web.json_response([])


@routes.post("/payouts/{account}")
async def create(request: web.Request):
    settings = request.app["settings"]
    order = yaml.safe_load(await request.text())
    async with ClientSession(headers={"X-Token": settings.provider_token}) as session:
        async with session.post(settings.provider_url, json=order) as answer:
            log.info("provider said %s", answer.status)
    return web.json_response({"account": request.match_info["account"]}, status=202)


@routes.view("/payouts/batch")
class Batch(web.View):
    async def get(self):
        return web.Response(text=str(self.request.app["settings"].batch_size))

    async def put(self):
        raise web.HTTPAccepted()


def make_app(settings=None) -> web.Application:
    app = web.Application()
    app["settings"] = settings or PayoutSettings()
    app.add_routes(routes)
    return app


def main():
    parser = argparse.ArgumentParser(prog="payouts")
    parser.add_argument("--host", default="0.0.0.0")
    parser.add_argument("-p", "--port", type=int, default=8000)
    parser.add_argument("--timeout", type=int, default=8003)
    args = parser.parse_args()
    web.run_app(make_app(), host=args.host, port=args.port)


if __name__ == "__main__":
    main()
