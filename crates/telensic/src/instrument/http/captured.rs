//! Headers that are recorded because they were named.
//!
//! Invariant: a header that exists to carry a credential is recorded only if that was asked for by itself, and then
//! masked, as any value whose key names a secret.

use http::{HeaderMap, HeaderName};

use crate::config::Env;
use crate::say::say_once;
use crate::{Key, Span};

/// Headers whose value is a credential.
const CREDENTIALS: [HeaderName; 4] = [
    http::header::AUTHORIZATION,
    http::header::PROXY_AUTHORIZATION,
    http::header::COOKIE,
    http::header::SET_COOKIE,
];

/// Which way headers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// To the server.
    Request,
    /// To the client.
    Response,
}

impl Direction {
    fn prefix(self) -> &'static str {
        match self {
            Self::Request => "http.request.header.",
            Self::Response => "http.response.header.",
        }
    }
}

/// The headers to record of requests, or of responses.
#[derive(Clone, Debug)]
pub(crate) struct Captured {
    direction: Direction,
    /// Names, with the keys of their attributes.
    names: Vec<(HeaderName, String)>,
    credentials: bool,
}

impl Captured {
    /// Those that a variable of the environment names, separated by commas.
    pub(crate) fn of_environment(direction: Direction, variable: &str) -> Self {
        let mut captured = Self {
            direction,
            names: Vec::new(),
            credentials: false,
        };
        let list = Env::of_process(variable).unwrap_or_default();
        let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
        captured.name(names);
        captured
    }

    /// Adds headers.
    pub(crate) fn name<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        for name in names {
            let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
                say_once(&format!(
                    "{name:?} cannot be the name of a header and is not captured"
                ));
                continue;
            };
            if self.names.iter().all(|(known, _)| *known != header) {
                let key = format!("{}{header}", self.direction.prefix());
                self.names.push((header, key));
            }
        }
    }

    /// Records headers that carry credentials too, if they are named.
    pub(crate) fn allow_credentials(&mut self) {
        self.credentials = true;
    }

    /// Says of a span what is in the headers.
    #[inline]
    pub(crate) fn put(&self, span: &mut Span, headers: &HeaderMap) {
        if !self.names.is_empty() && span.is_recording() {
            self.put_named(span, headers);
        }
    }

    fn put_named(&self, span: &mut Span, headers: &HeaderMap) {
        for (name, key) in &self.names {
            if !self.credentials && CREDENTIALS.contains(name) {
                continue;
            }
            let values = headers.get_all(name).iter();
            let values: Vec<String> = values
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                .collect();
            if !values.is_empty() {
                span.set(Key::dynamic(key), &values);
            }
        }
    }
}
