//! The algorithm: when does the gain of an investment beat its losses and a hurdle, and how regularly?
//!
//! Nothing here knows of telemetry: it is plain arithmetic, which says all that the record needs as plain values.

mod analysis;
mod features;
mod horizon;
mod hurdle;
mod moments;
mod qualification;
mod series;

pub use analysis::{Analysis, Epoch, analyse};
pub use features::{FeatureRow, rolling_features};
pub use horizon::{Bar, Horizon, Side};
pub use hurdle::{HurdleMethod, max_drawdown, max_runup};
pub(crate) use moments::{mean, squares};
pub use moments::{sharpe, variation};
pub use qualification::{Qualification, qualify};
pub use series::NavSeries;
