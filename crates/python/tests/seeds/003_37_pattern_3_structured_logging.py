logger.info(
    "Training started",
    extra={
        "symbol": symbol,
        "epochs": epochs,
        "strategy": strategy_name,
        "operation_id": operation_id
    }
)
