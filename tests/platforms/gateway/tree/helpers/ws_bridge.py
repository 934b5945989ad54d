#!/usr/bin/env python3
# -*- coding: latin-1 -*-
"""Brücke: verteilt die Leistung (in W) an alle Browser, größte zuerst."""
import asyncio
import json
import os

from dotenv import load_dotenv
from websockets.asyncio.server import broadcast, serve

load_dotenv()
EINHEIT = "°C" if os.environ.get("WAERME") == "1" else "W"
GRÖSSE = 8080
gäste = set()


async def handler(websocket):
    gäste.add(websocket)
    try:
        async for nachricht in websocket:
            werte = sorted(json.loads(nachricht).items(), key=lambda paar: -paar[1])
            broadcast(gäste, json.dumps({"einheit": EINHEIT, "werte": werte}))
    finally:
        gäste.discard(websocket)


async def main(adresse="0.0.0.0", anschluss=8765):
    async with serve(handler, adresse, anschluss, max_size=GRÖSSE, ping_timeout=5000):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main())
