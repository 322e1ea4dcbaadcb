//! The standard names: of spans, attributes, metrics, events and environment variables.
//!
//! Invariant: a name that a writer and a reader must agree on is spelled here and nowhere else.

/// What the standard spans are called.
pub mod span {
    /// `execute_sleeves`: the compute engine hands out all sleeves.
    pub const EXECUTE_SLEEVES: &str = "execute_sleeves";
    /// `run_pipeline`: one sleeve on its worker.
    pub const RUN_PIPELINE: &str = "run_pipeline";
    /// `operation.start`: a service begins a long-running operation.
    pub const OPERATION_START: &str = "operation.start";
    /// `operation.progress`: an operation goes on.
    pub const OPERATION_PROGRESS: &str = "operation.progress";
    /// `operation.complete`: an operation has ended well.
    pub const OPERATION_COMPLETE: &str = "operation.complete";
    /// `operation.fail`: an operation has ended with an error.
    pub const OPERATION_FAIL: &str = "operation.fail";

    /// What the names of root spans begin with.
    pub const PIPELINE_PREFIX: &str = "pipeline:";
    /// What the names of stages' spans begin with.
    pub const STAGE_PREFIX: &str = "run_stage:";
    /// What the names of steps' spans begin with.
    pub const STEP_PREFIX: &str = "run_step:";
    /// What the names of spans around an adapter's methods begin with.
    pub const ADAPTER_PREFIX: &str = "adapter.";

    /// `pipeline:<profile>`, the root of a run.
    pub fn pipeline(profile: &str) -> String {
        format!("{PIPELINE_PREFIX}{profile}")
    }

    /// `run_stage:<id>`, a node of the pipeline's graph.
    pub fn stage(stage_id: &str) -> String {
        format!("{STAGE_PREFIX}{stage_id}")
    }

    /// `run_step:<step>`, a part of a stage.
    pub fn step(step: &str) -> String {
        format!("{STEP_PREFIX}{step}")
    }

    /// `adapter.<method>`, a call to a data provider.
    pub fn adapter(method: &str) -> String {
        format!("{ADAPTER_PREFIX}{method}")
    }
}

/// The keys of the standard attributes.
pub mod key {
    /// The run; every standard span has it.
    pub const RUN_ID: &str = "run_id";
    /// The pipeline profile.
    pub const PROFILE: &str = "profile";
    /// The type of the pipeline.
    pub const TYPE: &str = "type";
    /// The node of the pipeline's graph.
    pub const STAGE_ID: &str = "stage_id";
    /// The part of a stage.
    pub const STEP: &str = "step";
    /// Whether a step may not be skipped on error.
    pub const IS_STRICT: &str = "is_strict";
    /// How many sleeves are handed out.
    pub const N_SLEEVES: &str = "n_sleeves";
    /// How many sleeves run at once.
    pub const PARALLELISM: &str = "parallelism";
    /// The address of the worker's node.
    pub const NODE_IP: &str = "node_ip";

    /// The long-running operation, the same in every process.
    pub const OPERATION_ID: &str = "operation.id";
    /// The kind of operation.
    pub const OPERATION_TYPE: &str = "operation.type";
    /// `started`, `in_progress`, `completed` or `failed`.
    pub const OPERATION_STATUS: &str = "operation.status";
    /// How long an operation took.
    pub const OPERATION_DURATION_MS: &str = "operation.duration_ms";
    /// How much of it is done, 0 to 100.
    pub const PROGRESS_PERCENTAGE: &str = "progress.percentage";
    /// The part of it that is being done.
    pub const PROGRESS_PHASE: &str = "progress.phase";
    /// The traded instrument.
    pub const SYMBOL: &str = "symbol";
    /// The trading strategy.
    pub const STRATEGY: &str = "strategy";

    /// The data provider of an adapter.
    pub const PROVIDER: &str = "provider";
    /// What an adapter was asked for.
    pub const OPERATION: &str = "operation";
    /// How an adapter's call ended.
    pub const OUTCOME: &str = "outcome";

    /// The service that records.
    pub const SERVICE_NAME: &str = "service.name";
    /// The operating system's id of the thread; the recorder gives it to every log record and event.
    pub const THREAD_ID: &str = "thread.id";
}

/// The names of the standard events; `crate::event` has a type for each.
pub mod event {
    /// Data was read.
    pub const DATA_LOAD: &str = "data.load";
    /// An algorithm begins, with all that makes it repeatable.
    pub const ALGORITHM_INIT: &str = "algorithm.init";
    /// What an algorithm came to.
    pub const ALGORITHM_RESULT: &str = "algorithm.result";
    /// A decision with its inputs.
    pub const DECISION_SNAPSHOT: &str = "decision.snapshot";
    /// An investment-time-horizon epoch ended.
    pub const EPOCH_DETECTED: &str = "epoch_detected";
    /// A hypothesis was tested.
    pub const HYPOTHESIS_RESULT: &str = "hypothesis_result";
    /// Shapiro-Wilk, for normality.
    pub const SHAPIRO_WILK_RESULT: &str = "shapiro_wilk_result";
    /// The fit of a beta distribution.
    pub const BETA_FIT_RESULT: &str = "beta_fit_result";
    /// Anderson-Darling, for goodness of fit.
    pub const AD_TEST_RESULT: &str = "ad_test_result";
    /// Mann-Whitney, between two samples.
    pub const MANN_WHITNEY_RESULT: &str = "mann_whitney_result";
    /// Cohen's d, an effect size.
    pub const COHENS_D_RESULT: &str = "cohens_d_result";
    /// Cliff's delta, an effect size.
    pub const CLIFFS_DELTA_RESULT: &str = "cliffs_delta_result";
    /// Principal components.
    pub const PCA_RESULT: &str = "pca_result";
    /// Variance inflation.
    pub const VIF_RESULT: &str = "vif_result";
    /// The participation ratio of a spectrum.
    pub const PARTICIPATION_RATIO: &str = "participation_ratio";
    /// Augmented Dickey-Fuller, for stationarity.
    pub const ADF_RESULT: &str = "adf_result";
    /// Autocorrelation.
    pub const ACF_RESULT: &str = "acf_result";
    /// An audited step is about to be taken.
    pub const AUDIT_INTENT: &str = "audit.intent";
    /// How an audited step ended.
    pub const AUDIT_OUTCOME: &str = "audit.outcome";
    /// An order was filled.
    pub const TRADE_FILL: &str = "trade.fill";
    /// A profit or loss.
    pub const PNL_FIGURE: &str = "pnl.figure";
    /// An event that does not fit its schema.
    pub const EVENT_INVALID: &str = "event.invalid";
}

/// Environment variables that a run's processes pass on to one another, or that switch something on.
///
/// The variables of OpenTelemetry are the recorder's.
pub mod env {
    /// The run that a process belongs to.
    pub const RUN_ID: &str = "RUN_ID";
    /// Where that run's directory lies.
    pub const RUN_DIR: &str = "TELENSIC_RUN_DIR";
    /// Where that run takes OTLP, from programs that do not record into it by themselves.
    pub const RUN_ENDPOINT: &str = "TELENSIC_RUN_ENDPOINT";
    /// Where everything is written.
    pub const DATA_DIR: &str = "TELENSIC_DIR";
    /// The W3C context of the span that a process was started in.
    pub const TRACEPARENT: &str = "TRACEPARENT";
    /// The session that a run belongs to.
    pub const SESSION_ID: &str = "TELENSIC_SESSION_ID";
    /// The experiment whose hypotheses are counted together.
    pub const EXPERIMENT_ID: &str = "TELENSIC_EXPERIMENT_ID";
    /// `1` keeps verbose span events in the forensic trace.
    pub const DEBUG: &str = "TELENSIC_DEBUG";
    /// An older name of [`DEBUG`].
    pub const DEBUG_TELEMETRY: &str = "TV_DEBUG_TELEMETRY";
}

pub mod metric;
