from opentelemetry.instrumentation.logging import LoggingInstrumentor

# Instrument Python logging
LoggingInstrumentor().instrument(
    set_logging_format=True,  # Add trace fields to log format
    log_level=logging.INFO
)
