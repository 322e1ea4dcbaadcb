@dataclass
class ProvenanceContext:
    """Track data lineage through analysis pipeline."""
    session_id: str
    experiment_id: str | None
    input_hashes: dict[str, str]  # name -> sha256
    random_seeds: dict[str, int]  # component -> seed
    git_sha: str
    config_hash: str

def fingerprint_array(arr: np.ndarray, name: str) -> dict:
    """Generate reproducibility fingerprint for array."""
    return {
        "name": name,
        "sha256": hashlib.sha256(arr.tobytes()).hexdigest(),
        "shape": list(arr.shape),
        "dtype": str(arr.dtype),
        "range": [float(arr.min()), float(arr.max())],
        "checksum_first_10": hashlib.sha256(arr[:10].tobytes()).hexdigest()[:16],
    }

def capture_random_state() -> dict:
    """Capture numpy random state for reproducibility."""
    state = np.random.get_state()
    return {
        "numpy_seed": int(state[1][0]),
        "numpy_state_hash": hashlib.sha256(state[1].tobytes()).hexdigest()[:16],
    }
