from opentelemetry import trace

try:
    result = await train_model(symbol, strategy)
except Exception as e:
    span = trace.get_current_span()
    span.set_attribute("error.symbol", symbol)
    span.set_attribute("error.strategy", strategy)
    span.record_exception(e)
    span.set_status(Status(StatusCode.ERROR, str(e)))
    raise
