//! `sess_YYYYMMDD_HHMMSS`: what was started together.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use telensic_tape::UnixNanos;

use crate::{RunError, RunErrorKind};

const PREFIX: &str = "sess_";

/// The UTC second in which a session began.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SessionId {
    date: u32,
    time: u32,
}

impl SessionId {
    /// The session that begins now.
    pub fn now() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::of(UnixNanos(now.as_nanos() as u64))
    }

    /// The session that began then.
    pub fn of(start: UnixNanos) -> Self {
        let at = start.civil();
        Self {
            date: (at.year * 10_000 + at.month * 100 + at.day) as u32,
            time: (at.hour * 10_000 + at.minute * 100 + at.second) as u32,
        }
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{PREFIX}{:08}_{:06}", self.date, self.time))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<SessionId> for String {
    fn from(id: SessionId) -> Self {
        id.to_string()
    }
}

impl FromStr for SessionId {
    type Err = RunError;

    fn from_str(text: &str) -> Result<Self, RunError> {
        let digits = |text: &str, count: usize| {
            let are_digits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
            are_digits.then(|| text.parse().ok()).flatten()
        };
        let parts = text.strip_prefix(PREFIX).and_then(|rest| rest.split_once('_'));
        parts
            .and_then(|(date, time)| {
                Some(Self {
                    date: digits(date, 8)?,
                    time: digits(time, 6)?,
                })
            })
            .ok_or_else(|| {
                RunError::new(
                    RunErrorKind::Invalid,
                    format!("{text:?} is no session id: it has the form sess_20261121_093000"),
                )
            })
    }
}

impl TryFrom<String> for SessionId {
    type Error = RunError;

    fn try_from(text: String) -> Result<Self, RunError> {
        text.parse()
    }
}
