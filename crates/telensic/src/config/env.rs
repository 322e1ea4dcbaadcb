//! Reading the environment: an invalid value is named in a warning, and the default is used.

use std::str::FromStr;

/// The variables of a process (or of a test), and what is wrong with them.
pub(crate) struct Env<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    warnings: Vec<String>,
}

impl<'a> Env<'a> {
    /// Variables found by `lookup`.
    pub(crate) fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            lookup,
            warnings: Vec::new(),
        }
    }

    /// A variable of this process; what is not valid Unicode in it is replaced, so that it can be warned about.
    pub(crate) fn of_process(name: &str) -> Option<String> {
        std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
    }

    /// What was wrong.
    pub(crate) fn into_warnings(self) -> Vec<String> {
        self.warnings
    }

    /// The text of a variable; empty means unset, as OpenTelemetry has it.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        (self.lookup)(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    /// Adds a warning, unless it was given before: a variable may concern several signals.
    pub(crate) fn warn(&mut self, warning: String) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// A whole number.
    pub(crate) fn number<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        let number = text.parse().ok();
        if number.is_none() {
            self.warn(format!(
                "{name}: {text:?} is not a whole number, the default is used"
            ));
        }
        number
    }

    /// `true` or `false`, in any case; anything else is false, as OpenTelemetry has it.
    pub(crate) fn truth(&mut self, name: &str) -> Option<bool> {
        let text = self.text(name)?;
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => {
                self.warn(format!(
                    "{name}: {text:?} is neither true nor false, false is used"
                ));
                Some(false)
            }
        }
    }

    /// One of several words.
    pub(crate) fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(name)?;
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(&text));
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.warn(format!(
                "{name}: {text:?} is unknown, the default is used; known are {}",
                known.join(", ")
            ));
        }
        found.map(|(_, value)| *value)
    }
}
