//! Whose telemetry it is.
//!
//! Invariant: a tenant's name is a safe name of a directory: 1 to 64 characters of `a-z`, `0-9`, `-` and `_`.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::error::{StoreError, StoreErrorKind};

/// The name of one whose telemetry is kept apart from that of others.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tenant(Arc<str>);

impl Tenant {
    /// The longest name, in bytes.
    pub const MAX_LEN: usize = 64;

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Tenant {
    /// `default`, the tenant of stores that have but one.
    fn default() -> Self {
        Self(Arc::from("default"))
    }
}

impl FromStr for Tenant {
    type Err = StoreError;

    fn from_str(name: &str) -> Result<Self, StoreError> {
        let is_safe = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
        if name.is_empty() || name.len() > Self::MAX_LEN || !name.bytes().all(is_safe) {
            return Err(StoreError::new(
                StoreErrorKind::Invalid,
                format!("{name:?} is no name of a tenant: use 1 to 64 of a-z, 0-9, - and _"),
            ));
        }
        Ok(Self(Arc::from(name)))
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_a_path_is_no_tenant() {
        for name in ["", "..", "a/b", "A", "a b", &"a".repeat(65)] {
            assert!(name.parse::<Tenant>().is_err(), "{name}");
        }
        assert_eq!("team_1-b".parse::<Tenant>().unwrap().as_str(), "team_1-b");
    }
}
