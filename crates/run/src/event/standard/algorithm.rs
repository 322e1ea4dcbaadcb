//! `algorithm.init` and `algorithm.result`: what makes a calculation repeatable, and what it came to.

use crate::event::typed::event;
use crate::event::value::{Fields, Unsigned};

event! {
    /// An algorithm begins.
    AlgorithmInit = ALGORITHM_INIT {
        /// Its name.
        algorithm_name: String,
        /// Its version.
        version: String,
    } optional {
        /// The seed of its random numbers.
        random_seed: Unsigned,
        /// How it is configured.
        config: Fields,
        /// The hash of the configuration's canonical JSON.
        config_hash: String,
    }
}

event! {
    /// An algorithm has come to its result.
    AlgorithmResult = ALGORITHM_RESULT {
        /// What it came to, by name.
        final_metrics: Fields,
    } optional {
        /// The hash of its output.
        output_hash: String,
    }
}
