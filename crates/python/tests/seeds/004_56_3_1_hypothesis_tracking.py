def log_hypothesis_result(
    hypothesis_id: str,
    test_name: str,
    statistic: float,
    p_value: float,
    effect_size: float | None,
    decision: str,
    context: dict,
) -> None:
    """Log statistical test result with full context."""
    logger.bind(context={
        "event_type": "hypothesis_result",
        "hypothesis_id": hypothesis_id,
        "test_name": test_name,
        "statistic": statistic,
        "p_value": p_value,
        "effect_size": effect_size,
        "decision": decision,
        **context,
    }).info(f"Hypothesis test: {test_name}")
