//! What can be wrong with a user's rules.

/// A rule that a [`Redactor`](crate::Redactor) cannot be built with.
#[derive(Debug, thiserror::Error)]
#[error("invalid redaction rule: {what} `{rule}`: {why}")]
pub struct Error {
    kind: ErrorKind,
    what: &'static str,
    rule: String,
    why: String,
}

/// What is wrong with the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The pattern is no valid regular expression, or too large a one.
    Pattern,
    /// The name is empty or has no letter or digit.
    Name,
    /// The pattern matches the empty string, so it would match everywhere.
    MatchesNothing,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, what: &'static str, rule: &str, why: impl Into<String>) -> Self {
        Self {
            kind,
            what,
            rule: rule.escape_debug().to_string(),
            why: why.into(),
        }
    }

    /// What is wrong with the rule.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}
