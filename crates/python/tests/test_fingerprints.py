"""Fingerprints of arrays, tables and files: of their values, not of how they lie in memory."""

from __future__ import annotations

import array
import hashlib
import random
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import telensic


def sha256(values: np.ndarray) -> str:  # type: ignore[type-arg]
    return hashlib.sha256(values.tobytes()).hexdigest()


GRID = np.arange(60_000, dtype=np.float64).reshape(300, 200) / 7

ARRAYS = {
    "contiguous": GRID,
    "strided": GRID[::3, ::2],
    "reversed": GRID[::-1, ::-1],
    "fortran": np.asfortranarray(GRID),
    "transposed": GRID.T,
    "broadcast": np.broadcast_to(np.arange(5), (7, 5)),
    "empty": np.empty((0, 3)),
    "scalar": np.float64(1.5),
    "no axes": np.array(2.5),
    "bool": np.array([True, False]),
    "int8": np.arange(-5, 5, dtype=np.int8),
    "uint64": np.array([0, 2**64 - 1], dtype=np.uint64),
    "half": np.array([0.5, np.nan], dtype=np.float16),
    "complex": np.array([1 + 2j, np.nan]),
    "datetime": np.array(["2026-01-01T00:00:00.000000001", "NaT"], dtype="datetime64[ns]"),
    "timedelta": np.array([1, 2], dtype="timedelta64[s]"),
    "weeks": np.array([1, 2], dtype="datetime64[W]"),
    "text": np.array(["a", "bc"]),
    "bytes": np.array([b"a", b"bc"]),
    "structured": np.array([(1, 2.5), (3, 4.5)], dtype=[("a", "i4"), ("b", "f8")]),
    "long double": np.array([1.5], dtype=np.longdouble),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_the_hash_is_that_of_the_arrays_bytes(name: str) -> None:
    values = ARRAYS[name]
    fingerprint = telensic.fingerprint_array(values, name)
    assert fingerprint["sha256"] == sha256(np.asarray(values))
    assert fingerprint["shape"] == list(np.shape(values))
    assert fingerprint["name"] == name


def test_types_and_ranges_are_told() -> None:
    fingerprint = telensic.fingerprint_array(np.array([2.0, np.nan, -1.0]), "close")
    assert (fingerprint["dtype"], fingerprint["range"], fingerprint["nan_count"]) == (
        "float64",
        [-1.0, 2.0],
        1,
    )
    assert telensic.fingerprint_array(ARRAYS["datetime"])["dtype"] == "datetime64[ns]"
    assert telensic.fingerprint_array(np.array(2**64 - 1, dtype=np.uint64))["range"] == [2**64 - 1, 2**64 - 1]


def test_the_order_of_bytes_and_read_only_memory_make_no_difference() -> None:
    little = np.arange(1000, dtype="<i4")
    expected = telensic.fingerprint_array(little)
    assert telensic.fingerprint_array(little.astype(">i4")) == expected
    little.flags.writeable = False
    assert telensic.fingerprint_array(little) == expected
    assert telensic.fingerprint_array(memoryview(array.array("i", range(1000)))) == expected


@pytest.mark.parametrize(
    "values",
    [
        np.array([1, "a", None], dtype=object),
        np.array([(1, None)], dtype=[("a", "i4"), ("b", "O")]),
        [1, 2],
        None,
    ],
)
def test_what_has_no_bytes_of_its_own_is_refused_with_a_way_out(values: object) -> None:
    with pytest.raises(TypeError, match="convert it first|give a NumPy array"):
        telensic.fingerprint_array(values)


def test_a_table_has_one_fingerprint_in_every_library() -> None:
    columns = {
        "close": [1.5, 2.5, None],
        "volume": [1, 2, 3],
        "symbol": ["a", "b", None],
        "live": [True, False, True],
    }
    arrow = pa.table(columns)
    expected = telensic.fingerprint_array(arrow, "bars")
    assert expected["row_count"] == 3
    assert [column["name"] for column in expected["schema"]] == list(columns)
    assert telensic.fingerprint_array(pl.DataFrame(columns), "bars") == expected
    assert telensic.fingerprint_array(pa.concat_tables([arrow[:1], arrow[1:]]), "bars") == expected
    assert telensic.fingerprint_array(arrow.to_batches()[0], "bars") == expected
    frame = pd.DataFrame({"close": columns["close"], "volume": columns["volume"]})
    of_pandas = telensic.fingerprint_array(frame, "bars")
    assert [column["dtype"] for column in of_pandas["schema"]] == ["float64", "int64"]
    assert of_pandas["columns"][1] == expected["columns"][1]


def test_a_column_is_a_table_of_one_column() -> None:
    values = [1.0, 2.0, 3.0]
    expected = telensic.fingerprint_array(pa.table({"close": values}), "x")["columns"]
    for column in (
        pd.Series(values, name="close"),
        pl.Series("close", values),
        pa.array(values),
        pa.chunked_array([values[:1], values[1:]]),
    ):
        assert telensic.fingerprint_array(column, "close")["columns"] == expected


def test_sub_second_timestamps_are_kept() -> None:
    times = pd.to_datetime(["2026-01-01T00:00:00.000000001", "2026-01-01T00:00:00.000000002"])
    first = telensic.fingerprint_array(pd.DataFrame({"t": times}))
    second = telensic.fingerprint_array(pd.DataFrame({"t": times + pd.Timedelta(1, "ns")}))
    assert first["sha256"] != second["sha256"]


def test_where_two_arrays_differ_can_be_told() -> None:
    changed = GRID.copy()
    changed[150, 0] += 1
    one, other = telensic.fingerprint_array(GRID)["chunks"], telensic.fingerprint_array(changed)["chunks"]
    assert one != other


def test_other_threads_go_on_while_a_large_array_is_hashed() -> None:
    large = np.zeros(6_000_000)
    ticks, over = [0], threading.Event()

    def tick() -> None:
        while not over.is_set():
            ticks[0] += 1

    thread = threading.Thread(target=tick)
    thread.start()
    before = ticks[0]
    telensic.fingerprint_array(large)
    after = ticks[0]
    over.set()
    thread.join()
    assert after > before


def test_a_file_is_known_by_its_rows_and_one_that_is_missing_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "nav.csv"
    path.write_text("date,nav\n2026-01-01,1.0\n2026-01-02,1.1\n")
    fingerprint = telensic.fingerprint_file(path)
    assert fingerprint["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert fingerprint["row_count"] == 2
    assert "sha256" not in telensic.fingerprint_file(tmp_path / "gone.csv")


def test_random_states_are_told_by_all_of_the_state_and_seeds_if_set_by_us() -> None:
    seeds = telensic.seed_everything(42)
    assert seeds == {"python": 42, "numpy": 42}
    one = telensic.capture_random_state(bootstrap=np.random.default_rng(7), own=random.Random(5))
    assert one["numpy_seed"] == one["python_seed"] == 42
    np.random.random()
    random.random()
    two = telensic.capture_random_state(bootstrap=np.random.default_rng(7), own=random.Random(5))
    assert one["bootstrap_state_hash"] == two["bootstrap_state_hash"]
    assert one["own_state_hash"] == two["own_state_hash"]
    # The first word of NumPy's state is the same before and after: only all of it tells.
    assert one["numpy_state_hash"] != two["numpy_state_hash"]
    assert one["python_state_hash"] != two["python_state_hash"]
    with pytest.raises(TypeError, match="tells no state"):
        telensic.capture_random_state(other=object())
