//! What the process was given: variables and directories, with the SDK's own defaults.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use telensic_redact::Redactor;
use telensic_tape::{DEFAULT_BUDGET, LEAST_BUDGET};

/// The environment of a program that would record here.
pub(crate) struct Surroundings {
    /// All variables; `None` for a value that is not Unicode.
    pub(super) variables: BTreeMap<String, Option<String>>,
    /// The root of what is written.
    pub(super) data_dir: PathBuf,
    /// The directory of the run that is recorded.
    pub(super) run_dir: Option<PathBuf>,
    /// Masks what is shown of the variables.
    pub(super) redactor: Redactor,
}

impl Surroundings {
    /// Those of this process; a directory that is named wins over the environment's.
    pub(crate) fn of_process(dir: Option<&Path>) -> Self {
        let variables = std::env::vars_os()
            .map(|(name, value)| (name.to_string_lossy().into_owned(), value.into_string().ok()))
            .collect();
        let mut surroundings = Self {
            variables,
            data_dir: PathBuf::new(),
            run_dir: None,
            redactor: Redactor::default(),
        };
        let from_variable = surroundings.text("TELENSIC_DIR").map(PathBuf::from);
        surroundings.data_dir = dir
            .map(Path::to_owned)
            .or(from_variable)
            .unwrap_or_else(|| "data".into());
        surroundings.run_dir = surroundings.text("TELENSIC_RUN_DIR").map(PathBuf::from);
        surroundings
    }

    /// The text of a variable; empty means unset, as OpenTelemetry has it.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?.as_deref()?.trim();
        Some(value).filter(|value| !value.is_empty())
    }

    /// Where tapes go.
    pub(super) fn tape_dir(&self) -> PathBuf {
        match &self.run_dir {
            Some(run) => run.join("tape"),
            None => self.data_dir.join("tapes"),
        }
    }

    /// Where log files go, if they are written: in a run to two places.
    pub(super) fn log_dirs(&self) -> Vec<PathBuf> {
        let is_off = self
            .text("TELENSIC_LOG_FILES")
            .is_some_and(|value| !matches!(value.to_ascii_lowercase().as_str(), "true" | "1"));
        if is_off {
            return Vec::new();
        }
        let run_logs = self.run_dir.as_ref().map(|run| run.join("logs"));
        std::iter::once(self.data_dir.join("logs"))
            .chain(run_logs)
            .collect()
    }

    /// The disk budget of a ring.
    pub(super) fn budget(&self) -> u64 {
        let asked = self
            .text("TELENSIC_TAPE_BUDGET")
            .and_then(|text| text.parse().ok());
        asked.map_or(DEFAULT_BUDGET, |budget: u64| budget.max(LEAST_BUDGET))
    }

    /// A variable's value as it may be shown: secrets masked, cut where it gets long.
    pub(super) fn shown(&self, name: &str, value: &str) -> String {
        const LONGEST: usize = 120;
        let masked = self.redactor.text(self.redactor.key_class(name), value);
        let cut = masked.floor_char_boundary(LONGEST);
        if cut < masked.len() {
            format!("{:?}...", &masked[..cut])
        } else {
            format!("{masked:?}")
        }
    }
}

/// The path itself, or the nearest one above it that exists.
pub(super) fn nearest_existing(path: &Path) -> PathBuf {
    path.ancestors()
        .map(|above| {
            if above.as_os_str().is_empty() {
                Path::new(".")
            } else {
                above
            }
        })
        .find(|above| above.symlink_metadata().is_ok())
        .unwrap_or(Path::new("."))
        .to_owned()
}
