from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

def setup_tracing(service_name: str, otlp_endpoint: str):
    """Configure OTEL tracing for a service."""

    # Resource identifies the service
    resource = Resource.create({
        "service.name": service_name,
        "service.version": get_version(),
        "deployment.environment": get_environment()
    })

    # Tracer provider
    provider = TracerProvider(resource=resource)

    # Export spans to OTLP endpoint (Jaeger, Collector)
    span_exporter = OTLPSpanExporter(
        endpoint=otlp_endpoint,
        insecure=True  # Use TLS in production
    )

    # Batch processor (async, low overhead)
    processor = BatchSpanProcessor(span_exporter)
    provider.add_span_processor(processor)

    # Set as global tracer provider
    trace.set_tracer_provider(provider)

    return provider
