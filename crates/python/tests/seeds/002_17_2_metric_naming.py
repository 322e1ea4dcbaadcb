# Use consistent naming conventions
# Format: {component}_{object}_{metric_type}_{unit}

# Examples:
# adapter_requests_total
# adapter_request_duration_seconds
# adapter_cache_hits_total
