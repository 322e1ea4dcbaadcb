//! Why an event does not fit its schema.

use std::fmt;

use crate::Visible;

/// Which field of an event does not fit, and why. It quotes no text that the
/// event holds, which may be a secret or very long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    path: String,
    reason: String,
}

/// A reason is a line, not a page.
const LONGEST: usize = 500;

impl Misfit {
    /// What is wrong, and where: a JSON pointer, empty for the event itself.
    pub(super) fn new(path: impl Into<String>, reason: &str) -> Self {
        let reason = reason.lines().next().unwrap_or_default();
        let mut reason: String = reason.chars().take(LONGEST).collect();
        if reason.is_empty() {
            reason.push_str("it does not fit its schema");
        }
        Self {
            path: path.into(),
            reason,
        }
    }

    /// Which field, as a JSON pointer; empty for the event itself.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong with it.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", Visible(&self.path))?;
        }
        write!(f, "{}", Visible(&self.reason))
    }
}

impl std::error::Error for Misfit {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_line_whatever_the_fields_are_called() {
        let misfit = Misfit::new("/a\nb", "unknown \u{1b}[2J\nand more");
        assert_eq!(misfit.to_string(), r"/a\nb: unknown \u{1b}[2J");
        assert_eq!(misfit.path(), "/a\nb", "the path leads to the field");
    }
}
