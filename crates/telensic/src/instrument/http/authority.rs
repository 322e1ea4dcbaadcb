//! The host and the port that a request is for, and what proxies say about whom it came from.

use http::HeaderMap;

/// `host`, `host:port`, `[::1]:port`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Authority<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: Option<u16>,
}

impl<'a> Authority<'a> {
    /// Takes a text apart; credentials before `@` are left out.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let text = text.rsplit_once('@').map_or(text, |(_, host)| host).trim();
        let (host, port) = match text.strip_prefix('[') {
            Some(bracketed) => {
                let (host, rest) = bracketed.split_once(']')?;
                (host, rest.strip_prefix(':'))
            }
            None => match text.split_once(':') {
                // An address of IPv6 without its brackets.
                Some((_, port)) if port.contains(':') => (text, None),
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            },
        };
        (!host.is_empty()).then(|| Self {
            host,
            port: port.and_then(|port| port.parse().ok()),
        })
    }
}

/// What the proxy nearest to the client said: a parameter of the first element of `Forwarded` (`for`, `host`, `proto`),
/// or the first element of the header that was used before there was that one.
pub(crate) fn forwarded<'a>(headers: &'a HeaderMap, parameter: &str, older: &str) -> Option<&'a str> {
    let first = |name: &str| {
        let text = headers.get(name)?.to_str().ok()?;
        text.split(',').next()
    };
    let standard = first("forwarded").and_then(|element| {
        element.split(';').find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            name.eq_ignore_ascii_case(parameter)
                .then_some(value.trim_matches('"'))
        })
    });
    standard
        .or_else(|| first(older))
        .map(str::trim)
        .filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn hosts_and_ports_are_told_apart() {
        for (text, host, port) in [
            ("localhost", "localhost", None),
            ("localhost:8080", "localhost", Some(8080)),
            ("[::1]:8080", "::1", Some(8080)),
            ("[::1]", "::1", None),
            ("2001:db8::1", "2001:db8::1", None),
            ("user:password@host:1", "host", Some(1)),
            ("host:notaport", "host", None),
            ("host:99999", "host", None),
        ] {
            assert_eq!(Authority::parse(text), Some(Authority { host, port }), "{text}");
        }
        for text in ["", ":80", "[::1", "[]:80", "user@"] {
            assert_eq!(Authority::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_first_proxy_is_believed_and_the_standard_header_before_the_older_ones() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            HeaderValue::from_static("203.0.113.7, 10.0.0.1"),
        );
        assert_eq!(forwarded(&headers, "for", "x-forwarded-for"), Some("203.0.113.7"));
        let standard = "For=\"[2001:db8::2]:4711\";proto=https;host=api.example, for=10.0.0.1";
        headers.insert("forwarded", HeaderValue::from_static(standard));
        assert_eq!(
            forwarded(&headers, "for", "x-forwarded-for"),
            Some("[2001:db8::2]:4711")
        );
        assert_eq!(
            forwarded(&headers, "host", "x-forwarded-host"),
            Some("api.example")
        );
        assert_eq!(forwarded(&headers, "by", "x-forwarded-by"), None);
    }
}
