# Service A
with tracer.trace_async("service_a_operation") as span:
    span.set_attribute("service", "service_a")
    
    # Call Service B with context propagation
    headers = tracer.inject_context()
    result = await call_service_b(headers)
    
    # Service B automatically receives the context
    # and continues the same trace
