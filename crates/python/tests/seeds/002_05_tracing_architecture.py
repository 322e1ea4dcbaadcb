# Span creation with automatic context
with tracer.trace_async("adapter.fetch") as span:
    span.set_attribute("provider", "finnhub")
    span.set_attribute("symbol", "AAPL")
    
    # Add events to span
    tracer.add_span_event(span, "cache_hit", {"cache_key": "AAPL"})
    
    # Your code here
    result = await fetch_from_provider("AAPL")
    return result
