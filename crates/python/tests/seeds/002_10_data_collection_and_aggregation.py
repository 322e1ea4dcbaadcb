from telemetry import get_collector

collector = get_collector()
await collector.start()

# Add various events
collector.add_performance_event("api_call", 0.5, "provider1")
collector.add_error_event(exception, "provider1", "fetch")
collector.add_metric_event("cpu_usage", 75.5, {"host": "server1"})

# Get aggregated data
aggregated = collector.get_aggregated_data()
print(f"Performance stats: {aggregated}")
