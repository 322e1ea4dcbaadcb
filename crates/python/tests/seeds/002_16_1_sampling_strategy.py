# Production: Use sampling to reduce overhead
sample_rate = 0.01  # 1% sampling for high traffic

# Development: Use full sampling
sample_rate = 1.0    # 100% sampling for debugging
