//! The results of single statistical tests and measures, all of one shape.

use super::TestDecision;
use crate::event::typed::event;
use crate::event::value::{Fields, Float, Unsigned};

macro_rules! statistics {
    ($($(#[$doc:meta])* $name:ident = $constant:ident;)+) => {$(
        event! {
            $(#[$doc])*
            $name = $constant {
                /// What was examined: a feature, or several.
                variable: String,
                /// The number that it came to.
                statistic: Float,
                /// How many values were examined.
                n: Unsigned,
            } optional {
                /// The probability of such a statistic under the null hypothesis; none for measures.
                p_value: Float,
                /// Whether the null hypothesis is rejected.
                decision: TestDecision,
                /// What the test was given, and what else it came to.
                parameters: Fields,
            }
        }
    )+};
}

statistics! {
    /// Shapiro-Wilk: is it normal? The statistic is W.
    ShapiroWilkResult = SHAPIRO_WILK_RESULT;
    /// The fit of a beta distribution, whose shape is in the parameters. The statistic is the distance.
    BetaFitResult = BETA_FIT_RESULT;
    /// Anderson-Darling: does the distribution fit? The statistic is A squared.
    AdTestResult = AD_TEST_RESULT;
    /// Mann-Whitney: do two samples differ? The statistic is U.
    MannWhitneyResult = MANN_WHITNEY_RESULT;
    /// Cohen's d: by how many standard deviations two means differ.
    CohensDResult = COHENS_D_RESULT;
    /// Cliff's delta: how often a value of one sample exceeds one of the other.
    CliffsDeltaResult = CLIFFS_DELTA_RESULT;
    /// Principal components. The statistic is the share that the first one explains.
    PcaResult = PCA_RESULT;
    /// Variance inflation of a variable by all others.
    VifResult = VIF_RESULT;
    /// The participation ratio: how many dimensions there are in effect.
    ParticipationRatio = PARTICIPATION_RATIO;
    /// Augmented Dickey-Fuller: is there a unit root?
    AdfResult = ADF_RESULT;
    /// Autocorrelation at the lag in the parameters.
    AcfResult = ACF_RESULT;
}
