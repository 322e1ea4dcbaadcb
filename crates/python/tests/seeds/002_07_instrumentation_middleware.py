# Automatic class instrumentation
middleware = TelemetryMiddleware()

# Instrument entire class
instrumented_adapter = middleware.instrument_class(MyAdapter)

# Use instrumented adapter (telemetry is automatic)
adapter = instrumented_adapter()
result = await adapter.fetch_data("AAPL")
