//! URLs without what nobody may read: user and password, and the values of query parameters whose name is a secret's.
//!
//! What else may be a secret by its looks is masked by the redactor, as in every other value.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use telensic_redact::KeyClass;

/// What the semantic conventions put in the place of a secret.
const REDACTED: &str = "REDACTED";

/// Parameters by which URLs are signed: those of which the semantic conventions demand it, and their like.
const SIGNATURES: [&str; 8] = [
    "awsaccesskeyid",
    "sig",
    "signature",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
    "x-goog-credential",
    "x-goog-signature",
];

/// An absolute URL that may be recorded.
#[cfg(any(feature = "reqwest", test))]
pub(crate) fn scrubbed_url(url: &str) -> Cow<'_, str> {
    let Some(authority) = url.find("://").map(|at| at + 3) else {
        return scrubbed_reference(url);
    };
    let end = url[authority..]
        .find(['/', '?', '#'])
        .map_or(url.len(), |at| authority + at);
    match url[authority..end].rfind('@') {
        None => scrubbed_reference(url),
        Some(at) => {
            let rest = scrubbed_reference(&url[authority + at..]);
            format!("{}{REDACTED}:{REDACTED}{rest}", &url[..authority]).into()
        }
    }
}

/// Scrubs the query of what has one.
#[cfg(any(feature = "reqwest", test))]
fn scrubbed_reference(url: &str) -> Cow<'_, str> {
    let Some(start) = url.find('?').map(|at| at + 1) else {
        return url.into();
    };
    let end = url[start..].find('#').map_or(url.len(), |at| start + at);
    match scrubbed_query(&url[start..end]) {
        Cow::Borrowed(_) => url.into(),
        Cow::Owned(query) => format!("{}{query}{}", &url[..start], &url[end..]).into(),
    }
}

/// A query, without its question mark, that may be recorded.
pub(crate) fn scrubbed_query(query: &str) -> Cow<'_, str> {
    if !query.split('&').any(|parameter| secret_of(parameter).is_some()) {
        return query.into();
    }
    let mut scrubbed = String::with_capacity(query.len());
    for (index, parameter) in query.split('&').enumerate() {
        if index > 0 {
            scrubbed.push('&');
        }
        match secret_of(parameter) {
            None => scrubbed.push_str(parameter),
            Some(at) => {
                scrubbed.push_str(&parameter[..at]);
                scrubbed.push_str(REDACTED);
            }
        }
    }
    scrubbed.into()
}

/// Where the secret of a parameter begins, if it has one.
fn secret_of(parameter: &str) -> Option<usize> {
    let equals = parameter.find('=')?;
    if equals + 1 == parameter.len() {
        return None;
    }
    let name = percent_decode_str(&parameter[..equals]).decode_utf8_lossy();
    let is_signature = SIGNATURES.iter().any(|known| known.eq_ignore_ascii_case(&name));
    (is_signature || KeyClass::of(&name) == KeyClass::Secret).then_some(equals + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn credentials_and_secrets_go_and_the_rest_stays() {
        for (given, expected) in [
            ("http://localhost:5001/quotes", "http://localhost:5001/quotes"),
            (
                "http://localhost?from=2024&to=2025#top",
                "http://localhost?from=2024&to=2025#top",
            ),
            ("https://bob:hunter2@host/a", "https://REDACTED:REDACTED@host/a"),
            ("https://bob@host", "https://REDACTED:REDACTED@host"),
            (
                "https://a:p@ss@host:1/b@c",
                "https://REDACTED:REDACTED@host:1/b@c",
            ),
            (
                "https://u:p@host/a?symbol=BTC&api_key=abc&to=5#f",
                "https://REDACTED:REDACTED@host/a?symbol=BTC&api_key=REDACTED&to=5#f",
            ),
            ("/path?sig=1&Signature=2", "/path?sig=REDACTED&Signature=REDACTED"),
            (
                "http://h/?X-Goog-Signature=9&x=1",
                "http://h/?X-Goog-Signature=REDACTED&x=1",
            ),
            (
                "http://h/?X-Amz-Credential=a%2Fb&x-amz-signature=9",
                "http://h/?X-Amz-Credential=REDACTED&x-amz-signature=REDACTED",
            ),
            ("http://h/?pass%77ord=x", "http://h/?pass%77ord=REDACTED"),
            ("http://h/?token=&token", "http://h/?token=&token"),
            ("http://h/a@b?mail=a@b", "http://h/a@b?mail=a@b"),
        ] {
            assert_eq!(scrubbed_url(given), expected, "{given}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic_and_twice_is_as_once(url in ".{0,80}") {
            let once = scrubbed_url(&url).into_owned();
            prop_assert_eq!(scrubbed_url(&once), once.clone());
        }

        #[test]
        fn no_password_is_left(user in "[a-z]{1,8}", password in "[A-Z]{8,20}", query in "[a-z=&]{0,20}") {
            let url = format!("https://{user}:{password}@host/path?{query}&secret={password}");
            prop_assert!(!scrubbed_url(&url).contains(&password));
        }
    }
}
