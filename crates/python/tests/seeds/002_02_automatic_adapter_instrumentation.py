from telemetry import instrument_adapter

# Instrument adapter class
@instrument_adapter("my_provider")
class MyAdapter:
    def fetch_data(self, symbol):
        # Automatically traced!
        return api_call(symbol)
