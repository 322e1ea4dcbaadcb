//! What a metric is: name, kind, help, labels and, of a histogram, the bounds of its buckets.
//!
//! Invariant: a [`Definition`] is one that Prometheus and OpenMetrics take as it is.

use super::{MetricError, MetricErrorKind};

/// How a metric behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It is set to what was measured.
    Gauge,
    /// It goes up and down by steps.
    UpDownCounter,
    /// It counts values by size.
    Histogram,
}

impl Kind {
    /// As Prometheus calls it.
    pub(super) const fn prometheus(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge | Self::UpDownCounter => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// What a metric is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) help: String,
    pub(super) labels: Vec<String>,
    pub(super) bounds: Vec<f64>,
    /// Whether a histogram is exported with buckets that find their own bounds.
    pub(super) is_exponential: bool,
    /// How many series it may have.
    pub(super) limit: usize,
    /// Whether the program's own prefix goes before the name when it is shown.
    pub(super) takes_prefix: bool,
}

/// What the names of counters end in.
const TOTAL: &str = "_total";

/// The bounds of a histogram for which none are given: Prometheus' own, for seconds.
pub(super) const DEFAULT_BOUNDS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// A histogram with more buckets is a mistake.
const MOST_BOUNDS: usize = 1000;

impl Definition {
    /// Makes it one that can be shown: the name of a counter ends in `_total`, infinity is no bound of one's own.
    pub(super) fn checked(mut self) -> Result<Self, MetricError> {
        check_name(&self.name)?;
        if self.kind == Kind::Counter && !self.name.ends_with(TOTAL) {
            self.name.push_str(TOTAL);
        }
        for (index, label) in self.labels.iter().enumerate() {
            self.check_label(label)?;
            if self.labels[..index].contains(label) {
                return Err(self.wrong(MetricErrorKind::Name, &format!("has the label {label:?} twice")));
            }
        }
        if self.bounds.last() == Some(&f64::INFINITY) {
            self.bounds.pop();
        }
        let rise = self.bounds.iter().all(|bound| bound.is_finite())
            && self.bounds.windows(2).all(|pair| pair[0] < pair[1]);
        if !rise || self.bounds.len() > MOST_BOUNDS {
            let why = format!(
                "has buckets {:?}, which must be at most {MOST_BOUNDS} rising numbers",
                self.bounds
            );
            return Err(self.wrong(MetricErrorKind::Buckets, &why));
        }
        self.limit = self.limit.max(1);
        Ok(self)
    }

    /// The name without what OpenMetrics adds to it by itself.
    pub(super) fn base_of(name: &str) -> &str {
        name.strip_suffix(TOTAL).unwrap_or(name)
    }

    /// What it is registered by: a counter and a gauge that differ in `_total` alone have one name in OpenMetrics.
    pub(super) fn place(&self) -> &str {
        match self.kind {
            Kind::Counter => Self::base_of(&self.name),
            _ => &self.name,
        }
    }

    /// The metric that is there already under this name, if it is the same one.
    pub(super) fn is_same_as<F>(&self, there: &Self, same: Option<F>) -> Result<F, MetricError> {
        let what = if self.kind != there.kind {
            format!("is a {:?}, not a {:?}", there.kind, self.kind)
        } else if self.labels != there.labels {
            format!("has the labels {:?}, not {:?}", there.labels, self.labels)
        } else if self.bounds != there.bounds {
            format!("has the buckets {:?}, not {:?}", there.bounds, self.bounds)
        } else if self.is_exponential != there.is_exponential {
            "is exported with other buckets".to_owned()
        } else if self.help != there.help {
            format!("says {:?}, not {:?}", there.help, self.help)
        } else if let Some(same) = same {
            return Ok(same);
        } else {
            "is of another type".to_owned()
        };
        let why = format!("exists already and {what}: use another name, or the same definition");
        Err(self.wrong(MetricErrorKind::Conflict, &why))
    }

    fn check_label(&self, label: &str) -> Result<(), MetricError> {
        let is_reserved = label.starts_with("__") || self.kind == Kind::Histogram && label == "le";
        if is_reserved || !is_name(label, "_") {
            let why = format!(
                "has the label {label:?}: letters, digits and _ make a label, no digit first, and neither __ first nor \
                 a histogram's le"
            );
            return Err(self.wrong(MetricErrorKind::Name, &why));
        }
        Ok(())
    }

    fn wrong(&self, kind: MetricErrorKind, why: &str) -> MetricError {
        MetricError::new(kind, format!("metric {:?} {why}", self.name))
    }
}

/// Whether this can be the name of a metric.
pub(super) fn check_name(name: &str) -> Result<(), MetricError> {
    if is_name(name, "_:") {
        return Ok(());
    }
    Err(MetricError::new(
        MetricErrorKind::Name,
        format!("{name:?} cannot name a metric: letters, digits, _ and : make a name, no digit first"),
    ))
}

fn is_name(text: &str, also: &str) -> bool {
    let fits = |character: char| character.is_ascii_alphanumeric() || also.contains(character);
    !text.is_empty() && !text.starts_with(|first: char| first.is_ascii_digit()) && text.chars().all(fits)
}

/// A name with what goes before it, as far as there is something.
pub(super) fn prefixed(namespace: &str, subsystem: &str, name: &str) -> String {
    let parts = [namespace, subsystem, name].map(|part| part.trim_matches('_'));
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if namespace.is_empty() && subsystem.is_empty() {
        return name.to_owned();
    }
    parts.join("_")
}
