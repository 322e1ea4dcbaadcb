//! Samplers: which traces are exported.
//!
//! Invariant: the decision is per trace, never per span. A child of a span of this process always follows it. A
//! span whose parent is remote, or that has none, asks the sampler, and every sampler gives the same answer for
//! the same trace: the constant ones always do, the ratio looks at nothing but the trace id, and a parent-based
//! one hands on what the sender decided. So `traceidratio` without `parentbased_` agrees with itself on all
//! spans of a trace, in every process that runs it with the same ratio, whatever the senders' flags say.

use telensic_tape::TraceId;

use crate::context::{Context, SpanContext};

/// Decides whether a trace is sampled.
///
/// ```
/// use telensic::sampler::Sampler;
///
/// let (sampler, warnings) = Sampler::from_env_values(Some("parentbased_traceidratio"), Some("0.25"));
/// assert_eq!(sampler, Sampler::parent_based_trace_id_ratio(0.25));
/// assert!(warnings.is_empty());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampler {
    /// `always_on`: every trace.
    AlwaysOn,
    /// `always_off`: no trace.
    AlwaysOff,
    /// `traceidratio`: a share of the traces, chosen by their ids.
    TraceIdRatio(TraceIdRatio),
    /// `parentbased_*`: what the remote parent decided; for a new trace, the root sampler.
    ParentBased {
        /// Decides on traces that begin here.
        root: RootSampler,
    },
}

/// Decides on the traces that begin here, for [`Sampler::ParentBased`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootSampler {
    /// Every trace.
    AlwaysOn,
    /// No trace.
    AlwaysOff,
    /// A share of the traces, chosen by their ids.
    TraceIdRatio(TraceIdRatio),
}

/// A share of all trace ids.
///
/// The last 8 bytes of the id, as a 63-bit number (the lowest bit is dropped), must lie below `ratio * 2^63`.
/// That is what the OpenTelemetry SDKs for Rust, Go and Python compute, so services decide alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceIdRatio {
    bound: u64,
}

impl Default for Sampler {
    /// `parentbased_always_on`, OpenTelemetry's default.
    fn default() -> Self {
        Self::ParentBased {
            root: RootSampler::AlwaysOn,
        }
    }
}

impl Sampler {
    /// A share of the traces; see [`TraceIdRatio::new`].
    pub fn trace_id_ratio(ratio: f64) -> Self {
        Self::TraceIdRatio(TraceIdRatio::new(ratio))
    }

    /// What the parent decided, and a share of the traces that begin here; see [`TraceIdRatio::new`].
    pub fn parent_based_trace_id_ratio(ratio: f64) -> Self {
        Self::ParentBased {
            root: RootSampler::TraceIdRatio(TraceIdRatio::new(ratio)),
        }
    }

    /// Reads the values of `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`, and says what in them was ignored.
    ///
    /// Not set, empty or unknown means [the default](Self::default), and a ratio of 1.
    pub fn from_env_values(name: Option<&str>, arg: Option<&str>) -> (Self, Vec<String>) {
        let mut warnings = Vec::new();
        let name = name.unwrap_or_default().trim();
        let sampler = match name.to_ascii_lowercase().as_str() {
            "always_on" => Self::AlwaysOn,
            "always_off" => Self::AlwaysOff,
            "traceidratio" => Self::trace_id_ratio(ratio_from_env(arg, &mut warnings)),
            "" | "parentbased_always_on" => Self::default(),
            "parentbased_always_off" => Self::ParentBased {
                root: RootSampler::AlwaysOff,
            },
            "parentbased_traceidratio" => {
                Self::parent_based_trace_id_ratio(ratio_from_env(arg, &mut warnings))
            }
            _ => {
                warnings.push(format!(
                    "OTEL_TRACES_SAMPLER: unknown sampler {name:?}, parentbased_always_on is used; known are \
                     always_on, always_off, traceidratio and each of them after parentbased_"
                ));
                Self::default()
            }
        };
        (sampler, warnings)
    }

    /// Whether a span with this parent, in this trace, is sampled.
    #[inline]
    pub fn sample(&self, parent: Option<&SpanContext>, trace_id: TraceId) -> bool {
        match parent {
            Some(parent) if !parent.is_remote() => parent.is_sampled(),
            Some(parent) => self.sample_remote(*parent, trace_id),
            None => self.root().sample(trace_id),
        }
    }

    /// The share of the traces that begin here, when nobody has decided on them yet: every sampler's answer is one.
    #[cfg(feature = "record")]
    pub(crate) fn share_of_new(&self) -> TraceIdRatio {
        match self.root() {
            RootSampler::AlwaysOn => TraceIdRatio { bound: u64::MAX },
            RootSampler::AlwaysOff => TraceIdRatio { bound: 0 },
            RootSampler::TraceIdRatio(ratio) => ratio,
        }
    }

    /// Whether a span opened in this context, in this trace, is sampled. Unlike [`sample`](Self::sample) it
    /// heeds [a decision on a trace without a name](Context::sampling_decision).
    #[inline]
    pub fn sample_in(&self, context: &Context, trace_id: TraceId) -> bool {
        match (context.sampling_decision(), self) {
            (Some(sampled), Self::ParentBased { .. }) => sampled,
            _ => self.sample(context.span(), trace_id),
        }
    }

    fn sample_remote(self, parent: SpanContext, trace_id: TraceId) -> bool {
        match self {
            Self::ParentBased { .. } if !parent.flags().is_deferred() => parent.is_sampled(),
            _ => self.root().sample(trace_id),
        }
    }

    #[inline]
    const fn root(self) -> RootSampler {
        match self {
            Self::AlwaysOn => RootSampler::AlwaysOn,
            Self::AlwaysOff => RootSampler::AlwaysOff,
            Self::TraceIdRatio(ratio) => RootSampler::TraceIdRatio(ratio),
            Self::ParentBased { root } => root,
        }
    }
}

impl RootSampler {
    #[inline]
    const fn sample(self, trace_id: TraceId) -> bool {
        match self {
            Self::AlwaysOn => true,
            Self::AlwaysOff => false,
            Self::TraceIdRatio(ratio) => ratio.contains(trace_id),
        }
    }
}

impl TraceIdRatio {
    /// The share `ratio`, from 0 to 1, of all traces; values beyond are taken as the nearer end, NaN as 0.
    pub fn new(ratio: f64) -> Self {
        const WHOLE: f64 = (1u64 << 63) as f64;
        // NaN passes the clamp, and the cast takes it as 0.
        Self {
            bound: (ratio.clamp(0.0, 1.0) * WHOLE) as u64,
        }
    }

    /// Whether the trace belongs to the share.
    #[inline]
    pub const fn contains(self, trace_id: TraceId) -> bool {
        let low = u128::from_be_bytes(trace_id.to_bytes()) as u64;
        low >> 1 < self.bound
    }
}

fn ratio_from_env(arg: Option<&str>, warnings: &mut Vec<String>) -> f64 {
    let arg = arg.unwrap_or_default().trim();
    match arg.parse::<f64>() {
        Ok(ratio) if (0.0..=1.0).contains(&ratio) => return ratio,
        _ if arg.is_empty() => {}
        _ => warnings.push(format!(
            "OTEL_TRACES_SAMPLER_ARG: {arg:?} is not a number from 0 to 1, 1 is used"
        )),
    }
    1.0
}

#[cfg(test)]
mod tests;
