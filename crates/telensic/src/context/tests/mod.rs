//! Behaviour of the context rooms at their face; `PROPTEST_CASES` sets how many random cases are tried.

mod b3_headers;
mod baggage_header;
mod carriers;
mod never_panics_and_round_trips;
mod propagator_list;
mod trace_state_changes;
mod w3c_trace_context_harness;

use super::{Context, Propagators};

/// What the default propagators make of these headers.
fn extract(headers: &[(&str, &str)]) -> Context {
    Propagators::default().extract(&headers)
}

/// What these propagators make of these headers.
fn extract_with(names: &str, headers: &[(&str, &str)]) -> Context {
    Propagators::from_env_value(Some(names)).0.extract(&headers)
}

/// The headers these propagators write.
fn inject_with(names: &str, context: &Context) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    Propagators::from_env_value(Some(names))
        .0
        .inject(context, &mut headers);
    headers
}
