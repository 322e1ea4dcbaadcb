from ktrdr.monitoring.setup import setup_monitoring, instrument_app

# Setup OTEL SDK
setup_monitoring(
    service_name="ktrdr-api",
    otlp_endpoint=os.getenv("OTLP_ENDPOINT", "http://localhost:4317")
)

# Auto-instrument
instrument_app(app)
