from ktrdr.monitoring.logging_helpers import log_operation_start, log_operation_complete

async def download_data(symbol: str, timeframe: str):
    operation_id = create_operation()

    log_operation_start(
        logger,
        operation_id=operation_id,
        operation_type="data_download",
        symbol=symbol,
        timeframe=timeframe
    )

    start = time.time()
    result = await _do_download()
    duration_ms = (time.time() - start) * 1000

    log_operation_complete(
        logger,
        operation_id=operation_id,
        duration_ms=duration_ms,
        bars_downloaded=len(result)
    )
