"""`POST /events` keeps an event; `GET /events/summary` counts them by name and day."""

import hmac
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from psycopg.types.json import Jsonb
from pydantic import BaseModel, Field

router = APIRouter(tags=["events"])


class Event(BaseModel):
    """One thing that happened. `name` is a short identifier, `properties` any flat JSON object."""

    name: str = Field(min_length=1, max_length=100, pattern=r"^[\w.:-]+$")
    properties: dict[str, str | int | float | bool | None] = Field(default_factory=dict, max_length=50)


class Count(BaseModel):
    day: date
    name: str
    events: int


def sender(request: Request) -> None:
    """Constant-time check of the bearer token."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    wanted = request.app.state.settings.analytics_internal_key.get_secret_value()
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise HTTPException(401, "the key is missing or wrong")


@router.post("/events", status_code=202, dependencies=[Depends(sender)])
async def keep(event: Event, request: Request) -> dict[str, int]:
    async with request.app.state.pool.connection() as connection:
        cursor = await connection.execute("INSERT INTO analytics.event (name, properties) VALUES (%s, %s) RETURNING id",
                                          (event.name, Jsonb(event.properties)))
        row = await cursor.fetchone()
    return {"id": row[0]}


@router.get("/events/summary", dependencies=[Depends(sender)])
async def summary(request: Request, days: Annotated[int, Query(ge=1, le=366)] = 7) -> list[Count]:
    """Counts of the last `days` days, UTC, newest first."""
    async with request.app.state.pool.connection() as connection:
        cursor = await connection.execute(SUMMARY, (days,))
        rows: list[Any] = await cursor.fetchall()
    return [Count(day=day, name=name, events=events) for day, name, events in rows]


SUMMARY = """
    SELECT (at AT TIME ZONE 'UTC')::date AS day, name, count(*)
    FROM analytics.event
    WHERE at >= clock_timestamp() - make_interval(days => %s)
    GROUP BY day, name
    ORDER BY day DESC, count(*) DESC, name
"""
