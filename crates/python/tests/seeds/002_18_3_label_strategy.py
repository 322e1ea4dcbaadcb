# Use consistent labels
# Always include: provider, operation
# Optional: status, error_type, region, version

# Examples:
# labels(provider="finnhub", operation="fetch", status="success")
# labels(provider="yahoo", operation="sync", error_type="timeout")
