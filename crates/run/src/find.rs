//! How a user names a run: an id, a unique beginning of one, `latest`, `latest~1`, or a path.

use std::path::Path;

use crate::{DataRoot, RunDir, RunError, RunErrorKind};

impl DataRoot {
    /// The run that this text names.
    ///
    /// `latest` is the last run that succeeded, and the newest one if none has; `latest~N` is the Nth run before
    /// that, whatever became of it.
    pub fn find(&self, text: &str) -> Result<RunDir, RunError> {
        if text.contains(['/', '\\']) || Path::new(text).join(RunDir::MANIFEST).is_file() {
            return RunDir::open(text);
        }
        let runs = self.list()?;
        let found = match text.strip_prefix("latest") {
            Some(back) => self.before_latest(back, runs)?,
            None => by_prefix(text, runs)?,
        };
        let run = found.ok_or_else(|| {
            RunError::new(
                RunErrorKind::NotFound,
                format!("there is no run {text} under {}: `telensic ls` lists the runs, --data names another root", self.runs().display()),
            )
        })?;
        // Reads the manifest: a directory of a run's name need not hold one.
        run.manifest()?;
        Ok(run)
    }

    /// `back` is empty, or `~N`.
    fn before_latest(&self, back: &str, mut runs: Vec<RunDir>) -> Result<Option<RunDir>, RunError> {
        let steps: usize = match back.strip_prefix('~').map(str::parse) {
            Some(Ok(steps)) => steps,
            None if back.is_empty() => 0,
            _ => {
                return Err(RunError::new(
                    RunErrorKind::Invalid,
                    format!("latest{back} is no run: write latest~1 for the one before the latest"),
                ));
            }
        };
        if let Some(latest) = self.latest_id()?
            && let Some(place) = runs.iter().position(|run| run.id() == latest)
        {
            runs.truncate(place + 1);
        }
        Ok(runs.into_iter().rev().nth(steps))
    }
}

fn by_prefix(text: &str, runs: Vec<RunDir>) -> Result<Option<RunDir>, RunError> {
    if text.is_empty() {
        return Ok(None);
    }
    let mut fitting: Vec<RunDir> = runs
        .into_iter()
        .filter(|run| run.id().as_str().starts_with(text))
        .collect();
    if fitting.len() > 1 {
        let first: Vec<String> = fitting.iter().take(3).map(|run| run.id().to_string()).collect();
        return Err(RunError::new(
            RunErrorKind::NotFound,
            format!(
                "{text} fits {} runs ({}{}): write more of the id",
                fitting.len(),
                first.join(", "),
                if fitting.len() > 3 { ", ..." } else { "" }
            ),
        ));
    }
    Ok(fitting.pop())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Manifest, RunId};
    use telensic_tape::UnixNanos;

    fn root_with(count: u64) -> (tempfile::TempDir, DataRoot, Vec<RunId>) {
        let dir = tempfile::tempdir().unwrap();
        let root = DataRoot::new(dir.path());
        let ids: Vec<RunId> = (0..count)
            .map(|n| RunId::of(UnixNanos((1_700_000_000 + n * 86_400) * 1_000_000_000), 7))
            .collect();
        for id in &ids {
            let run = root.create_run(*id).unwrap();
            run.write_manifest(&Manifest::begin(*id, "p")).unwrap();
        }
        (dir, root, ids)
    }

    #[test]
    fn a_run_is_found_by_id_prefix_place_and_path() {
        let (_dir, root, ids) = root_with(3);
        for (text, expected) in [
            (ids[1].as_str(), ids[1]),
            (&ids[1].as_str()[..8], ids[1]),
            ("latest", ids[2]),
            ("latest~0", ids[2]),
            ("latest~2", ids[0]),
        ] {
            assert_eq!(root.find(text).unwrap().id(), expected, "{text}");
        }
        root.point_latest_to(ids[1]).unwrap();
        assert_eq!(root.find("latest").unwrap().id(), ids[1]);
        assert_eq!(root.find("latest~1").unwrap().id(), ids[0]);
        root.point_latest_to(ids[0]).unwrap();
        assert_eq!(
            root.find("latest").unwrap().id(),
            ids[1],
            "an earlier run does not take the link back"
        );
        let path = root.run(ids[0]).path().to_str().unwrap().to_owned();
        assert_eq!(root.find(&path).unwrap().id(), ids[0]);
    }

    #[test]
    fn what_is_not_there_or_not_clear_is_named() {
        let (_dir, root, ids) = root_with(2);
        for text in ["", "2099", "latest~2", "latest~x", "latestish", "/no/such/dir"] {
            assert!(root.find(text).is_err(), "{text:?}");
        }
        let error = root.find("2023111").unwrap_err();
        assert!(error.to_string().contains("fits 2 runs"), "{error}");
        std::fs::remove_file(root.run(ids[0]).manifest_path()).unwrap();
        assert_eq!(
            root.find(ids[0].as_str()).unwrap_err().kind(),
            RunErrorKind::NotARun
        );
    }
}
