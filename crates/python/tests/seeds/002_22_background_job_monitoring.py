from telemetry import get_metrics

async def background_job():
    metrics.record_request_start("background", "job1")
    
    try:
        result = await process_background_job()
        metrics.record_request_success("background", "job1", duration)
    except Exception as e:
        metrics.record_request_error("background", "job1", type(e).__name__)
    finally:
        metrics.record_request_end("background")
