from telemetry import TelemetryCollector, CollectorConfig

config = CollectorConfig(
    max_events=10000,
    batch_size=100,
    flush_interval=5.0,
    enable_persistence=True,
    persistence_file="telemetry_events.jsonl"
)

collector = TelemetryCollector(config)
