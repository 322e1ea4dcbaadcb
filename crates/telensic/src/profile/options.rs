//! How often and for how long samples are taken.

use std::time::Duration;

use crate::config::Env;
use crate::say::say;

/// Settings of a CPU profile: the environment's, but for what is set here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CpuProfileOptions {
    pub(super) rate: u32,
    pub(super) duration: Option<Duration>,
}

/// Samples a second of CPU time.
const RATE: u32 = 100;
/// More would be a burden.
const FASTEST: u32 = 1000;

impl Default for CpuProfileOptions {
    /// What TF_PROFILE_RATE and TF_PROFILE_DURATION say; 100 samples a second, and to the end.
    fn default() -> Self {
        let lookup = Env::of_process;
        let mut env = Env::new(&lookup);
        let options = Self::read(&mut env);
        env.into_warnings().iter().for_each(|warning| say(warning));
        options
    }
}

impl CpuProfileOptions {
    /// Samples a second of each thread's CPU time, from 1 to 1,000 (TF_PROFILE_RATE, 100). What the kernel's tick cannot keep up
    /// with comes as fewer samples of more weight.
    #[must_use]
    pub fn rate(mut self, hertz: u32) -> Self {
        self.rate = hertz.clamp(1, FASTEST);
        self
    }

    /// For how long samples are taken (TF_PROFILE_DURATION, in seconds; to the end of the run).
    #[must_use]
    pub fn duration(mut self, duration: Duration) -> Self {
        self.duration = Some(duration);
        self
    }

    /// The settings if TF_PROFILE_ENABLED asks for a profile.
    pub(super) fn of_env() -> Option<Self> {
        let lookup = Env::of_process;
        let mut env = Env::new(&lookup);
        let is_enabled = env.truth("TF_PROFILE_ENABLED").unwrap_or(false);
        env.into_warnings().iter().for_each(|warning| say(warning));
        is_enabled.then(Self::default)
    }

    fn read(env: &mut Env<'_>) -> Self {
        let rate = env.number("TF_PROFILE_RATE").unwrap_or(RATE);
        if !(1..=FASTEST).contains(&rate) {
            env.warn(format!(
                "TF_PROFILE_RATE: {rate} is not from 1 to {FASTEST}, {RATE} is used"
            ));
        }
        let duration = env.number("TF_PROFILE_DURATION").filter(|seconds| *seconds > 0);
        Self {
            rate: if (1..=FASTEST).contains(&rate) { rate } else { RATE },
            duration: duration.map(Duration::from_secs),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> (CpuProfileOptions, Vec<String>) {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let mut env = Env::new(&lookup);
        let options = CpuProfileOptions::read(&mut env);
        (options, env.into_warnings())
    }

    #[test]
    fn rate_and_duration_are_the_environments() {
        let (options, warnings) = read(&[("TF_PROFILE_RATE", "250"), ("TF_PROFILE_DURATION", "60")]);
        assert_eq!(
            (options.rate, options.duration),
            (250, Some(Duration::from_secs(60)))
        );
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn without_a_setting_it_is_a_hundred_to_the_end() {
        let (options, warnings) = read(&[("TF_PROFILE_DURATION", "0")]);
        assert_eq!((options.rate, options.duration), (100, None));
        assert!(warnings.is_empty(), "{warnings:?}");
    }

    #[test]
    fn an_impossible_rate_is_told_and_not_used() {
        for rate in ["0", "100000", "fast"] {
            let (options, warnings) = read(&[("TF_PROFILE_RATE", rate)]);
            assert_eq!(options.rate, 100, "{rate}");
            assert!(warnings[0].contains("TF_PROFILE_RATE"), "{warnings:?}");
        }
    }
}
