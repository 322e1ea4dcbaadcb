//! The name of a run: `YYYYMMDD-HHMMSS-xxxx`.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use telensic_tape::UnixNanos;

use crate::{RunError, RunErrorKind};

/// The name of a run: the UTC second of its start, and which of its 65,536 parts; so names sort by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RunId([u8; LEN]);

const LEN: usize = 20;

impl RunId {
    /// A new name, of this moment.
    #[expect(clippy::new_without_default, reason = "each one is another")]
    pub fn new() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let part_of_second = (u64::from(now.subsec_nanos()) << 16) / 1_000_000_000;
        Self::of(UnixNanos(now.as_nanos() as u64), part_of_second as u16)
    }

    /// The name of a run that started in this second, in this part of it.
    pub fn of(start: UnixNanos, part: u16) -> Self {
        let text = format!("{}-{part:04x}", second(start));
        let mut id = [b'0'; LEN];
        id.copy_from_slice(&text.as_bytes()[..LEN]);
        Self(id)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        // All bytes are ASCII: nothing else is ever put there.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The UTC second of a time, as names have it: `YYYYMMDD-HHMMSS`.
pub(crate) fn second(time: UnixNanos) -> String {
    let at = time.civil();
    format!(
        "{:04}{:02}{:02}-{:02}{:02}{:02}",
        at.year, at.month, at.day, at.hour, at.minute, at.second
    )
}

impl FromStr for RunId {
    type Err = RunError;

    fn from_str(text: &str) -> Result<Self, RunError> {
        let is_valid = text.len() == LEN
            && text.bytes().enumerate().all(|(at, byte)| match at {
                8 | 15 => byte == b'-',
                16.. => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
                _ => byte.is_ascii_digit(),
            });
        let mut id = [0; LEN];
        if is_valid {
            id.copy_from_slice(text.as_bytes());
            return Ok(Self(id));
        }
        Err(RunError::new(
            RunErrorKind::Invalid,
            format!("{text:?} is no RUN_ID: it has the form 20261121-093000-1a2b"),
        ))
    }
}

impl TryFrom<String> for RunId {
    type Error = RunError;

    fn try_from(text: String) -> Result<Self, RunError> {
        text.parse()
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.as_str().to_owned()
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_second_of_its_start_and_reads_back() {
        let id = RunId::of(UnixNanos(1_769_342_400_123_456_789), 0x0abc);
        assert_eq!(id.to_string(), "20260125-120000-0abc");
        assert_eq!(id.as_str().parse::<RunId>().unwrap(), id);
        assert_eq!(
            RunId::new().as_str().parse::<RunId>().unwrap().as_str().len(),
            LEN
        );
    }

    #[test]
    fn what_could_be_a_path_is_no_id() {
        for text in [
            "",
            "../../../etc/passwd",
            "20260125-120000-0ABC",
            "20260125_120000-0abc",
            "20260125-120000-0abc/",
        ] {
            assert_eq!(
                text.parse::<RunId>().unwrap_err().kind(),
                RunErrorKind::Invalid,
                "{text}"
            );
        }
    }
}
