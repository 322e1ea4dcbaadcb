//! The standard spans, by which every reader of a record knows a pipeline: the run, its stages and steps, its sleeves,
//! and a service's operations.
//!
//! Each carries the id of the run that is in progress, if there is one, and most of them its profile. More can be said
//! of each, as of any span.
//!
//! ```
//! use telensic::spans;
//!
//! let _stage = spans::run_stage("features").entered();
//! let _step = spans::run_step("winsorize", true).with("rows", 5_000).entered();
//! ```

use telensic_run::names::{key, span as standard};

use super::site::Site;
use super::start::Start;
use crate::{Key, Span};

/// `pipeline:<profile>`, the root of a pipeline's trace; `kind` says what sort of pipeline it is.
///
/// A [`Run`](crate::Run) has one already.
pub fn pipeline(profile: &str, kind: &str) -> Span {
    const SITE: Site = Site::new(standard::PIPELINE_PREFIX, &[]);
    const TYPE: Key<'static> = Key::new(key::TYPE);
    SITE.start_as(
        format_args!("{}{profile}", standard::PIPELINE_PREFIX),
        Start::new(),
    )
    .with(TYPE, kind)
}

/// `run_stage:<id>`, a node of the pipeline's graph.
pub fn run_stage(stage_id: &str) -> Span {
    const SITE: Site = Site::new(standard::STAGE_PREFIX, &[]);
    SITE.start_as(format_args!("{}{stage_id}", standard::STAGE_PREFIX), Start::new())
}

/// `run_step:<step>`, a part of a stage; a strict one may not be skipped on error.
pub fn run_step(step: &str, is_strict: bool) -> Span {
    const SITE: Site = Site::new(standard::STEP_PREFIX, &[]);
    const IS_STRICT: Key<'static> = Key::new(key::IS_STRICT);
    SITE.start_as(format_args!("{}{step}", standard::STEP_PREFIX), Start::new())
        .with(IS_STRICT, is_strict)
}

/// `execute_sleeves`: so many sleeves are handed out, of which so many run at once.
pub fn execute_sleeves(n_sleeves: usize, parallelism: usize) -> Span {
    const SITE: Site = Site::new(standard::EXECUTE_SLEEVES, &[]);
    const N_SLEEVES: Key<'static> = Key::new(key::N_SLEEVES);
    const PARALLELISM: Key<'static> = Key::new(key::PARALLELISM);
    SITE.start(standard::EXECUTE_SLEEVES, Start::new())
        .with(N_SLEEVES, n_sleeves)
        .with(PARALLELISM, parallelism)
}

/// `run_pipeline`: one sleeve of this profile, on the worker's node.
pub fn run_pipeline(profile: &str, node_ip: &str) -> Span {
    const SITE: Site = Site::new(standard::RUN_PIPELINE, &[key::PROFILE]);
    const PROFILE: Key<'static> = Key::new(key::PROFILE);
    const NODE_IP: Key<'static> = Key::new(key::NODE_IP);
    SITE.start(standard::RUN_PIPELINE, Start::new())
        .with(PROFILE, profile)
        .with(NODE_IP, node_ip)
}

/// A long-running operation of this id, which is the same in every process, and this type.
pub const fn operation<'a>(id: &'a str, kind: &'a str) -> Operation<'a> {
    Operation {
        id,
        kind,
        symbol: None,
        strategy: None,
    }
}

/// A long-running operation, and the spans that tell how it goes.
///
/// ```
/// use telensic::spans;
///
/// let backtest = spans::operation("op-7", "backtest").symbol("BTCUSDT").strategy("ith");
/// backtest.start().end();
/// backtest.progress(40.0, "features").end();
/// backtest.complete().end();
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    id: &'a str,
    kind: &'a str,
    symbol: Option<&'a str>,
    strategy: Option<&'a str>,
}

impl<'a> Operation<'a> {
    /// Says which instrument it is about.
    #[must_use]
    pub const fn symbol(mut self, symbol: &'a str) -> Self {
        self.symbol = Some(symbol);
        self
    }

    /// Says which strategy it is about.
    #[must_use]
    pub const fn strategy(mut self, strategy: &'a str) -> Self {
        self.strategy = Some(strategy);
        self
    }

    /// `operation.start`: it begins.
    pub fn start(&self) -> Span {
        #[cfg(feature = "metrics")]
        crate::metrics::operation_span_started(self.id, self.kind);
        self.span(standard::OPERATION_START, "started")
    }

    /// `operation.progress`: so many percent are done, and this part of it is being done.
    pub fn progress(&self, percentage: f64, phase: &str) -> Span {
        const PERCENTAGE: Key<'static> = Key::new(key::PROGRESS_PERCENTAGE);
        const PHASE: Key<'static> = Key::new(key::PROGRESS_PHASE);
        self.span(standard::OPERATION_PROGRESS, "in_progress")
            .with(PERCENTAGE, percentage)
            .with(PHASE, phase)
    }

    /// `operation.complete`: it has ended well.
    pub fn complete(&self) -> Span {
        self.ended(standard::OPERATION_COMPLETE, "completed")
    }

    /// `operation.fail`: it has ended with an error, which [`Span::record_error`] adds.
    pub fn fail(&self) -> Span {
        self.ended(standard::OPERATION_FAIL, "failed")
    }

    fn ended(&self, name: &str, status: &str) -> Span {
        #[cfg(feature = "metrics")]
        crate::metrics::operation_span_ended(self.id, self.kind, status);
        self.span(name, status)
    }

    fn span(&self, name: &str, status: &str) -> Span {
        const SITE: Site = Site::new(standard::OPERATION_START, &[]);
        const ID: Key<'static> = Key::new(key::OPERATION_ID);
        const TYPE: Key<'static> = Key::new(key::OPERATION_TYPE);
        const STATUS: Key<'static> = Key::new(key::OPERATION_STATUS);
        const SYMBOL: Key<'static> = Key::new(key::SYMBOL);
        const STRATEGY: Key<'static> = Key::new(key::STRATEGY);
        let mut span = SITE
            .start(name, Start::new())
            .with(ID, self.id)
            .with(TYPE, self.kind)
            .with(STATUS, status);
        if let Some(symbol) = self.symbol {
            span.set(SYMBOL, symbol);
        }
        if let Some(strategy) = self.strategy {
            span.set(STRATEGY, strategy);
        }
        span
    }
}
