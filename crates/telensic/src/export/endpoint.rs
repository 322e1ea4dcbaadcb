//! An endpoint: where to connect, and the path to ask for. Shown without path, query and credentials, which may be secret.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::Uri;
use telensic_tape::Signal;

use super::headers::LEAST_SECRET;

/// Where requests go.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) tls: bool,
    /// As in a URL: an IPv6 address in brackets.
    pub(super) host: String,
    pub(super) port: u16,
    path: String,
    query: Option<String>,
    /// What follows `Basic ` in the header that its user and password ask for.
    pub(super) credentials: Option<String>,
}

impl Endpoint {
    /// Reads an `http` or `https` URL; what is without a scheme is taken with TLS or, if `insecure`, without.
    pub(super) fn parse(text: &str, insecure: bool) -> Result<Self, &'static str> {
        const FORM: &str = "is no http or https URL";
        let with_scheme = match text.contains("://") {
            true => text.to_owned(),
            false if insecure => format!("http://{text}"),
            false => format!("https://{text}"),
        };
        let uri: Uri = with_scheme.parse().map_err(|_| FORM)?;
        let tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(FORM),
        };
        let host = uri.host().filter(|host| !host.is_empty()).ok_or(FORM)?;
        let user_info = uri
            .authority()
            .and_then(|authority| authority.as_str().rsplit_once('@'))
            .map(|(user_info, _)| user_info);
        let credentials = user_info.map(|user_info| {
            let plain: Vec<u8> = percent_encoding::percent_decode_str(user_info).collect();
            STANDARD.encode(plain)
        });
        Ok(Self {
            tls,
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            path: uri.path().trim_end_matches('/').to_owned(),
            query: uri.query().map(str::to_owned),
            credentials,
        })
    }

    /// The endpoint of one signal below this one.
    pub(super) fn of_signal(mut self, signal: Signal) -> Self {
        self.path.push_str(match signal {
            Signal::Spans => "/v1/traces",
            Signal::Logs => "/v1/logs",
            Signal::Metrics => "/v1/metrics",
        });
        self
    }

    /// Where Jaeger takes OTLP, for an endpoint of its former protocols.
    pub(super) fn of_jaeger(mut self) -> Self {
        const OTLP_HTTP: u16 = 4318;
        self.port = OTLP_HTTP;
        self.path.clear();
        self.query = None;
        self.of_signal(Signal::Spans)
    }

    /// The text without its credentials and what its query says, should a backend have sent them back.
    pub(super) fn hide_in(&self, text: &str) -> String {
        let user_info = self
            .credentials
            .as_ref()
            .and_then(|encoded| STANDARD.decode(encoded).ok());
        let user_info = user_info
            .and_then(|plain| String::from_utf8(plain).ok())
            .unwrap_or_default();
        let query = self.query.as_deref().unwrap_or_default();
        let parts = user_info.split(':').chain(query.split(['=', '&']));
        parts
            .filter(|part| part.len() >= LEAST_SECRET)
            .fold(text.to_owned(), |text, part| text.replace(part, "***"))
    }

    /// What a request line names.
    pub(super) fn path_and_query(&self) -> String {
        let path = if self.path.is_empty() { "/" } else { &self.path };
        match &self.query {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        }
    }

    /// What the `Host` header names.
    pub(super) fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "https" } else { "http" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> String {
        let endpoint = Endpoint::parse(text, false).unwrap();
        endpoint.of_signal(Signal::Spans).path_and_query()
    }

    #[test]
    fn a_signals_path_is_put_behind_that_of_the_base_and_before_its_query() {
        assert_eq!(path("http://h:4318"), "/v1/traces");
        assert_eq!(path("http://h:4318/"), "/v1/traces");
        assert_eq!(path("http://h/otlp/?k=v"), "/otlp/v1/traces?k=v");
    }

    #[test]
    fn nothing_secret_of_it_is_shown() {
        let endpoint = Endpoint::parse("https://bob:hunter2@h/key-in-path?token=t", false).unwrap();
        assert_eq!(format!("{endpoint} {endpoint:?}"), "https://h:443 https://h:443");
        assert_eq!(endpoint.credentials.as_deref(), Some("Ym9iOmh1bnRlcjI="));
    }

    #[test]
    fn without_a_scheme_it_has_tls_unless_it_may_be_insecure() {
        assert!(Endpoint::parse("h:4317", false).unwrap().tls);
        assert!(!Endpoint::parse("h:4317", true).unwrap().tls);
        assert_eq!(
            Endpoint::parse("http://[::1]:4317", false).unwrap().authority(),
            "[::1]:4317"
        );
        for wrong in ["unix:///socket", "http://", "ftp://h", "http://h h"] {
            assert!(Endpoint::parse(wrong, false).is_err(), "{wrong}");
        }
    }

    #[test]
    fn jaegers_old_ports_become_the_one_that_takes_otlp() {
        let old = Endpoint::parse("http://jaeger:14268/api/traces", false)
            .unwrap()
            .of_jaeger();
        assert_eq!(
            (old.to_string().as_str(), old.path_and_query().as_str()),
            ("http://jaeger:4318", "/v1/traces")
        );
    }
}
