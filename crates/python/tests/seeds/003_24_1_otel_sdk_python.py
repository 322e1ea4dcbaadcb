# Conceptual structure
TracerProvider
  ├─> Resource (service.name, service.version, ...)
  ├─> SpanProcessor
  │   └─> BatchSpanProcessor
  │       └─> SpanExporter (Console, OTLP, Jaeger)
  └─> Sampler (AlwaysOn, TraceIdRatioBased, ...)

MeterProvider
  ├─> Resource
  ├─> MetricReader
  │   └─> PrometheusMetricReader
  └─> View (aggregation, filtering)
