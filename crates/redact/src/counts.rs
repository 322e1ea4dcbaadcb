//! How many values were masked, kind by kind.
//!
//! Invariant: counts only grow, and reading them never stops a writer (relaxed atomics).

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Why something was masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The attribute's key names a secret.
    NamedKey,
    /// A `key=value` or `key: value` pair inside the text names a secret.
    Pair,
    /// A provider's key format: `AKIA...`, `ghp_...`, `sk_live_...`.
    Provider,
    /// A JSON web token.
    Jwt,
    /// A PEM or PGP private key block.
    PrivateKey,
    /// A password or token between `://` and `@`.
    UrlCredential,
    /// What follows `Bearer` or `Basic`.
    Header,
    /// A random-looking value next to a telling name.
    HighEntropy,
    /// A user's own rule.
    UserRule,
}

impl Kind {
    /// All kinds, in the order of their counters.
    pub const ALL: [Kind; 9] = [
        Kind::NamedKey,
        Kind::Pair,
        Kind::Provider,
        Kind::Jwt,
        Kind::PrivateKey,
        Kind::UrlCredential,
        Kind::Header,
        Kind::HighEntropy,
        Kind::UserRule,
    ];

    /// A short name for metrics, such as `url_credential`.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::NamedKey => "named_key",
            Kind::Pair => "pair",
            Kind::Provider => "provider",
            Kind::Jwt => "jwt",
            Kind::PrivateKey => "private_key",
            Kind::UrlCredential => "url_credential",
            Kind::Header => "header",
            Kind::HighEntropy => "high_entropy",
            Kind::UserRule => "user_rule",
        }
    }
}

/// The counters of one redactor.
#[derive(Debug, Default)]
pub struct Counts([AtomicU64; Kind::ALL.len()]);

impl Counts {
    /// How many secrets of this kind were masked so far.
    pub fn of(&self, kind: Kind) -> u64 {
        self.0[kind as usize].load(Relaxed)
    }

    /// How many secrets were masked so far.
    pub fn total(&self) -> u64 {
        Kind::ALL.iter().map(|kind| self.of(*kind)).sum()
    }

    pub(crate) fn add(&self, kind: Kind) {
        self.0[kind as usize].fetch_add(1, Relaxed);
    }
}
