from telemetry import OpenTelemetryTracer

tracer = OpenTelemetryTracer(
    service_name="market-intel-brain",
    jaeger_endpoint="jaeger:6831",
    enable_tracing=True,
    sample_rate=0.1  # 10% sampling for production
)
