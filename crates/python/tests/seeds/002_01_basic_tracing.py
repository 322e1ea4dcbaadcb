from telemetry import get_tracer, trace_span

# Get global tracer
tracer = get_tracer(service_name="my-app")

# Create spans manually
with tracer.trace_async("operation_name") as span:
    span.set_attribute("user_id", "user123")
    # Your code here
    result = await some_operation()
    span.set_attribute("result_count", len(result))
