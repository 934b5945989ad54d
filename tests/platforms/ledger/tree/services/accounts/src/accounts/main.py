from contextlib import asynccontextmanager

from fastapi import FastAPI

from saldo_core.settings import get_settings

from . import routes
from .routes import router as accounts_router


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.settings = get_settings()
    yield


app = FastAPI(title="accounts", version="1.4.0", lifespan=lifespan)
app.include_router(accounts_router, prefix="/v1")
app.include_router(routes.health)


@app.get("/")
def root():
    return {"service": "accounts", "docs": "/docs"}


# if __name__ == "__main__":
#     uvicorn.run(app, port=8080)
