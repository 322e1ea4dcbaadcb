from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

app = FastAPI(...)

# Instrument the entire app (one line!)
FastAPIInstrumentor.instrument_app(app)
