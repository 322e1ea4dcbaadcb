//! The tests of `telensic.ray` and of the example that uses it (`examples/ith_ray/tests`), on a real Ray in an environment of
//! its own.
//!
//! Arguments for pytest can be given by TELENSIC_PYTEST (`-k nodes -x`).

#![expect(clippy::expect_used, reason = "the helpers of tests fail as tests do")]

mod installed;

use std::path::{Path, PathBuf};
use std::process::Command;

const IMPORTS: &str = "mypy, numpy, opentelemetry, pytest, ray, scipy, statsmodels";

/// A program of this workspace, where a test of all of it puts it; else it is built.
fn program(package: &str, name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a test");
    let target = test.parent().and_then(Path::parent).expect("a target directory");
    let path = target.join(name);
    if !path.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", package, "--bin", name]);
        let built = build.status().expect("cargo starts");
        assert!(built.success(), "{name} cannot be built");
    }
    path
}

#[test]
fn sleeves_on_ray_pass_their_tests() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/ith_ray");
    let tests = example.join("tests");
    let python = telensic_test_venv::python("venv-ray", &tests.join("requirements.txt"), IMPORTS)
        .expect("Ray, which cannot be installed here: there is no Python, no pip, or no network");
    let dir = tempfile::tempdir().expect("a directory");
    installed::package(dir.path()).expect("a package with the module that cargo has built");
    let arguments = std::env::var("TELENSIC_PYTEST").unwrap_or_default();
    let status = Command::new(python)
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir"])
        .arg(&tests)
        .args(arguments.split_whitespace())
        .arg(&tests)
        .env("TEST_ITH", program("telensic-example-ith", "ith"))
        .env("TEST_TELENSIC", program("telensic-cli", "telensic"))
        .env("PYTHONPATH", dir.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(dir.path())
        .status()
        .expect("Python starts");
    assert!(
        status.success(),
        "the tests of sleeves on Ray have failed: see above"
    );
}
