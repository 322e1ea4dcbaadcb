from opentelemetry import trace

class ServiceOrchestrator:
    def __init__(self):
        self.tracer = trace.get_tracer(__name__)

    async def start_operation(self, operation_type: OperationType, context: dict):
        """Start operation with tracing."""

        # Create custom span
        with self.tracer.start_as_current_span("operation.start") as span:
            # Add business attributes
            span.set_attribute("operation.type", operation_type.value)
            span.set_attribute("operation.id", context.get("operation_id"))
            span.set_attribute("symbol", context.get("symbol"))
            span.set_attribute("strategy", context.get("strategy"))

            # Business logic (auto-traced HTTP calls nest within this span)
            result = await self._execute_operation(context)

            # Add result attributes
            span.set_attribute("operation.status", "success")
            span.set_attribute("operation.duration_ms", result.duration_ms)

            return result
