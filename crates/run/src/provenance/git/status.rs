//! What `git status --porcelain=v2 --branch -z` says.

/// How many changed paths are kept.
const MOST_PATHS: usize = 200;

/// The state of a working tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) sha: Option<String>,
    pub(super) branch: Option<String>,
    /// Paths that git follows and that differ from the commit, the first of them.
    pub(super) changed: Vec<String>,
    pub(super) changed_count: u64,
    pub(super) untracked_count: u64,
}

/// Reads the output; lines of kinds that are not known are passed over.
pub(super) fn parse(output: &[u8]) -> Status {
    let mut status = Status::default();
    let mut entries = output.split(|byte| *byte == 0);
    while let Some(entry) = entries.next() {
        let entry = String::from_utf8_lossy(entry);
        if let Some(oid) = entry.strip_prefix("# branch.oid ") {
            status.sha = (oid != "(initial)").then(|| oid.to_owned());
        } else if let Some(head) = entry.strip_prefix("# branch.head ") {
            status.branch = (head != "(detached)").then(|| head.to_owned());
        } else if let Some(fields) = FIELDS_BEFORE_PATH
            .iter()
            .find_map(|(kind, fields)| entry.starts_with(kind).then_some(*fields))
        {
            status.changed_count += 1;
            if status.changed.len() < MOST_PATHS
                && let Some(path) = entry.splitn(fields + 1, ' ').nth(fields)
            {
                status.changed.push(path.to_owned());
            }
            if entry.starts_with("2 ") {
                // A renamed file's earlier path is an entry of its own.
                entries.next();
            }
        } else if entry.starts_with("? ") {
            status.untracked_count += 1;
        }
    }
    status
}

/// Changed, renamed, unmerged: what an entry begins with, and how many fields stand before the path.
const FIELDS_BEFORE_PATH: [(&str, usize); 3] = [("1 ", 8), ("2 ", 9), ("u ", 10)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_renamed_unmerged_and_untracked_files_are_told_apart() {
        let output = "# branch.oid 1234\0# branch.head main\0\
            1 .M N... 100644 100644 100644 aa bb src/a file.rs\0\
            2 R. N... 100644 100644 100644 aa bb R100 new.rs\0? old.rs\0\
            u UU N... 100644 100644 100644 100644 aa bb cc both.rs\0\
            ? notes.txt\0! ignored\0";
        let status = parse(output.as_bytes());
        assert_eq!(status.sha.as_deref(), Some("1234"));
        assert_eq!(status.branch.as_deref(), Some("main"));
        assert_eq!(status.changed, ["src/a file.rs", "new.rs", "both.rs"]);
        assert_eq!((status.changed_count, status.untracked_count), (3, 1));
    }

    #[test]
    fn no_commit_and_no_branch_are_none() {
        let status = parse(b"# branch.oid (initial)\0# branch.head (detached)\0");
        assert_eq!(status, Status::default());
    }
}
