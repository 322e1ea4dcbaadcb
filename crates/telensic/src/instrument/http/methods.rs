//! Methods: those that are known are recorded as they are, any other as `_OTHER`, so that nobody can fill a backend
//! with names of his own.

use http::Method;

use super::Conventions;
use super::names::{METHOD, METHOD_ORIGINAL};
use crate::Span;
use crate::config::Env;

/// The methods of RFC 9110, and PATCH.
const STANDARD: [Method; 9] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::DELETE,
    Method::HEAD,
    Method::OPTIONS,
    Method::PATCH,
    Method::CONNECT,
    Method::TRACE,
];

/// The known methods.
#[derive(Clone, Debug, Default)]
pub(crate) struct Methods {
    /// In place of the standard ones.
    instead: Option<Vec<String>>,
}

impl Methods {
    /// Those of `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`, or the standard ones.
    pub(crate) fn of_environment() -> Self {
        Self {
            instead: Env::of_process("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS").map(|list| {
                let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
                names.map(str::to_owned).collect()
            }),
        }
    }

    fn knows(&self, method: &Method) -> bool {
        match &self.instead {
            None => STANDARD.contains(method),
            Some(names) => names.iter().any(|name| name == method.as_str()),
        }
    }

    /// What the name of a span begins with.
    pub(crate) fn in_name<'m>(&self, method: &'m Method) -> &'m str {
        if self.knows(method) {
            method.as_str()
        } else {
            "HTTP"
        }
    }

    /// Says of a span which method it is.
    pub(crate) fn put(&self, span: &mut Span, by: Conventions, method: &Method) {
        if self.knows(method) {
            METHOD.put(span, by, method.as_str());
        } else {
            METHOD.put(span, by, "_OTHER");
            span.set(METHOD_ORIGINAL, method.as_str());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_replaces_the_standard_methods_and_case_matters() {
        let purge = Method::from_bytes(b"PURGE").unwrap();
        let get = Method::from_bytes(b"get").unwrap();
        let standard = Methods::default();
        assert_eq!(standard.in_name(&Method::PATCH), "PATCH");
        assert_eq!(standard.in_name(&purge), "HTTP");
        assert_eq!(standard.in_name(&get), "HTTP");
        let own = Methods {
            instead: Some(vec!["PURGE".to_owned()]),
        };
        assert_eq!(own.in_name(&purge), "PURGE");
        assert_eq!(own.in_name(&Method::GET), "HTTP");
    }
}
