//! What is known of the code.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::Digest as _;
use telensic_redact::{KeyClass, Redactor};

use super::files::Repository;
use super::program::{GitProgram, GitSession};
use super::status;
use crate::fingerprint::Sha256Digest;

/// The repository that a run's working directory is in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GitState {
    /// The commit; none before the first one.
    pub sha: Option<String>,
    /// Whether a file that git follows differs from the commit; `null` if that is not known.
    pub dirty: Option<bool>,
    /// The branch; none if HEAD is detached.
    pub branch: Option<String>,
    /// Where it was cloned from, without credentials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<String>,
    /// The root of the working tree.
    pub root: String,
    /// Paths that differ from the commit; the first 200.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
    /// How many differ.
    pub changed_count: u64,
    /// Files and directories that git does not follow.
    pub untracked_count: u64,
    /// SHA-256 of `git diff HEAD --binary`, if the tree is dirty: two runs with the same one had the same code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff_hash: Option<Sha256Digest>,
    /// It has only the newest commits.
    pub is_shallow: bool,
    /// It has no working tree.
    pub is_bare: bool,
    /// Why something of this is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl GitState {
    /// The state of the repository that this directory is in; `None` if it is in none.
    pub fn capture(directory: &Path, git: &GitProgram, redactor: &Redactor) -> Option<Self> {
        let directory = std::path::absolute(directory).ok()?;
        let repository = Repository::around(&directory)?;
        let mut state = Self {
            root: repository.root.to_string_lossy().into_owned(),
            is_shallow: repository.is_shallow(),
            ..Self::default()
        };
        let session = git.session(&directory);
        let asked = state.ask(&session);
        if let Err(reason) = asked {
            state.note = Some(redactor.text(KeyClass::Plain, &reason).into_owned());
        }
        if state.sha.is_none() {
            let head = repository.head();
            state.sha = head.sha;
            state.branch = state.branch.or(head.branch);
        }
        state.remote = state.remote.map(|url| without_credentials(&url, redactor));
        Some(state)
    }

    fn ask(&mut self, git: &GitSession<'_>) -> Result<(), String> {
        let is_bare = git.output(&["rev-parse", "--is-bare-repository"])?;
        self.is_bare = is_bare.trim_ascii() == b"true";
        // `git config` ends with an error if there is nothing to find: no remote is not a failure.
        let remotes = git.output(&["config", "--get-regexp", r"^remote\..*\.url$"]);
        self.remote = remotes.ok().and_then(|remotes| remote_in(&remotes));
        if self.is_bare {
            return Ok(());
        }
        let status = git.output(&[
            "status",
            "--porcelain=v2",
            "--branch",
            "-z",
            "--untracked-files=normal",
        ])?;
        let status = status::parse(&status);
        self.sha = status.sha;
        self.branch = status.branch;
        self.dirty = Some(status.changed_count > 0);
        self.changed = status.changed;
        self.changed_count = status.changed_count;
        self.untracked_count = status.untracked_count;
        if self.dirty == Some(true) && self.sha.is_some() {
            let mut hasher = sha2::Sha256::new();
            let diff = [
                "diff",
                "HEAD",
                "--binary",
                "--no-color",
                "--no-ext-diff",
                "--no-textconv",
            ];
            git.stream(&diff, |bytes| hasher.update(bytes))?;
            self.diff_hash = Some(Sha256Digest::finish(hasher));
        }
        Ok(())
    }
}

/// The address of `origin`, or of the first remote.
fn remote_in(remotes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(remotes);
    let mut all = text.lines().filter_map(|line| line.split_once(' '));
    let origin = all.clone().find(|(name, _)| *name == "remote.origin.url");
    origin.or_else(|| all.next()).map(|(_, url)| url.to_owned())
}

/// Drops name and password from a URL, and masks what else looks like a secret.
fn without_credentials(url: &str, redactor: &Redactor) -> String {
    let plain = match url.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            format!("{scheme}://{host}{path}")
        }
        None => url.to_owned(),
    };
    redactor.text(KeyClass::Plain, &plain).into_owned()
}
