"""Two services that know nothing of telemetry: one asks the other through httpx, which asks a database."""

import logging
import os

import httpx
import requests
import sqlalchemy
from fastapi import FastAPI, HTTPException

app = FastAPI()
database = sqlalchemy.create_engine("sqlite://", poolclass=sqlalchemy.pool.StaticPool)
log = logging.getLogger("market")
BACK = os.environ["BACK"]


@app.get("/portfolio/{name}")
async def portfolio(name: str) -> dict[str, object]:
    async with httpx.AsyncClient() as client:
        found = await client.get(f"{BACK}/quotes/{name}", params={"depth": 2})
        missing = await client.get(f"{BACK}/quotes/nothing")
    return {"found": found.json(), "missing": missing.status_code}


@app.get("/quotes/{symbol}")
def quotes(symbol: str) -> dict[str, object]:
    if symbol == "nothing":
        raise HTTPException(404)
    with database.connect() as connection:
        price = connection.execute(sqlalchemy.text("SELECT 42")).scalar()
    log.warning("quoted %s", symbol, extra={"symbol": symbol})
    return {"symbol": symbol, "price": price}


@app.get("/fails")
def fails() -> None:
    raise ValueError("no such book")


@app.get("/chain")
def chain() -> int:
    return requests.get(f"{BACK}/quotes/AAPL", timeout=5).status_code
