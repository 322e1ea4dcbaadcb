//! Files: read once, hashed, and looked into where they hold a table.

mod fingerprint;
mod format;
pub(crate) mod hashing_reader;

pub use fingerprint::FileFingerprint;
pub use format::FileFormat;
