//! What is answered to whoever asks for the metrics: in which format, and compressed or not.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::registry::{Registry, global};
use super::text;

/// A text format of metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// Prometheus' own, version 0.0.4.
    #[default]
    Prometheus,
    /// OpenMetrics 1.0, which has exemplars.
    OpenMetrics,
}

impl Format {
    /// The format that the `Accept` header of a request prefers.
    pub fn accepted(accept: Option<&str>) -> Self {
        let accept = accept.unwrap_or_default();
        let wish = |kind: &str| preference(accept, kind);
        let open = wish("application/openmetrics-text");
        if open > 0.0 && open >= wish("text/plain") {
            Self::OpenMetrics
        } else {
            Self::Prometheus
        }
    }

    /// What the `Content-Type` header says of it.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => "text/plain; version=0.0.4; charset=utf-8",
            Self::OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        }
    }
}

/// How much an item is wanted by a header of this form: 0 is not at all, 1 is most.
fn preference(header: &str, wanted: &str) -> f32 {
    let mut most = 0.0_f32;
    for item in header.split(',') {
        let mut parts = item.split(';').map(str::trim);
        let is_it = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
        if is_it {
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            most = most.max(weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)));
        }
    }
    most
}

/// All metrics of the program, in this format.
///
/// ```
/// use telensic::metrics::{self, Format};
///
/// metrics::counter("rebalances_total").help("portfolios brought in line").register().alone().inc();
/// assert!(metrics::render(Format::Prometheus).contains("rebalances_total 1"));
/// ```
pub fn render(format: Format) -> String {
    global().render(format)
}

impl Registry {
    /// All metrics of this set, in this format.
    pub fn render(&self, format: Format) -> String {
        text::write(&self.snapshot(), format)
    }
}

/// The answer to a request for the metrics, for whatever serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposition {
    /// The `Content-Type` header.
    pub content_type: &'static str,
    /// The `Content-Encoding` header, if there is to be one.
    pub content_encoding: Option<&'static str>,
    /// The body.
    pub body: Vec<u8>,
}

/// Answers a request for the program's metrics with these headers.
pub fn expose(accept: Option<&str>, accept_encoding: Option<&str>) -> Exposition {
    let format = Format::accepted(accept);
    let plain = render(format).into_bytes();
    let zipped = (preference(accept_encoding.unwrap_or_default(), "gzip") > 0.0)
        .then(|| gzip(&plain))
        .flatten();
    Exposition {
        content_type: format.content_type(),
        content_encoding: zipped.is_some().then_some("gzip"),
        body: zipped.unwrap_or(plain),
    }
}

/// Writing to memory does not fail; should it all the same, the plain text is as good.
fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scraper_gets_the_format_that_it_prefers() {
        let of_prometheus = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                             text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        assert_eq!(Format::accepted(Some(of_prometheus)), Format::OpenMetrics);
        for plain in [
            None,
            Some(""),
            Some("*/*"),
            Some("text/html, */*"),
            Some("text/plain, application/openmetrics-text;q=0.9"),
            Some("application/openmetrics-text;q=0"),
            Some("application/openmetrics-text;q=much"),
        ] {
            assert_eq!(Format::accepted(plain), Format::Prometheus, "{plain:?}");
        }
    }

    #[test]
    fn only_who_can_read_gzip_gets_it() {
        assert_eq!(
            expose(None, Some("deflate, gzip;q=1.0")).content_encoding,
            Some("gzip")
        );
        assert_eq!(expose(None, Some("gzip;q=0")).content_encoding, None);
        assert_eq!(expose(None, None).content_encoding, None);
    }
}
