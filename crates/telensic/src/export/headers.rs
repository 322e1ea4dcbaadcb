//! Headers of requests: `key=value` pairs, comma-separated, percent-encoded. Values are never shown.

use std::fmt;

use hyper::HeaderMap;
use hyper::header::{HeaderName, HeaderValue};

/// The headers that are sent with every request.
#[derive(Clone, Default)]
pub(super) struct Headers(pub(super) HeaderMap);

impl Headers {
    /// Adds a header; an error tells which part of it no request can carry.
    pub(super) fn add(&mut self, name: &str, value: &str) -> Result<(), &'static str> {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "its name")?;
        let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| "its value")?;
        value.set_sensitive(true);
        self.0.insert(name, value);
        Ok(())
    }

    /// Adds those of a variable; an error tells which pair, counted from 1, is wrong.
    pub(super) fn add_list(&mut self, list: &str) -> Result<(), usize> {
        let pairs = list.split(',').map(str::trim).filter(|pair| !pair.is_empty());
        for (number, pair) in (1_usize..).zip(pairs) {
            let (name, value) = pair.split_once('=').ok_or(number)?;
            let value = percent_encoding::percent_decode_str(value.trim()).decode_utf8();
            let value = value.map_err(|_| number)?;
            self.add(name.trim(), &value).map_err(|_| number)?;
        }
        Ok(())
    }

    /// The text without any of the values, should a backend have sent one back.
    pub(super) fn hide_in(&self, text: &str) -> String {
        let values = self
            .0
            .values()
            .filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
        values
            .filter(|value| value.len() >= LEAST_SECRET)
            .fold(text.to_owned(), |text, value| text.replace(value, "***"))
    }
}

/// Shorter values are found in ordinary words.
pub(super) const LEAST_SECRET: usize = 4;

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_decoded_and_never_shown() {
        let mut headers = Headers::default();
        headers.add_list("api-key=a%20secret%2C1, x = y ,").unwrap();
        assert_eq!(headers.0["api-key"], "a secret,1");
        assert_eq!(headers.0["x"], "y");
        assert_eq!(format!("{headers:?}"), r#"["api-key", "x"]"#);
        assert_eq!(headers.hide_in("bad key a secret,1!"), "bad key ***!");
    }

    #[test]
    fn a_wrong_pair_is_told_by_its_place() {
        for (list, place) in [("a=1,b", 2), ("a b=1", 1), ("a=%ff", 1), ("a=%0a", 1), ("=1", 1)] {
            assert_eq!(Headers::default().add_list(list), Err(place), "{list}");
        }
    }
}
