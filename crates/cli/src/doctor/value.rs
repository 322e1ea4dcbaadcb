//! What a variable's value must look like, and what happens if it does not.
//!
//! Invariant: an answer never holds the value itself, which may be a secret; the caller shows it masked. The
//! rules are the SDK's own where it offers them, else the same ones again.

use std::path::Path;

use telensic::Sampler;
use telensic::context::Propagators;
use telensic_tape::LEAST_BUDGET;

/// The form of a value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Anything.
    Text,
    /// `true` or `false`.
    Truth,
    /// `true` switches recording off.
    Disabled,
    /// A whole number of 32 bits.
    Count,
    /// A number of bytes for the ring.
    Budget,
    /// One of these words, in any case.
    Word(&'static [&'static str]),
    /// Some of these words, separated by commas.
    Words(&'static [&'static str]),
    /// A file that is there.
    File,
    /// An http or https URL.
    Url,
    /// `key=value` pairs, separated by commas, percent-encoded.
    Pairs,
    /// The same, the values being secret.
    Headers,
    /// As OTEL_PROPAGATORS.
    Propagators,
    /// As OTEL_TRACES_SAMPLER.
    Sampler,
    /// As OTEL_TRACES_SAMPLER_ARG.
    SamplerArgument,
}

/// Why a value is not taken as its author may expect, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) why: String,
    pub(super) mend: String,
}

fn complaint(why: impl Into<String>, mend: impl Into<String>) -> Result<(), Complaint> {
    Err(Complaint {
        why: why.into(),
        mend: mend.into(),
    })
}

impl Shape {
    /// Whether a value that is not empty is valid.
    pub(super) fn check(self, text: &str) -> Result<(), Complaint> {
        let word = text.to_ascii_lowercase();
        match self {
            Self::Text => Ok(()),
            Self::Truth | Self::Disabled if !["true", "1", "false", "0"].contains(&word.as_str()) => {
                complaint("is neither true nor false: false is used", "write true or false")
            }
            Self::Disabled if word == "true" || word == "1" => {
                complaint("switches recording off", "unset it to record")
            }
            Self::Truth | Self::Disabled => Ok(()),
            Self::Count => match text.parse::<u32>() {
                Ok(_) => Ok(()),
                Err(_) => complaint("is not a whole number: the default is used", "write digits only"),
            },
            Self::Budget => check_budget(text),
            Self::Word(words) if words.contains(&word.as_str()) => Ok(()),
            Self::Word(words) => complaint(
                "is unknown: the default is used",
                format!("write one of {}", words.join(", ")),
            ),
            Self::Words(words) => {
                if word.split(',').all(|one| words.contains(&one.trim())) {
                    return Ok(());
                }
                let mend = format!("write some of {}, separated by commas", words.join(", "));
                complaint("holds an unknown name", mend)
            }
            Self::File if Path::new(text).is_file() => Ok(()),
            Self::File => complaint("names no file", "name one that is there"),
            Self::Url => match word.strip_prefix("http://").or(word.strip_prefix("https://")) {
                Some(rest) if !rest.is_empty() => Ok(()),
                _ => complaint("is not a URL", "write http://host:port or https://host:port"),
            },
            Self::Pairs | Self::Headers => check_pairs(text),
            Self::Propagators => match Propagators::from_env_value(Some(text)).1.is_empty() {
                true => Ok(()),
                false => complaint(
                    "names an unknown propagator, or none beside others",
                    "write some of tracecontext, baggage, b3, b3multi, none, separated by commas",
                ),
            },
            Self::Sampler => match Sampler::from_env_values(Some(text), None).1.is_empty() {
                true => Ok(()),
                false => complaint(
                    "is unknown: parentbased_always_on is used",
                    "write always_on, always_off or traceidratio, with or without parentbased_ before it",
                ),
            },
            Self::SamplerArgument => {
                match Sampler::from_env_values(Some("traceidratio"), Some(text))
                    .1
                    .is_empty()
                {
                    true => Ok(()),
                    false => complaint(
                        "is not a number from 0 to 1: 1 is used",
                        "write a number from 0 to 1",
                    ),
                }
            }
        }
    }
}

fn check_budget(text: &str) -> Result<(), Complaint> {
    match text.parse::<u64>() {
        Ok(LEAST_BUDGET..) => Ok(()),
        Ok(_) => complaint(
            format!("is less than a ring needs: {LEAST_BUDGET} is used"),
            format!("write at least {LEAST_BUDGET}"),
        ),
        Err(_) => complaint(
            "is not a whole number: the default is used",
            "write the bytes in digits, as 268435456 for 256 MiB",
        ),
    }
}

fn check_pairs(text: &str) -> Result<(), Complaint> {
    let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    for (number, pair) in (1..).zip(pairs) {
        let is_pair = pair
            .split_once('=')
            .is_some_and(|(key, value)| !key.trim().is_empty() && is_percent_encoded(value.trim()));
        if !is_pair {
            return complaint(
                format!("has no key=value pair at place {number}: the whole variable is ignored"),
                "write key=value,key=value, with other characters as %XX",
            );
        }
    }
    Ok(())
}

/// Whether every percent sign begins two hex digits and all of it is UTF-8.
fn is_percent_encoded(text: &str) -> bool {
    let signs_are_whole = text.split('%').skip(1).all(|rest| {
        rest.as_bytes()
            .first_chunk::<2>()
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    signs_are_whole && percent_encoding::percent_decode_str(text).decode_utf8().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(shape: Shape, text: &str) -> bool {
        shape.check(text).is_ok()
    }

    #[test]
    fn values_are_valid_where_the_sdk_takes_them() {
        assert!(is_valid(Shape::Truth, "TRUE") && !is_valid(Shape::Truth, "yes"));
        assert!(
            is_valid(Shape::Count, "0")
                && !is_valid(Shape::Count, "-1")
                && !is_valid(Shape::Count, "4294967296")
        );
        assert!(is_valid(Shape::Word(&["a", "b"]), "B") && !is_valid(Shape::Word(&["a"]), "a,b"));
        assert!(is_valid(Shape::Words(&["a", "b"]), "a, b") && !is_valid(Shape::Words(&["a"]), "a,"));
        assert!(is_valid(Shape::Url, "http://h:4317") && !is_valid(Shape::Url, "h:4317"));
        assert!(is_valid(Shape::Propagators, "b3, baggage") && !is_valid(Shape::Propagators, "xray"));
        assert!(is_valid(Shape::Sampler, "traceidratio") && !is_valid(Shape::Sampler, "often"));
        assert!(is_valid(Shape::SamplerArgument, "0.1") && !is_valid(Shape::SamplerArgument, "10"));
        assert!(is_valid(Shape::Pairs, "a=1,b=%20,") && !is_valid(Shape::Pairs, "a=1,b"));
        assert!(
            !is_valid(Shape::Pairs, "a=%zz")
                && !is_valid(Shape::Pairs, "a=%f")
                && !is_valid(Shape::Pairs, "a=%ff")
        );
    }

    #[test]
    fn no_complaint_holds_the_value() {
        let shapes = [
            Shape::Truth,
            Shape::Count,
            Shape::Budget,
            Shape::Word(&["a"]),
            Shape::Words(&["a"]),
            Shape::File,
            Shape::Url,
            Shape::Headers,
            Shape::Propagators,
            Shape::Sampler,
            Shape::SamplerArgument,
        ];
        for shape in shapes {
            let complaint = shape.check("hunter2").unwrap_err();
            assert!(!format!("{complaint:?}").contains("hunter2"), "{shape:?}");
        }
    }
}
