import base64

import uvicorn
from fastapi import FastAPI, Request, Response
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from .settings import settings

app = FastAPI(root_path="/")


@app.post("/hooks/{bank}")
async def receive(bank: str, request: Request):
    key = VerifyKey(base64.b64decode(settings.verify_key.get_secret_value()))
    try:
        key.verify(await request.body(), base64.b64decode(request.headers["x-signature"]))
    except (BadSignatureError, KeyError):
        return Response(status_code=401)
    return {"bank": bank, "seen": True}


@app.get("/hooks")
def about():
    return {"url": f"{settings.public_url}/hooks", "old": "http://localhost:8080/hooks"}


def start():
    uvicorn.run("hooks.server:app", host=settings.host, port=settings.port, timeout_keep_alive=5000)


if __name__ == "__main__":
    start()
