import jwt
from dateutil import parser as dates
from fastapi import APIRouter, Header, HTTPException

from saldo_core.db import balance, connect

router = APIRouter(prefix="/accounts", tags=["accounts"])
health = APIRouter()


@router.get("/{account_id}")
def read(account_id: int, at: str | None = None):
    when = dates.isoparse(at) if at else None
    with connect() as connection:
        return {"id": account_id, "balance": balance(connection, account_id), "at": when}


@router.post("", status_code=201)
def create(body: dict, authorization: str = Header()):
    try:
        claims = jwt.decode(authorization, options={"verify_signature": False})
    except jwt.PyJWTError:
        raise HTTPException(401)
    return {"name": body["name"], "owner": claims["sub"], "limit": 8002}


@router.api_route("/{account_id}/close", methods=["PUT", "DELETE"])
def close(account_id: int):
    return {"closed": account_id}


@health.get("/healthz", include_in_schema=False)
def healthz():
    return "ok"
