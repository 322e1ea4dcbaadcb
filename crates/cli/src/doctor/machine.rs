//! What the system allows this process.

use telensic_tape::LEAST_BUDGET;

use super::{Finding, Surroundings};
use crate::{platform, units};

pub(super) fn look(surroundings: &Surroundings) -> Vec<Finding> {
    let limits = platform::limits();
    vec![
        file_size(limits.file_size, surroundings),
        open_files(limits.open_files),
        cores(),
    ]
}

fn file_size(limit: Option<u64>, surroundings: &Surroundings) -> Finding {
    const TOPIC: &str = "file-size";
    const MEND: &str = "raise it: ulimit -f unlimited";
    let budget = surroundings.budget();
    let Some(limit) = limit else {
        return Finding::ok(TOPIC, "no limit (RLIMIT_FSIZE)");
    };
    let size = units::bytes(limit);
    let finding = if limit < LEAST_BUDGET {
        let text = format!("files may have {size} (RLIMIT_FSIZE): too little for a tape");
        Finding::fail(TOPIC, text, MEND)
    } else if limit < budget || surroundings.run_dir.is_some() {
        let text = format!("files may have {size} (RLIMIT_FSIZE): beyond that a tape goes on in memory only");
        Finding::warn(TOPIC, text, MEND)
    } else {
        Finding::ok(TOPIC, format!("files may have {size} (RLIMIT_FSIZE)"))
    };
    finding.with("limit_bytes", limit)
}

fn open_files(limit: Option<u64>) -> Finding {
    const TOPIC: &str = "open-files";
    /// A program with logs in a few components and a run has some twenty files open.
    const FEW: u64 = 64;
    match limit {
        None => Finding::ok(TOPIC, "no limit (RLIMIT_NOFILE)"),
        Some(limit) if limit < FEW => {
            let text = format!("{limit} files may be open (RLIMIT_NOFILE)");
            Finding::warn(TOPIC, text, "raise it: ulimit -n 1024").with("limit", limit)
        }
        Some(limit) => {
            let text = format!("{} files may be open (RLIMIT_NOFILE)", units::grouped(limit));
            Finding::ok(TOPIC, text).with("limit", limit)
        }
    }
}

fn cores() -> Finding {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let one = if cores == 1 {
        " (the clerk shares it with the program)"
    } else {
        ""
    };
    Finding::ok("cores", format!("{cores} usable{one}")).with("cores", cores)
}
