from telemetry import PrometheusMetrics, MetricConfig

config = MetricConfig(
    namespace="market_intel_brain",
    subsystem="adapters",
    push_gateway="prometheus-push:9091",
    push_interval=60
)

metrics = PrometheusMetrics(config)
