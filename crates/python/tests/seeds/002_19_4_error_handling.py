# Always record context with errors
try:
    result = await risky_operation()
except Exception as e:
    # Record error with full context
    metrics.record_request_error(provider, "operation", type(e).__name__)
    tracer.add_span_event(span, "error", {"error": str(e), "stack": traceback.format_exc()})
    raise
