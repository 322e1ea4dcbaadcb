# Exceptions automatically captured as span events
@app.get("/data/load")
async def load_data(symbol: str):
    # If this raises, OTEL captures:
    # - Exception type
    # - Exception message
    # - Stack trace
    # - Span marked as error (status=ERROR)
    data = await data_manager.load_data(symbol)
    return data
