//! Python for tests: virtual environments under `target/`, made when they are needed and kept.
//!
//! Invariant: a test that gets `None` can only be skipped, and says so: there is no Python, no pip, or no network.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Python of the virtual environment of this name, in which these requirements are installed.
///
/// `imports` tells whether they are: what `import` would be followed by.
pub fn python(name: &str, requirements: &Path, imports: &str) -> Option<PathBuf> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    std::fs::create_dir_all(&target).ok()?;
    // Tests of several programs may want the same one at once.
    let lock = File::create(target.join(format!("{name}.lock"))).ok()?;
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).ok()?;
    let venv = target.join(name);
    let python = venv.join("bin/python");
    let works = || succeeds(Command::new(&python).args(["-c", &format!("import {imports}")]));
    if !works() {
        let made = succeeds(Command::new("python3").args(["-m", "venv"]).arg(&venv));
        let mut install = Command::new(&python);
        install
            .args(["-m", "pip", "install", "--quiet", "-r"])
            .arg(requirements);
        if !made || !succeeds(&mut install) {
            return None;
        }
    }
    works().then_some(python)
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
