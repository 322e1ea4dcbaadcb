from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

exporter = OTLPSpanExporter(
    endpoint="http://jaeger:4317",  # gRPC
    insecure=True  # Use TLS in production
)
