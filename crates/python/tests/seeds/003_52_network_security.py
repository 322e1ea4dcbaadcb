from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

exporter = OTLPSpanExporter(
    endpoint="https://jaeger:4317",
    credentials=ChannelCredentials(root_certificates)
)
