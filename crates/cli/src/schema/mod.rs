//! Holding events against their schemas.

mod check;

pub(crate) use check::{CheckedFile, check_file};
