from telemetry import get_exporter, start_exporter

# Start exporter
exporter = get_exporter(port=8000)
await start_exporter()

# Metrics available at http://localhost:8000/metrics
# Grafana can scrape this endpoint
