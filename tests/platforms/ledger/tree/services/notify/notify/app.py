"""Pushes new entries to the browser.  Run: uvicorn notify.app:create_app --factory"""
import asyncio

from fastapi import FastAPI, WebSocket, WebSocketDisconnect


async def live(socket: WebSocket):
    await socket.accept()
    number = 8000
    try:
        while True:
            await socket.send_json({"entry": number})
            number += 1
            await asyncio.sleep(5)
    except WebSocketDisconnect:
        pass


def create_app() -> FastAPI:
    import redis.asyncio as redis

    app = FastAPI()
    app.state.redis = redis.from_url("redis://redis:6379/0")
    app.add_api_websocket_route("/live", live)

    @app.get("/ping")
    async def ping():
        return {"pong": True}

    return app
