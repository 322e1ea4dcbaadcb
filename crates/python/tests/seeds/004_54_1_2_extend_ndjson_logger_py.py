# New fields in NDJSONFormatter
"provenance": {
    "session_id": "sess_20260125_120000",
    "git_sha": subprocess.check_output(["git", "rev-parse", "HEAD"]).decode().strip()[:8],
    "input_hash": None,  # Set per-event
    "random_seed": None, # Set per-event
}
