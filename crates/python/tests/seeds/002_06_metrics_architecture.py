# Request metrics (automatically updated)
metrics.request_total.labels(
    provider="finnhub",
    operation="fetch",
    status="success"
).inc()

# Latency histogram (automatically observed)
metrics.request_duration.labels(
    provider="finnhub",
    operation="fetch"
).observe(duration)

# Active requests gauge
metrics.active_requests.labels(provider="finnhub").inc()
# ... request completes
metrics.active_requests.labels(provider="finnhub").dec()
