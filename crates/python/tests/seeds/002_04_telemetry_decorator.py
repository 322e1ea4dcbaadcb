from telemetry import telemetry_decorator

@telemetry_decorator(provider_name="my_provider")
async def expensive_operation(data):
    # Automatically traced and measured!
    result = await process_data(data)
    return result
