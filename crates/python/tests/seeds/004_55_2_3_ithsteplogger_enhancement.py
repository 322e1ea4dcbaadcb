# Add to ITHStepLogger
def log_epoch_event(
    self,
    epoch_index: int,
    bar_index: int,
    excess_gain: float,
    excess_loss: float,
    endorsing_crest: float,
    candidate_nadir: float,
    tmaeg: float,
) -> None:
    """Log epoch detection event for P&L attribution."""
    self._log_step({
        "event_type": "epoch_detected",
        "epoch_index": epoch_index,
        "bar_index": bar_index,
        "excess_gain": excess_gain,
        "excess_loss": excess_loss,
        "endorsing_crest": endorsing_crest,
        "candidate_nadir": candidate_nadir,
        "tmaeg_threshold": tmaeg,
        "position_type": self.component.split("_")[0],  # bull or bear
    })
