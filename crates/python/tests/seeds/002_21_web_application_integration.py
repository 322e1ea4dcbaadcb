from telemetry import telemetry_decorator

@app.telemetry_middleware
@app.get("/api/data/{symbol}")
async def get_data(symbol: str):
    # Automatically traced and measured
    data = await fetch_data(symbol)
    return {"symbol": symbol, "data": data}
