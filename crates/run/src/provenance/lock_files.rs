//! The files that fix the versions of packages.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::fingerprint::{FileFingerprint, FileFormat, Sha256Digest};

/// In each directory these are looked for, and `requirements*.txt`.
const NAMES: [&str; 14] = [
    "Cargo.lock",
    "Pipfile.lock",
    "conda-lock.yml",
    "environment.yml",
    "flake.lock",
    "go.sum",
    "package-lock.json",
    "pdm.lock",
    "pixi.lock",
    "pnpm-lock.yaml",
    "poetry.lock",
    "rust-toolchain.toml",
    "uv.lock",
    "yarn.lock",
];

/// A file that fixes versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockFile {
    /// Its path, from the directory that was looked at.
    pub path: String,
    /// Its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Sha256Digest>,
    /// Why it has no hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl LockFile {
    /// Those in the directory and in its parents up to `top`, which must be one of them; the nearest first.
    pub fn find(directory: &Path, top: &Path) -> Vec<Self> {
        let mut found = Vec::new();
        let mut prefix = PathBuf::new();
        for ancestor in directory.ancestors() {
            for name in names_in(ancestor) {
                let file = FileFingerprint::of_format(ancestor.join(&name), FileFormat::Bytes);
                found.push(Self {
                    path: prefix.join(&name).to_string_lossy().into_owned(),
                    sha256: file.sha256,
                    error: file.error,
                });
            }
            if ancestor == top {
                break;
            }
            prefix.push("..");
        }
        found
    }
}

/// Sorted, so that the order of a directory makes no difference.
fn names_in(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| {
            let is_requirements = name.starts_with("requirements") && name.ends_with(".txt");
            is_requirements || NAMES.contains(&name.as_str())
        })
        .collect();
    names.sort_unstable();
    names
}
