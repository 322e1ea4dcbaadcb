from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.logging import LoggingInstrumentor

def instrument_app(app: FastAPI):
    """Auto-instrument FastAPI app."""
    # Instrument FastAPI
    FastAPIInstrumentor.instrument_app(app)

    # Instrument httpx (global)
    HTTPXClientInstrumentor().instrument()

    # Instrument logging
    LoggingInstrumentor().instrument(set_logging_format=True)

    logger.info("✅ Auto-instrumentation enabled")
