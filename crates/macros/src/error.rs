//! Errors of the attribute's user.

use std::fmt::Display;

use proc_macro2::Span;

/// An error at this token.
pub(crate) fn at(span: Span, message: impl Display) -> syn::Error {
    syn::Error::new(span, message)
}

/// What was probably meant, as an end of an error message; empty if nothing is near.
pub(crate) fn did_you_mean(written: &str, known: &[String]) -> String {
    const NEAR: f64 = 0.8;
    known
        .iter()
        .map(|name| (strsim::jaro_winkler(written, name), name))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map_or_else(String::new, |(_, name)| format!("; did you mean `{name}`?"))
}
