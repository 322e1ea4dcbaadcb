from telemetry import get_metrics

# Get global metrics
metrics = get_metrics()

# Record request success
metrics.record_request_success(
    provider="my_provider",
    operation="fetch_data",
    duration=0.5
)

# Record error
metrics.record_request_error(
    provider="my_provider",
    operation="fetch_data",
    error_type="timeout"
)
