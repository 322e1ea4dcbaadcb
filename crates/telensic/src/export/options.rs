//! What a program may ask of its export; the environment says the rest.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How requests travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// OTLP/gRPC; needs the feature `otlp-grpc`.
    Grpc,
    /// OTLP/HTTP with protobuf.
    HttpProtobuf,
    /// OTLP/HTTP with JSON.
    HttpJson,
}

/// How requests are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// By gzip.
    Gzip,
    /// By Zstandard.
    Zstd,
}

/// Where everything recorded is sent, and how. What is not set here is taken from `OTEL_EXPORTER_OTLP_*`.
///
/// ```no_run
/// use std::time::Duration;
/// use telensic::export::{Compression, ExportOptions};
///
/// let export = ExportOptions::to("https://collector.example:4318")
///     .header("x-api-key", "...")
///     .compression(Compression::Zstd)
///     .timeout(Duration::from_secs(3));
/// let _guard = telensic::Builder::new("pricing").export(export).init();
/// ```
#[derive(Clone, Default)]
pub struct ExportOptions {
    pub(super) endpoint: Option<String>,
    pub(super) protocol: Option<Protocol>,
    pub(super) compression: Option<Compression>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) timeout: Option<Duration>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) client: Option<(PathBuf, PathBuf)>,
    pub(super) delay: Option<Duration>,
    pub(super) batch: Option<usize>,
}

impl ExportOptions {
    /// To this endpoint; over HTTP `/v1/traces`, `/v1/logs` and `/v1/metrics` are put behind it.
    pub fn to(endpoint: impl Into<String>) -> Self {
        Self {
            endpoint: Some(endpoint.into()),
            ..Self::default()
        }
    }

    /// How requests travel (OTEL_EXPORTER_OTLP_PROTOCOL, `http/protobuf`).
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = Some(protocol);
        self
    }

    /// How requests are compressed (OTEL_EXPORTER_OTLP_COMPRESSION, not at all).
    #[must_use]
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = Some(compression);
        self
    }

    /// Adds a header to every request; its value is never shown.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// How long one request may take (OTEL_EXPORTER_OTLP_TIMEOUT, 10 s).
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// A PEM file of the authorities to trust instead of the system's (OTEL_EXPORTER_OTLP_CERTIFICATE).
    #[must_use]
    pub fn certificate(mut self, file: impl Into<PathBuf>) -> Self {
        self.certificate = Some(file.into());
        self
    }

    /// PEM files of the client's certificate chain and its key (OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and _KEY).
    #[must_use]
    pub fn client_certificate(mut self, chain: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.client = Some((chain.into(), key.into()));
        self
    }

    /// Between two looks at the tape (OTEL_BSP_SCHEDULE_DELAY 5 s, OTEL_BLRP_SCHEDULE_DELAY 1 s); a tape that fills fast
    /// is looked at sooner.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// The most records in one request (OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_BLRP_MAX_EXPORT_BATCH_SIZE, 4,096).
    #[must_use]
    pub fn batch(mut self, records: usize) -> Self {
        self.batch = Some(records);
        self
    }
}

impl fmt::Debug for ExportOptions {
    /// Without the endpoint and the headers' values, which may hold secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("ExportOptions")
            .field("protocol", &self.protocol)
            .field("compression", &self.compression)
            .field("headers", &names)
            .finish_non_exhaustive()
    }
}
