//! Where a run took place: machine, toolchain, packages, variables.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use telensic_redact::Redactor;

use super::lock_files::LockFile;
use super::machine::Machine;
use super::variables::sort_out;

/// Everything around the code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Environment {
    /// Hardware and operating system.
    #[serde(flatten)]
    pub machine: Machine,
    /// The working directory.
    pub working_dir: String,
    /// Versions of compilers and interpreters, by name; only those that are known without starting them.
    pub toolchain: BTreeMap<String, String>,
    /// The files that fix package versions, from the working directory up to the root of its repository.
    pub lock_files: Vec<LockFile>,
    /// The variables that can change a result.
    pub variables: BTreeMap<String, String>,
    /// The names of all other variables.
    pub other_variables: Vec<String>,
}

impl Environment {
    /// The environment of a run in this directory; `top` is the root of its repository, if it has one.
    pub fn capture(directory: &Path, top: Option<&Path>, redactor: &Redactor) -> Self {
        let (variables, other_variables) = sort_out(std::env::vars_os(), redactor);
        let top = top.filter(|top| directory.starts_with(top)).unwrap_or(directory);
        Self {
            machine: Machine::capture(),
            working_dir: directory.to_string_lossy().into_owned(),
            toolchain: toolchain(),
            lock_files: LockFile::find(directory, top),
            variables,
            other_variables,
        }
    }
}

fn toolchain() -> BTreeMap<String, String> {
    let mut versions = BTreeMap::from([("telensic".to_owned(), env!("CARGO_PKG_VERSION").to_owned())]);
    let from_variables = [
        ("rust", std::env::var("RUSTUP_TOOLCHAIN").ok()),
        ("python", python_version()),
    ];
    for (name, version) in from_variables {
        if let Some(version) = version {
            versions.insert(name.to_owned(), version);
        }
    }
    versions
}

/// A virtual environment says in its `pyvenv.cfg` which Python it is of.
fn python_version() -> Option<String> {
    let environment = std::env::var_os("VIRTUAL_ENV")?;
    let settings = std::fs::read_to_string(Path::new(&environment).join("pyvenv.cfg")).ok()?;
    let line = settings.lines().find(|line| line.starts_with("version"))?;
    Some(line.split_once('=')?.1.trim().to_owned())
}
