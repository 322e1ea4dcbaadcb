//! The root that a run belongs to, whose ledger lists it.

use std::fs;

use telensic::{DataRoot, RunDir};

/// The root in whose directory of runs this one lies; none of a copy that lies by itself.
pub(crate) fn home(run: &RunDir) -> Option<DataRoot> {
    let path = fs::canonicalize(run.path()).ok()?;
    let runs = path.parent()?;
    runs.ancestors()
        .map(DataRoot::new)
        .find(|root| root.runs() == runs)
}
