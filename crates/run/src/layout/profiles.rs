//! Where the CPU profiles of a run lie.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use telensic_tape::UnixNanos;

use super::{RunDir, make_private};
use crate::RunError;
use crate::id::second;

/// What the names of pprof files end in.
const PPROF: &str = ".pb.gz";

impl RunDir {
    /// CPU profiles.
    pub fn profiles(&self) -> PathBuf {
        self.path.join("profiles")
    }

    /// The list of the CPU profiles.
    pub fn profile_index(&self) -> PathBuf {
        self.profiles().join("INDEX.json")
    }

    /// The pprof files of its processes, sorted by name.
    pub fn list_cpu_profiles(&self) -> Result<Vec<PathBuf>, RunError> {
        let profiles = self.profiles();
        let mut found = Vec::new();
        let entries = match fs::read_dir(&profiles) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(found),
            Err(error) => return Err(RunError::io("list", &profiles, error)),
        };
        for entry in entries {
            let path = entry.map_err(RunError::on("list", &profiles))?.path();
            if path.to_string_lossy().ends_with(PPROF) {
                found.push(path);
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Makes the pprof file, empty yet, of a process that began to be profiled at this time: `<package>-<YYYYMMDD-HHMMSS>.pb.gz`,
    /// with a number if there is one of this name.
    pub fn new_cpu_profile(&self, package: &str, began: UnixNanos) -> Result<PathBuf, RunError> {
        let profiles = self.profiles();
        // On another disk than the engine's there is no directory yet.
        make_private(&profiles, true).map_err(RunError::on("make", &profiles))?;
        let stem = format!("{}-{}", file_name(package), second(began));
        let mut number = 1;
        loop {
            let path = profiles.join(match number {
                1 => format!("{stem}{PPROF}"),
                number => format!("{stem}-{number}{PPROF}"),
            });
            match File::create_new(&path) {
                Ok(_) => return Ok(path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(RunError::io("make", &path, error)),
            }
        }
    }

    /// The flamegraph that belongs to a pprof file of this run.
    pub fn flamegraph_of(&self, cpu_profile: &Path) -> PathBuf {
        let name = cpu_profile.file_name().unwrap_or_default().to_string_lossy();
        let stem = name.strip_suffix(PPROF).unwrap_or(&name);
        self.profiles().join(format!("{stem}.svg"))
    }

    /// The flamegraph of a stage, over all processes: `<profile>-<YYYYMMDD-HHMMSS>.<stage>.svg`.
    pub fn flamegraph_of_stage(&self, profile: &str, began: UnixNanos, stage: &str) -> PathBuf {
        let (profile, stage) = (file_name(profile), file_name(stage));
        self.profiles()
            .join(format!("{profile}-{}.{stage}.svg", second(began)))
    }
}

/// A text as it may stand in the name of a file, on any system.
fn file_name(text: &str) -> String {
    let allowed = |character: char| match character {
        character if character.is_alphanumeric() => character,
        '-' | '_' | '.' => character,
        _ => '_',
    };
    let name: String = text.chars().map(allowed).take(80).collect();
    match name.trim_start_matches('.') {
        "" => "unnamed".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RunId;

    #[test]
    fn no_name_leads_out_of_the_directory() {
        for name in ["../../etc/passwd", "..", "", "a/b", "a\0b", "sleeve: 1"] {
            let name = file_name(name);
            assert!(!name.is_empty() && !name.starts_with('.'), "{name}");
            assert!(!name.contains(['/', '\0', ':', ' ']), "{name}");
        }
    }

    #[test]
    fn profiles_of_the_same_second_have_names_of_their_own() {
        let dir = tempfile::tempdir().unwrap();
        let run = RunDir::at(dir.path(), RunId::new());
        let began = UnixNanos(1_769_342_400_123_456_789);
        let made = [(); 3].map(|()| run.new_cpu_profile("pricing", began).unwrap());
        let names = made
            .clone()
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
        assert_eq!(
            names,
            [
                "pricing-20260125-120000.pb.gz",
                "pricing-20260125-120000-2.pb.gz",
                "pricing-20260125-120000-3.pb.gz"
            ]
        );
        assert_eq!(run.list_cpu_profiles().unwrap().len(), 3);
        let flamegraph = run.flamegraph_of(&made[0]);
        assert_eq!(flamegraph, run.profiles().join("pricing-20260125-120000.svg"));
    }
}
