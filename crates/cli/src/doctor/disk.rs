//! The file system under the tapes: its type, and how much room it has.

use telensic_tape::LEAST_BUDGET;

use super::surroundings::nearest_existing;
use super::{Finding, Surroundings};
use crate::{platform, units};

/// Gone when the machine restarts.
const IN_MEMORY: [&str; 2] = ["tmpfs", "ramfs"];

/// Another machine has the bytes.
const REMOTE: [&str; 12] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "ceph",
    "lustre",
    "glusterfs",
    "fuse.sshfs",
    "beegfs",
    "gpfs",
];

pub(super) fn look(surroundings: &Surroundings) -> Vec<Finding> {
    let at = nearest_existing(&surroundings.tape_dir());
    let mut findings = Vec::new();
    findings.extend(platform::file_system(&at).map(|kind| file_system(&kind)));
    findings.extend(platform::free_bytes(&at).map(|free| space(free, surroundings)));
    findings
}

fn file_system(kind: &str) -> Finding {
    const TOPIC: &str = "file-system";
    let finding = if IN_MEMORY.contains(&kind) {
        Finding::warn(
            TOPIC,
            format!("{kind}: in memory, what is recorded is gone when the machine restarts"),
            "set TELENSIC_DIR to a directory on a disk",
        )
    } else if REMOTE.contains(&kind) {
        Finding::warn(
            TOPIC,
            format!("{kind}: a network mount, a crash of its server can cost records"),
            "set TELENSIC_DIR to a local directory",
        )
    } else {
        Finding::ok(TOPIC, kind)
    };
    finding.with("type", kind)
}

fn space(free: u64, surroundings: &Surroundings) -> Finding {
    const TOPIC: &str = "disk-space";
    let budget = surroundings.budget();
    let use_of_it = match &surroundings.run_dir {
        Some(_) => "a run keeps everything".to_owned(),
        None => format!("a tape takes up to {} (its ring budget)", units::bytes(budget)),
    };
    let finding = format!("{} free, {use_of_it}", units::bytes(free));
    let mend = "free some disk space, or lower TELENSIC_TAPE_BUDGET";
    let finding = if free < LEAST_BUDGET {
        Finding::fail(TOPIC, finding, mend)
    } else if free < budget {
        Finding::warn(TOPIC, finding, mend)
    } else {
        Finding::ok(TOPIC, finding)
    };
    finding.with("free_bytes", free).with("budget_bytes", budget)
}
