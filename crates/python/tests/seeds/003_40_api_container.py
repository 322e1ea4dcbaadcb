from ktrdr.monitoring.setup import setup_monitoring, instrument_app

# Setup OTEL
setup_monitoring(
    service_name="ktrdr-api",
    otlp_endpoint=os.getenv("OTLP_ENDPOINT", "http://jaeger:4317")
)

# Create FastAPI app
app = FastAPI(...)

# Auto-instrument
instrument_app(app)
