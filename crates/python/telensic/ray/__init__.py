"""Ray: sleeves on the workers of a cluster, in one trace.

    engine = RayComputeEngine(backtest, parallelism=8)
    with telensic.run("nightly"):
        sleeves = engine.execute_sleeves({"BTCUSDT": nav, "ETHUSDT": other})
    sleeves.done["BTCUSDT"]

Every worker writes a tape of its own: into the run's directory if that is on a disk which it shares with the driver, else
on its node, from where the driver fetches it when the sleeves have ended.

Ray itself is imported when it is needed, and not before. Plain tasks join the run by ``telensic.ray.startup``.
"""

from telensic.ray.actor import Place, SleeveActor
from telensic.ray.engine import RayComputeEngine, SleeveDied, Sleeves

__all__ = ["Place", "RayComputeEngine", "SleeveActor", "SleeveDied", "Sleeves"]
