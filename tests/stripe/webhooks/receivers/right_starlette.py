"""A receiver on Starlette, which FastAPI is."""

import socket
import sys

import stripe
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

SECRET = sys.argv[1]


async def webhook(request: Request):
    try:
        event = stripe.Webhook.construct_event(await request.body(), request.headers.get("stripe-signature"), SECRET)
    except (ValueError, stripe.SignatureVerificationError):
        return JSONResponse({"detail": "refused"}, 400)
    return JSONResponse({"received": event["id"]})


listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen()
print(listening.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(Starlette(routes=[Route("/webhook", webhook, methods=["POST"])]), log_level="critical")).run([listening])
