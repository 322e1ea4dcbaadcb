from ktrdr.monitoring.setup import setup_monitoring, instrument_app

# Setup OTEL
setup_monitoring(
    service_name="ktrdr-training-host-service",
    otlp_endpoint=os.getenv("OTLP_ENDPOINT", "http://jaeger:4317")
)

# Create FastAPI app
app = FastAPI(...)

# Auto-instrument
instrument_app(app)

# Future: PyTorch instrumentation
# from opentelemetry.instrumentation.pytorch import PyTorchInstrumentor
# PyTorchInstrumentor().instrument()
