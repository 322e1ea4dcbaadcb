//! Metrics that are used in a way that makes no sense: said once, counted, and never an error of the program.

use std::sync::LazyLock;

use telensic_run::names::metric;

use super::{Counter, Family, registry};
use crate::say::say_once;

static REFUSED: LazyLock<Family<Counter>> =
    LazyLock::new(|| registry::global().standard(&metric::METRIC_UPDATES_REFUSED_TOTAL));

/// Says what was wrong, unless it was said, and counts it.
#[cold]
#[inline(never)]
pub(super) fn refused(reason: &'static str, text: &str) {
    say_once(text);
    REFUSED.with(&[reason]).inc();
}
