"""Two nodes, of which one keeps its tapes in a directory of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Record, program

TEXT = """
    import sys
    from pathlib import Path
    import ray
    import sleeves
    from ray.cluster_utils import Cluster
    import telensic
    from telensic.ray import RayComputeEngine

    data, other, work = sys.argv[1:]
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    node = cluster.add_node(num_cpus=1, env_vars={"TELENSIC_RAY_TAPES": other})
    ray.init(address=cluster.address, log_to_driver=False)
    with telensic.run("nodes", directory=data) as run:
        items = {f"s{n:02}": (n, str(Path(data).parent)) for n in range(12)}
        came = RayComputeEngine(getattr(sleeves, work), parallelism=2).execute_sleeves(items)
    print(*came.failed)
    print(run.directory)
    ray.shutdown()
    cluster.shutdown()
"""


@pytest.mark.parametrize("work", ["work_beside_another", "kills_itself_on_the_other_node"])
def test_tapes_of_another_node_come_through_the_object_store(tmp_path: Path, work: str) -> None:
    other = tmp_path / "other"
    *_, failed, directory = program(TEXT, tmp_path / "data", other, work).splitlines()
    assert failed in (["s00", "s01"] if "kills" in work else [""])
    record = Record(Path(directory))
    # Nothing is left on the node, and nothing half is in the run.
    assert other.exists()
    assert not list(other.rglob("*.tape"))
    assert {path.suffix for path in (record.directory / "tape").iterdir()} == {".tape"}
    # Those that were open, too.
    assert len(record.named("run_pipeline")) == 12
    assert len({span["trace_id"] for span in record.spans}) == 1
    (fetching,) = record.named("fetch_tapes")
    assert fetching["attributes"]["tapes"] == len(record.tapes) - 2
    gaps = [gap["sleeve"] for gap in record.health()["gaps"]["first"] if gap["kind"] == "sleeve_stale"]
    assert gaps == failed.split()
    record.verify()
