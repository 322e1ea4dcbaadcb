import pytest
from telemetry import get_tracer

@pytest.mark.asyncio
async def test_tracer():
    tracer = get_tracer()
    
    with tracer.trace_async("test_operation") as span:
        span.set_attribute("test", True)
        assert span is not None
