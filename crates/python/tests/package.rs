//! The tests of the Python package (`test_*.py`, beside this), on the module that was just built and the package's own files.
//!
//! Arguments for pytest can be given by TELENSIC_PYTEST (`-k asyncio -x`).

mod installed;

use std::path::Path;
use std::process::Command;

#[test]
fn the_python_package_passes_its_tests() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let imports = "fastapi, httpx, loguru, mypy, numpy, opentelemetry.distro, pandas, polars, pyarrow, pytest, requests, \
                   sqlalchemy, structlog, uvicorn";
    let Some(python) = telensic_test_venv::python("python-package", &tests.join("requirements.txt"), imports)
    else {
        println!("skipped: there is no Python, no pip, or no network");
        return;
    };
    let dir = tempfile::tempdir().expect("a directory");
    installed::package(dir.path()).expect("a package with the module that cargo has built");
    let arguments = std::env::var("TELENSIC_PYTEST").unwrap_or_default();
    let status = Command::new(python)
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir"])
        .arg(&tests)
        .args(arguments.split_whitespace())
        .arg(&tests)
        .env("PYTHONPATH", dir.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(dir.path())
        .status()
        .expect("Python starts");
    assert!(
        status.success(),
        "the tests of the Python package have failed: see above"
    );
}
