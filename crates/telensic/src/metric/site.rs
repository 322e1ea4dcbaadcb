//! Where a series is used in a program: a place that remembers which one it was.
//!
//! Invariant: what is remembered is only where to look first, so it is never wrong: the label values are compared all the
//! same, and what is found elsewhere is found as if there were no memory.

use std::sync::atomic::{AtomicU32, Ordering};

use super::table::Address;

/// The memory of [`series!`](crate::metrics::series).
#[doc(hidden)]
#[derive(Debug)]
pub struct Site(AtomicU32);

impl Site {
    /// One that remembers nothing.
    #[expect(clippy::new_without_default, reason = "made in statics alone")]
    pub const fn new() -> Self {
        Self(AtomicU32::new(Address::NOWHERE.0))
    }

    #[inline]
    pub(super) fn last(&self) -> Address {
        Address(self.0.load(Ordering::Relaxed))
    }

    pub(super) fn remember(&self, address: Address) {
        self.0.store(address.0, Ordering::Relaxed);
    }
}

/// The instrument of a [`Family`](crate::metrics::Family) for these label values, as [`Family::with`] gives it, at a place
/// in the program where they are mostly the same: it looks first where it found them last.
///
/// ```
/// use std::sync::LazyLock;
/// use telensic::metrics::{self, Counter, Family};
///
/// static ORDERS: LazyLock<Family<Counter>> =
///     LazyLock::new(|| metrics::counter("site_orders_total").labels(&["venue", "side"]).register());
///
/// fn filled(side: &str) {
///     metrics::series!(ORDERS, ["kraken", side]).inc();
/// }
///
/// filled("buy");
/// filled("buy");
/// assert_eq!(ORDERS.with(&["kraken", "buy"]).value(), 2.0);
/// ```
///
/// [`Family::with`]: crate::metrics::Family::with
#[macro_export]
#[doc(hidden)]
macro_rules! __telensic_series {
    ($family:expr, $values:expr $(,)?) => {{
        static SITE: $crate::metrics::Site = $crate::metrics::Site::new();
        $family.at(&SITE, &$values)
    }};
}
