from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

# Instrument all httpx clients globally
HTTPXClientInstrumentor().instrument()
