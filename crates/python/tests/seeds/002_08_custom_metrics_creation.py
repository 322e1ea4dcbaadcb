from telemetry import get_metrics

metrics = get_metrics()

# Custom counter
custom_counter = metrics.create_custom_counter(
    "custom_operations_total",
    "Total custom operations",
    ["operation_type", "status"]
)

# Custom histogram
custom_histogram = metrics.create_custom_histogram(
    "custom_operation_duration_seconds",
    "Custom operation duration",
    ["operation_type"],
    buckets=[0.1, 0.5, 1.0, 2.0, 5.0]
)

# Custom gauge
custom_gauge = metrics.create_custom_gauge(
    "custom_resource_usage",
    "Custom resource usage",
    ["resource_type"]
)
