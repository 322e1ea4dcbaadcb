//! Arrays: any shape, any strides, hashed in C order without a copy where the memory allows.

mod dtype;
mod fingerprint;
pub(crate) mod nan;
pub(crate) mod range;
mod view;

pub use dtype::{ArrayDtype, TimeUnit};
pub use fingerprint::ArrayFingerprint;
pub use view::ArrayView;
