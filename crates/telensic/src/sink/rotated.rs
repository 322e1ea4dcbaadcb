//! The names of rotated files: `<component>.<YYYYMMDDTHHMMSS.micros>.jsonl`, then `.jsonl.gz`.
//!
//! Invariant: only names of exactly this form are ever compressed or deleted, and a component's name, as
//! [`component_name`] makes it, holds no dot, so a file still being written never has such a name.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use telensic_tape::{Civil, UnixNanos};

const LONGEST_NAME: usize = 64;
const NANOS: u64 = 1_000_000_000;

/// The component as a file name: of letters, digits, `-` and `_`, at most 64; all else becomes `_`.
pub(super) fn component_name(component: &str) -> Cow<'_, str> {
    let allowed = |char: char| char.is_ascii_alphanumeric() || char == '-' || char == '_';
    if component.is_empty() {
        return Cow::Borrowed("_");
    }
    if component.len() <= LONGEST_NAME && component.chars().all(allowed) {
        return Cow::Borrowed(component);
    }
    let safe = component.chars().take(LONGEST_NAME);
    Cow::Owned(safe.map(|char| if allowed(char) { char } else { '_' }).collect())
}

/// The state of a rotated file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As it was written.
    Plain,
    /// Compressed.
    Gzip,
    /// Left by a process that died while it compressed.
    Unfinished,
}

/// The name of a rotated file, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RotatedName {
    /// When it was rotated.
    pub(super) at: UnixNanos,
    pub(super) form: Form,
}

impl RotatedName {
    /// `None` for every name that is not exactly one we give.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (component, rest) = name.split_once('.')?;
        if component.is_empty() || component_name(component) != component {
            return None;
        }
        let (stamp, ending) = rest.split_at_checked(STAMP_LEN)?;
        let form = match ending {
            ".jsonl" => Form::Plain,
            ".jsonl.gz" => Form::Gzip,
            ".jsonl.gz.part" => Form::Unfinished,
            _ => return None,
        };
        Some(Self {
            at: parse_stamp(stamp)?,
            form,
        })
    }

    /// The name, without a directory, of what is rotated at this time.
    pub(super) fn plain(component: &str, at: UnixNanos) -> String {
        let civil = at.civil();
        format!(
            "{component}.{:04}{:02}{:02}T{:02}{:02}{:02}.{:06}.jsonl",
            civil.year,
            civil.month,
            civil.day,
            civil.hour,
            civil.minute,
            civil.second,
            at.0 % NANOS / 1_000
        )
    }
}

/// Where a rotated file lies once it is compressed.
pub(super) fn compressed(plain: &Path) -> PathBuf {
    with_ending(plain, ".gz")
}

/// Where a rotated file is compressed to, before that is complete.
pub(super) fn unfinished(plain: &Path) -> PathBuf {
    with_ending(plain, ".gz.part")
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.to_owned().into_os_string();
    path.push(ending);
    path.into()
}

/// The wall clock; 1970 if it is set before that.
pub(super) fn now() -> UnixNanos {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixNanos(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX))
}

/// The length of `20260125T120000.123456`.
const STAMP_LEN: usize = 22;

fn parse_stamp(stamp: &str) -> Option<UnixNanos> {
    let (date, rest) = stamp.split_once('T')?;
    let (time, micros) = rest.split_once('.')?;
    if date.len() != 8 || time.len() != 6 || micros.len() != 6 {
        return None;
    }
    let (date, time, micros) = (digits(date)?, digits(time)?, digits(micros)?);
    let civil = Civil {
        year: date / 10_000,
        month: date / 100 % 100,
        day: date % 100,
        hour: time / 10_000,
        minute: time / 100 % 100,
        second: time % 100,
    };
    let second = civil.to_second()?;
    Some(UnixNanos(second.checked_mul(NANOS)?.checked_add(micros * 1_000)?))
}

fn digits(text: &str) -> Option<u64> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_back_to_its_time() {
        let at = UnixNanos(1_769_342_400_123_456_000);
        let name = RotatedName::plain("quant", at);
        assert_eq!(name, "quant.20260125T120000.123456.jsonl");
        let read = |suffix: &str| RotatedName::parse(&format!("{name}{suffix}"));
        assert_eq!(
            read(""),
            Some(RotatedName {
                at,
                form: Form::Plain
            })
        );
        assert_eq!(read(".gz"), Some(RotatedName { at, form: Form::Gzip }));
        assert_eq!(
            read(".gz.part"),
            Some(RotatedName {
                at,
                form: Form::Unfinished
            })
        );
    }

    #[test]
    fn other_names_are_strangers() {
        for name in [
            "quant.jsonl",
            "quant.20260125T120000.123456.json",
            "quant.20260125T120000.123456.jsonl.zst",
            "quant.20260125T120000.12345.jsonl",
            "quant.20260231T120000.123456.jsonl",
            "quant.20260125T250000.123456.jsonl",
            "quant.+0260125T120000.123456.jsonl",
            "my.quant.20260125T120000.123456.jsonl",
            ".20260125T120000.123456.jsonl",
            "qu ant.20260125T120000.123456.jsonl",
            "quant.2026012\u{20ac}120000.123456.jsonl",
            "",
        ] {
            assert_eq!(RotatedName::parse(name), None, "{name}");
        }
    }

    #[test]
    fn a_component_is_always_a_safe_file_name() {
        assert_eq!(component_name("bull-ith_2"), "bull-ith_2");
        assert_eq!(component_name("../../etc/passwd"), "______etc_passwd");
        assert_eq!(component_name("a.b\0\u{e9}"), "a_b__");
        assert_eq!(component_name(""), "_");
        assert_eq!(component_name(&"x".repeat(300)).len(), 64);
    }
}
