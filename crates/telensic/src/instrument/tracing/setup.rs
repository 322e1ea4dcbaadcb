//! One call that has everything said through `tracing` and `log` recorded.

use std::sync::{Mutex, PoisonError};

use tracing_core::dispatcher::set_global_default;
use tracing_core::{Dispatch, LevelFilter};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use super::bridge::{LogBridge, log_level};
use super::layer::TracingLayer;
use crate::config::Env;
use crate::say::say;

/// Has everything that the program and its libraries say through `tracing` and `log` recorded, from the level on that
/// the environment asks for: TELENSIC_LOG, else RUST_LOG (`info,my_crate=debug`), else TELENSIC_LOG_LEVEL, else INFO.
///
/// Called once at the start, before or after [`crate::init`]; called again it warns and changes nothing.
///
/// # Errors
///
/// If the program has a global `tracing` subscriber already: then add [`crate::tracing_layer`] to that one.
///
/// ```no_run
/// # fn main() -> Result<(), telensic::SetupError> {
/// let _guard = telensic::init("pricing");
/// telensic::setup_logging()?;
/// tracing::info!(symbol = "BTCUSDT", "book is empty");
/// # Ok(())
/// # }
/// ```
pub fn setup_logging() -> Result<(), SetupError> {
    Logging::new().setup()
}

/// [`setup_logging`] with settings.
///
/// ```no_run
/// # fn main() -> Result<(), telensic::SetupError> {
/// telensic::Logging::new().filter("warn,pricing=debug").with_location(true).setup()
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is set up without `setup`"]
pub struct Logging {
    filter: Option<String>,
    with_location: bool,
}

/// A subscriber that is not ours was there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SetupError;

impl std::fmt::Display for SetupError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(
            "the program has a global `tracing` subscriber already; add `.with(telensic::tracing_layer())` to that one \
             in place of calling `setup_logging`",
        )
    }
}

impl std::error::Error for SetupError {}

impl Logging {
    /// The environment's settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is recorded, in place of what the environment says: a level, or levels by target (`info,my_crate=debug`).
    pub fn filter(mut self, directives: impl Into<String>) -> Self {
        self.filter = Some(directives.into());
        self
    }

    /// Whether records say where in the source they come from.
    pub fn with_location(mut self, with_location: bool) -> Self {
        self.with_location = with_location;
        self
    }

    /// Installs it for the whole process, as [`setup_logging`] does.
    ///
    /// # Errors
    ///
    /// If the program has a global `tracing` subscriber already.
    pub fn setup(self) -> Result<(), SetupError> {
        static IS_SET_UP: Mutex<bool> = Mutex::new(false);
        let mut is_set_up = IS_SET_UP.lock().unwrap_or_else(PoisonError::into_inner);
        if *is_set_up {
            say("setup_logging was called again; the first one's settings stay in force");
            return Ok(());
        }
        let (filter, warnings) = self.settle_filter(&Env::of_process);
        warnings.iter().for_each(|warning| say(warning));
        let layer = TracingLayer::new()
            .with_location(self.with_location)
            .with_every_level(true);
        let subscriber = registry().with(filter.clone()).with(layer);
        set_global_default(Dispatch::new(subscriber)).map_err(|_| SetupError)?;
        *is_set_up = true;
        let most = log_level(&filter);
        let bridge = LogBridge::new()
            .with_filter(filter)
            .with_location(self.with_location);
        match log::set_boxed_logger(Box::new(bridge)) {
            Ok(()) => log::set_max_level(most),
            Err(_) => say(
                "another logger of the `log` crate was there first; its records are recorded only if it hands them on to `tracing`",
            ),
        }
        Ok(())
    }

    /// The filter, and what was wrong with what the environment or the program said of it.
    fn settle_filter(&self, lookup: &dyn Fn(&str) -> Option<String>) -> (Targets, Vec<String>) {
        let env = Env::new(lookup);
        let said = ["TELENSIC_LOG", "RUST_LOG", "TELENSIC_LOG_LEVEL"]
            .into_iter()
            .find_map(|name| env.text(name).map(|text| (name, text)));
        let own = self.filter.clone().map(|text| ("the filter", text));
        match own.or(said) {
            Some((name, directives)) => parse(name, &directives),
            None => (Targets::new().with_default(DEFAULT), Vec::new()),
        }
    }
}

const DEFAULT: LevelFilter = LevelFilter::INFO;

/// Takes the directives one by one, so that one that is wrong does not cost the others.
fn parse(name: &str, directives: &str) -> (Targets, Vec<String>) {
    let mut targets = Targets::new();
    let mut warnings = Vec::new();
    let mut has_good_one = false;
    for directive in directives
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        // The level above ERROR, which `tracing` does not have.
        let known = if directive.eq_ignore_ascii_case("fatal") {
            "error"
        } else {
            directive
        };
        match known.parse::<Targets>() {
            Ok(parsed) => {
                has_good_one = true;
                if let Some(level) = parsed.default_level() {
                    targets = targets.with_default(level);
                }
                targets = targets.with_targets(parsed.iter());
            }
            Err(_) => warnings.push(format!(
                "{name}: {directive:?} is neither a level nor `target=level`, it is left out; an example is \
                 info,my_crate=debug"
            )),
        }
    }
    if !has_good_one {
        targets = targets.with_default(DEFAULT);
    }
    (targets, warnings)
}

#[cfg(test)]
mod tests {
    use tracing_core::Level;

    use super::*;

    fn filter(variables: &[(&str, &str)]) -> (Targets, Vec<String>) {
        let lookup = |name: &str| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        Logging::new().settle_filter(&lookup)
    }

    #[test]
    fn the_environment_is_asked_in_this_order() {
        for (variables, level) in [
            (&[][..], LevelFilter::INFO),
            (&[("TELENSIC_LOG_LEVEL", "warn")], LevelFilter::WARN),
            (&[("TELENSIC_LOG_LEVEL", "fatal")], LevelFilter::ERROR),
            (
                &[("RUST_LOG", "debug"), ("TELENSIC_LOG_LEVEL", "warn")],
                LevelFilter::DEBUG,
            ),
            (
                &[("RUST_LOG", "debug"), ("TELENSIC_LOG", "off")],
                LevelFilter::OFF,
            ),
            (&[("RUST_LOG", " "), ("TELENSIC_LOG", "")], LevelFilter::INFO),
        ] {
            let (targets, warnings) = filter(variables);
            assert_eq!(targets.default_level(), Some(level), "{variables:?}");
            assert_eq!(warnings, Vec::<String>::new());
        }
    }

    #[test]
    fn a_directive_that_is_wrong_is_named_and_costs_no_other() {
        let (targets, warnings) = filter(&[("RUST_LOG", "warn,pricing=loud,orders=debug")]);
        assert!(targets.would_enable("orders::book", &Level::DEBUG));
        assert!(!targets.would_enable("pricing", &Level::INFO));
        assert_eq!(warnings.len(), 1);
        assert!(
            warnings[0].starts_with("RUST_LOG: \"pricing=loud\" is neither"),
            "{warnings:?}"
        );
        let (targets, warnings) = filter(&[("TELENSIC_LOG", "a=b=c,orders=loud")]);
        assert!(targets.would_enable("anything", &Level::INFO));
        assert_eq!(warnings.len(), 2, "{warnings:?}");
    }
}
