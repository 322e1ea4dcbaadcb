from opentelemetry.sdk.trace.export import BatchSpanProcessor

processor = BatchSpanProcessor(
    span_exporter=exporter,
    max_queue_size=2048,      # Max spans in buffer
    schedule_delay_millis=5000,  # Export interval
    max_export_batch_size=512,   # Spans per batch
    export_timeout_millis=30000  # Export timeout
)
