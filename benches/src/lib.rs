//! What the two benchmark programs share: `race`, which holds a span and a log record against the peers, and `runs`,
//! which measures what is done with a whole run.

pub mod clock;
pub mod machine;
pub mod program;
pub mod spread;
pub mod table;

pub use program::Outcome;
pub use spread::Spread;
