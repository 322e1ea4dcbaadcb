# Use sampling for high-traffic scenarios
sample_rate = 0.01  # 1% sampling

# Batch metric updates
metrics.record_request_batch(requests)  # Instead of individual calls

# Use async processing
async def process_events():
    await collector.process_events()  # Background processing
