//! The Ed25519 key with which a machine seals its runs, and the public keys by which seals are verified.

mod file;
mod public;
mod signing;

pub use public::{PublicKey, Signature};
pub use signing::SigningKey;
