//! The commit as the files under `.git` tell it, without the program.
//!
//! Invariant: no file outside the repository's own directories is opened, whatever its files say, and none that is
//! not a regular file.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// Symbolic references that lead to others.
const LONGEST_CHAIN: usize = 5;

const LARGEST_FILE: u64 = 64 << 20;

/// A repository's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Repository {
    /// The root of the working tree; of a bare repository itself.
    pub(super) root: PathBuf,
    /// Where HEAD lies: of a linked worktree its own, else the same as `common`.
    own: PathBuf,
    /// Where branches lie.
    common: PathBuf,
}

/// What HEAD means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) sha: Option<String>,
    pub(super) branch: Option<String>,
}

impl Repository {
    /// The repository that this directory is in.
    pub(super) fn around(directory: &Path) -> Option<Self> {
        directory.ancestors().find_map(Self::at)
    }

    fn at(root: &Path) -> Option<Self> {
        let dot_git = root.join(".git");
        let own = if dot_git.is_dir() {
            dot_git
        } else if let Some(link) = read(&dot_git) {
            root.join(link.trim().strip_prefix("gitdir:")?.trim())
        } else {
            root.to_owned()
        };
        let common = match read(&own.join("commondir")) {
            Some(common) => own.join(common.trim()),
            None => own.clone(),
        };
        let is_repository =
            own.join("HEAD").is_file() && common.join("objects").is_dir() && common.join("refs").is_dir();
        is_repository.then(|| Self {
            root: root.to_owned(),
            own,
            common,
        })
    }

    /// Whether it has only the newest commits.
    pub(super) fn is_shallow(&self) -> bool {
        self.common.join("shallow").is_file()
    }

    /// The commit and the branch.
    pub(super) fn head(&self) -> Head {
        let mut head = Head::default();
        let mut text = read(&self.own.join("HEAD"));
        for _ in 0..LONGEST_CHAIN {
            let Some(content) = text else { return head };
            let content = content.trim();
            if is_sha(content) {
                head.sha = Some(content.to_owned());
                return head;
            }
            let Some(name) = content.strip_prefix("ref:").map(str::trim) else {
                return head;
            };
            if !is_reference(name) {
                return head;
            }
            if head.branch.is_none() {
                head.branch = Some(name.strip_prefix("refs/heads/").unwrap_or(name).to_owned());
            }
            text = read(&self.own.join(name))
                .or_else(|| read(&self.common.join(name)))
                .or_else(|| self.packed(name));
        }
        head
    }

    fn packed(&self, name: &str) -> Option<String> {
        let packed = read(&self.common.join("packed-refs"))?;
        packed.lines().find_map(|line| {
            let (sha, reference) = line.split_once(' ')?;
            (reference.trim() == name).then(|| sha.to_owned())
        })
    }
}

fn is_reference(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    name.starts_with("refs/") && parts.all(|part| matches!(part, Component::Normal(_)))
}

fn is_sha(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn read(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > LARGEST_FILE {
        return None;
    }
    fs::read_to_string(path).ok()
}
