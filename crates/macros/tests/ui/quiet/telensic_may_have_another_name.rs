//! A program may know telensic by another name.

mod platform {
    pub mod observed {
        pub use telensic::*;
        pub use telensic::{__private, trace_span};
    }
}

use platform::observed::trace_span;

#[trace_span(crate = crate::platform::observed, args)]
fn run(rows: u64) -> u64 {
    rows
}

fn main() {
    assert_eq!(run(1), 1);
}
