logger.info(f"Training started for {symbol} with {epochs} epochs")
