from telemetry import OpenTelemetryTracer

tracer = OpenTelemetryTracer(
    service_name="market-intel-brain",
    jaeger_endpoint="localhost:6831",
    sample_rate=0.1  # 10% sampling
)

# Spans automatically sent to Jaeger
with tracer.trace_async("distributed_operation") as span:
    # Your distributed operation here
    result = await call_external_service()
    return result
