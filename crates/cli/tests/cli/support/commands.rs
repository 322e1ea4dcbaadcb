//! The commands that read a run.

/// Every command on a run; `RUN` is put in its place.
pub(crate) const RUN_COMMANDS: &[&[&str]] = &[
    &["show", "RUN"],
    &["report", "RUN"],
    &["trace", "RUN"],
    &["logs", "RUN"],
    &["events", "RUN"],
    &["verify", "RUN"],
    &["diff", "RUN", "RUN"],
    &["replay", "RUN"],
    &["lookahead", "RUN"],
    &["lineage", "RUN", "p-1"],
    &["merge", "RUN", "-o", "out.json"],
    &["recover", "RUN"],
    &["pack", "RUN", "-o", "out.html"],
    &["export", "RUN", "--format", "otlp", "-o", "out.pb"],
    &["export", "RUN", "--format", "otlp-json", "-o", "out.json"],
    &["export", "RUN", "--format", "chrome", "-o", "out.trace"],
    &["export", "RUN", "--format", "parquet", "-o", "out.parquet"],
];

/// The command on this run.
pub(crate) fn on_run(command: &[&str], run: &str) -> Vec<String> {
    let put = |word: &&str| {
        if *word == "RUN" {
            run.to_owned()
        } else {
            (*word).to_owned()
        }
    };
    command.iter().map(put).collect()
}
