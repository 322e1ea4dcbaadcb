//! Profiled runs in child processes, and what they left.

use std::path::PathBuf;
use std::process::Command;

use telensic::profile::{CpuProfile, IndexEntry, ProfileIndex, ProfileKind, decode};
use telensic::{DataRoot, RunDir};

use crate::support::{Dir, child, succeed};

/// A run that has ended.
pub(crate) struct Profiled {
    pub(crate) run: RunDir,
    pub(crate) said: String,
    /// Keeps it.
    _dir: Dir,
}

/// Runs a child that makes one run, as it is.
pub(crate) fn run_of(test: &str) -> Profiled {
    run_with(test, |_| {})
}

/// Runs a child that makes one run, with TF_PROFILE_ENABLED.
pub(crate) fn profiled(test: &str) -> Profiled {
    run_with(test, |command| {
        command.env("TF_PROFILE_ENABLED", "1");
    })
}

fn run_with(test: &str, change: impl FnOnce(&mut Command)) -> Profiled {
    let dir = Dir::new();
    let mut command = child(&dir, test);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TF_PROFILE_"))
    {
        command.env_remove(name);
    }
    command.env("TELENSIC_KEY", dir.path().join("seal.key"));
    change(&mut command);
    let said = succeed(&mut command);
    let run = match DataRoot::new(dir.path()).list().unwrap().as_slice() {
        [run] => run.clone(),
        runs => panic!("{} runs", runs.len()),
    };
    Profiled { run, said, _dir: dir }
}

impl Profiled {
    pub(crate) fn index(&self) -> Vec<IndexEntry> {
        let index = std::fs::read(self.run.profile_index()).unwrap();
        serde_json::from_slice::<ProfileIndex>(&index).unwrap().profiles
    }

    /// The drawing of a stage.
    pub(crate) fn stage(&self, stage: &str) -> (IndexEntry, String) {
        let index = self.index();
        let entry = index
            .into_iter()
            .find(|entry| entry.stage.as_deref() == Some(stage));
        let entry = entry.unwrap_or_else(|| panic!("no flamegraph of stage {stage}"));
        let drawing = std::fs::read_to_string(self.run.profiles().join(&entry.file)).unwrap();
        (entry, drawing)
    }

    /// Where the pprof files lie.
    pub(crate) fn pprof(&self) -> Vec<PathBuf> {
        let files = self
            .index()
            .into_iter()
            .filter(|entry| entry.kind == ProfileKind::Pprof);
        files.map(|entry| self.run.profiles().join(entry.file)).collect()
    }

    /// What they hold.
    pub(crate) fn profiles(&self) -> Vec<CpuProfile> {
        let files = self.pprof();
        files
            .iter()
            .map(|file| decode(&std::fs::read(file).unwrap()).unwrap())
            .collect()
    }
}

/// Samples in which a function of this name is on the stack.
pub(crate) fn samples_in(profile: &CpuProfile, function: &str) -> u64 {
    let has_it = |names: Vec<String>| names.iter().any(|name| name.contains(function));
    let stacks = profile.stacks.iter().filter(|stack| has_it(profile.names(stack)));
    stacks.map(|stack| stack.samples).sum()
}
