from opentelemetry.sdk.trace import SpanLimits

limits = SpanLimits(
    max_attributes=128,
    max_events=128,
    max_links=128,
    max_attribute_length=1024
)

provider = TracerProvider(span_limits=limits)
