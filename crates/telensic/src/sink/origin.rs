//! Who is logging: what is the same for every line of the process.

/// The fields of a line that no record brings with it. An attribute `run_id` or `provenance.*` of a record
/// overrides what is here.
#[derive(Clone, Debug, Default)]
pub(crate) struct LogOrigin {
    /// `service.name`.
    pub(crate) service: String,
    /// `deployment.environment`.
    pub(crate) env: Option<String>,
    /// `host.name`.
    pub(crate) host: Option<String>,
    /// `process.pid`.
    pub(crate) pid: u32,
    /// The run, if the process is part of one.
    pub(crate) run_id: Option<String>,
    /// `sess_YYYYMMDD_HHMMSS`.
    pub(crate) session_id: Option<String>,
    /// The commit of the program's code.
    pub(crate) git_sha: Option<String>,
    /// The hash of the inputs.
    pub(crate) input_hash: Option<String>,
    /// The seed of the random generators.
    pub(crate) random_seed: Option<i64>,
}
