# API service (sending)
async with httpx.AsyncClient() as client:
    response = await client.post("http://localhost:5001/download")
    # httpx instrumentation adds traceparent header automatically

# IB host service (receiving)
@app.post("/download")
async def download_data(request: Request):
    # FastAPI instrumentation extracts traceparent automatically
    # Creates span with API's span as parent
    ...
