//! What can be said of values: tests of hypotheses, and measures.
//!
//! | file | what is asked | reference |
//! |---|---|---|
//! | `shapiro_wilk.rs` | Are they normal? | Royston, AS R94; SciPy's `shapiro` |
//! | `beta_fit.rs` | Which beta distribution fits best? | maximum likelihood; SciPy's `beta.fit` |
//! | `anderson_darling.rs` | Does it fit? | parametric bootstrap |
//! | `mann_whitney.rs` | Does one sample have the larger values, and how often (Cliff's delta)? | SciPy's `mannwhitneyu` |
//! | `cohens_d.rs` | How far are two means apart? | pooled |
//! | `principal_components.rs` | How many dimensions are there? | eigenvalues of the correlations |
//! | `variance_inflation.rs` | What does a variable say that the others do not? | statsmodels' `variance_inflation_factor` |
//! | `dickey_fuller.rs` | Does a series come back to its level? | statsmodels' `adfuller` |
//! | `autocorrelation.rs` | What is left of a value later on? | statsmodels' `acf` |
//! | `hurst.rs` | Do changes go on, or are they taken back? | rescaled ranges, less what chance gives |
//!
//! What has no answer is [`NotApplicable`], with the reason; nothing here panics or returns NaN. Tests hold all of it against
//! SciPy and statsmodels (`tests/golden`).
//!
//! The functions behind the distributions are here too, and not a crate's: they rest on the crate `libm`, as all of this example
//! does, so every machine comes to the same bits. The crates there are call the logarithm of the machine's C library.

mod anderson_darling;
mod autocorrelation;
mod beta;
mod beta_fit;
mod cohens_d;
mod dickey_fuller;
mod gamma;
mod hurst;
mod least_squares;
mod mann_whitney;
mod normal;
mod panel;
mod principal_components;
mod regime;
mod sample;
mod shapiro_wilk;
mod variance_inflation;

pub use anderson_darling::{AndersonDarling, anderson_darling};
pub use autocorrelation::{LAGS, autocorrelation};
pub use beta::Beta;
pub use beta_fit::{BetaFit, beta_fit};
pub use cohens_d::cohens_d;
pub use dickey_fuller::{CRITICAL, DickeyFuller, dickey_fuller};
pub use hurst::hurst;
pub use mann_whitney::{MannWhitney, mann_whitney};
pub use panel::Panel;
pub use principal_components::PrincipalComponents;
pub use regime::Regime;
pub use sample::{NotApplicable, varies};
pub use shapiro_wilk::{ShapiroWilk, shapiro_wilk};
pub use variance_inflation::{HIGH, variance_inflation};
