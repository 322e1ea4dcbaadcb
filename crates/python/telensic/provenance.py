"""Where results came from: fingerprints of data, hashes of configurations, states of random generators."""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
from typing import Any

from telensic import _telensic
from telensic._telensic import config_hash

__all__ = ["capture_random_state", "config_hash", "fingerprint_array", "fingerprint_file", "seed_everything"]


def fingerprint_array(array: Any, name: str = "array") -> dict[str, Any]:
    """What an array or a table holds, without its values: hashes of the whole and of every 1,000 rows, shape, type, range.

    Takes arrays of NumPy (of any strides, read-only, structured), whatever speaks the buffer protocol, and tables and
    columns of pandas, Polars and PyArrow, by Arrow's C interface. Nothing is copied, and other threads go on meanwhile.
    ``sha256`` of a NumPy array is that of ``array.tobytes()``.
    """
    fingerprint: dict[str, Any] = json.loads(_telensic.fingerprint_array(hashable(array, name), name))
    return fingerprint


def hashable(array: Any, name: str) -> Any:
    """The array or table; of a single column, the table that consists of it."""
    if hasattr(array, "__array_interface__"):
        return array
    if hasattr(array, "to_frame"):
        # A series of pandas or Polars.
        return array.to_frame(name if getattr(array, "name", None) in (None, "") else array.name)
    pyarrow = sys.modules.get("pyarrow")
    if pyarrow is not None and isinstance(array, (pyarrow.Array, pyarrow.ChunkedArray)):
        return pyarrow.table({name: array})
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(array, torch.Tensor):
        return array.detach().cpu().numpy()
    return array


def fingerprint_file(path: str | os.PathLike[str]) -> dict[str, Any]:
    """What a file holds: size and hashes, and of CSV, JSON and Parquet rows, schema and a hash for every 1,000 rows.

    A file that cannot be read is told of in its fingerprint.
    """
    fingerprint: dict[str, Any] = json.loads(_telensic.fingerprint_file(path))
    return fingerprint


# The seeds that were set through us: a generator does not tell its own.
_seeds: dict[str, int] = {}


def seed_everything(seed: int) -> dict[str, int]:
    """Seeds every generator that the program has: Python's, NumPy's legacy one, torch's if it is imported.

    Returns the seed by component, as a run keeps it.
    """
    random.seed(seed)
    _seeds["python"] = seed
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(seed % 2**32)
        _seeds["numpy"] = seed % 2**32
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)
        _seeds["torch"] = seed
    return dict(_seeds)


def capture_random_state(**generators: Any) -> dict[str, Any]:
    """The state of every random generator, by the SHA-256 of all of it, and its seed if it was set through us.

    Python's generator, NumPy's legacy one and torch's are found by themselves; generators of one's own (of NumPy, or of
    module :mod:`random`) are given by name.
    """
    states = {"python": _hash(repr(random.getstate()).encode())}
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        states["numpy"] = _numpy_legacy(numpy.random.get_state())
    torch = sys.modules.get("torch")
    if torch is not None:
        states["torch"] = _hash(torch.get_rng_state().numpy().tobytes())
    for name, generator in generators.items():
        states[name] = _state_of(generator)
    captured: dict[str, Any] = {}
    for component, state in states.items():
        captured[f"{component}_state_hash"] = state
        if component in _seeds:
            captured[f"{component}_seed"] = _seeds[component]
    return captured


def _state_of(generator: Any) -> str:
    if isinstance(generator, random.Random):
        return _hash(repr(generator.getstate()).encode())
    bits = getattr(generator, "bit_generator", generator)
    state = getattr(bits, "state", None)
    if isinstance(state, dict):
        return _hash(json.dumps(_plain(state), sort_keys=True).encode())
    legacy = getattr(generator, "get_state", None)
    if legacy is not None:
        return _numpy_legacy(legacy())
    raise TypeError(
        f"a {type(generator).__name__} tells no state: give a random.Random or a numpy.random.Generator"
    )


def _numpy_legacy(state: tuple[Any, ...]) -> str:
    """Of the key and of where in it the generator is, and of the normal variate it keeps for later."""
    name, key, position, has_gauss, gauss = state
    return _hash(key.tobytes() + f"{name} {position} {has_gauss} {gauss!r}".encode())


def _plain(state: Any) -> Any:
    if isinstance(state, dict):
        return {key: _plain(value) for key, value in state.items()}
    return state.tolist() if hasattr(state, "tolist") else state


def _hash(state: bytes) -> str:
    return hashlib.sha256(state).hexdigest()
