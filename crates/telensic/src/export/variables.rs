//! The variables that concern export: `OTEL_EXPORTER_OTLP*`, `OTEL_*_EXPORTER`, `OTEL_BSP_*` and `OTEL_BLRP_*`.
//!
//! Something is exported if an endpoint is set, or if an exporter is asked for by name. Unlike in other SDKs nothing goes to
//! `localhost` unasked: the record is on the tape. The queue sizes have no meaning here, since the tape is the queue.

use std::path::{Path, PathBuf};
use std::time::Duration;

use telensic_tape::Signal;

use super::endpoint::Endpoint;
use super::headers::Headers;
use super::settings::{Destination, ExportSettings, Route, Target};
use super::{Compression, ExportOptions, Protocol};
use crate::config::Env;

const OTLP: &str = "OTEL_EXPORTER_OTLP_";
const JAEGER: &str = "OTEL_EXPORTER_JAEGER_ENDPOINT";

/// As many spans or log records as a request may have: some 1 MiB.
const BATCH: usize = 4096;

/// What is asked for by the program, and where it keeps its data.
pub(crate) struct Asked<'a> {
    pub(crate) options: Option<ExportOptions>,
    pub(crate) jaeger: Option<String>,
    /// The endpoint of the run that this process records into: it has the tape already.
    pub(crate) own_run: Option<String>,
    pub(crate) dir: &'a Path,
}

/// The settings that these variables and options ask for; what is wrong becomes a warning.
pub(crate) fn settle(env: &mut Env<'_>, asked: Asked<'_>) -> ExportSettings {
    let options = asked.options.clone().unwrap_or_default();
    let jaeger = jaeger_endpoint(env, asked.jaeger.as_deref());
    let mut routes = Vec::new();
    for signal in [Signal::Spans, Signal::Logs, Signal::Metrics] {
        let mut reading = Reading {
            env: &mut *env,
            options: &options,
            own_run: asked.own_run.as_deref(),
            signal,
        };
        reading.routes(jaeger.as_ref(), &mut routes);
    }
    ExportSettings {
        routes,
        dir: asked.dir.join("export"),
    }
}

/// An endpoint of Jaeger's former protocols, as the one that takes OTLP.
fn jaeger_endpoint(env: &mut Env<'_>, set: Option<&str>) -> Option<Endpoint> {
    let (name, text) = match set {
        Some(text) => ("jaeger_endpoint", text.to_owned()),
        None => (JAEGER, env.text(JAEGER)?),
    };
    match Endpoint::parse(&text, true) {
        Ok(endpoint) => {
            let mapped = endpoint.of_jaeger();
            env.warn(format!(
                "{name}: Jaeger takes OTLP now, so spans go to {mapped}{}; set OTEL_EXPORTER_OTLP_TRACES_ENDPOINT to it",
                mapped.path_and_query()
            ));
            Some(mapped)
        }
        Err(why) => {
            env.warn(format!("{name} {why}, it is ignored; write http://host:4318"));
            None
        }
    }
}

/// Reads what concerns one signal.
struct Reading<'a, 'e> {
    env: &'a mut Env<'e>,
    options: &'a ExportOptions,
    own_run: Option<&'a str>,
    signal: Signal,
}

/// What OTEL_*_EXPORTER asks for.
#[derive(Clone, Copy, Default)]
struct Exporters {
    otlp: bool,
    console: bool,
}

impl Reading<'_, '_> {
    fn routes(&mut self, jaeger: Option<&Endpoint>, routes: &mut Vec<Route>) {
        let exporters = self.exporters();
        let jaeger = jaeger.filter(|_| self.signal == Signal::Spans);
        let is_otlp = match exporters {
            Some(exporters) => exporters.otlp,
            None => jaeger.is_some() || self.has_endpoint(),
        };
        if is_otlp && let Some(target) = self.target(jaeger) {
            routes.push(self.route(Destination::Otlp(Box::new(target))));
        }
        // Log records have a console of their own, which the clerk feeds.
        if exporters.unwrap_or_default().console && self.signal != Signal::Logs {
            routes.push(self.route(Destination::Console));
        }
    }

    fn route(&mut self, to: Destination) -> Route {
        let (delay, default, batch) = match self.signal {
            Signal::Spans => ("OTEL_BSP_SCHEDULE_DELAY", 5000, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"),
            Signal::Logs => (
                "OTEL_BLRP_SCHEDULE_DELAY",
                1000,
                "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
            ),
            Signal::Metrics => ("OTEL_METRIC_EXPORT_INTERVAL", 60_000, ""),
        };
        let delay = self.options.delay.or_else(|| self.millis(delay));
        let batch = match (self.options.batch, batch) {
            (Some(records), _) => Some(records),
            (None, "") => None,
            (None, name) => self.env.number(name),
        };
        Route {
            signal: self.signal,
            to,
            delay: delay.unwrap_or(Duration::from_millis(default)),
            batch: batch.unwrap_or(BATCH).max(1),
        }
    }

    /// What is asked for by name; `None` if nothing is.
    fn exporters(&mut self) -> Option<Exporters> {
        let name = match self.signal {
            Signal::Spans => "OTEL_TRACES_EXPORTER",
            Signal::Logs => "OTEL_LOGS_EXPORTER",
            Signal::Metrics => "OTEL_METRICS_EXPORTER",
        };
        let list = self.env.text(name)?;
        let mut exporters = Exporters::default();
        for one in list.split(',').map(str::trim).filter(|one| !one.is_empty()) {
            match one {
                "otlp" => exporters.otlp = true,
                "console" => exporters.console = true,
                "none" => {}
                // Served, not sent: that is the affair of the metrics.
                "prometheus" if self.signal == Signal::Metrics && cfg!(feature = "metrics") => {}
                "jaeger" if self.signal == Signal::Spans => {
                    exporters.otlp = true;
                    self.env
                        .warn(format!("{name}: Jaeger takes OTLP now, otlp is used"));
                }
                _ => self.env.warn(format!(
                    "{name}: {one:?} is unknown and left out; known are otlp, console, none"
                )),
            }
        }
        Some(exporters)
    }

    fn target(&mut self, jaeger: Option<&Endpoint>) -> Option<Target> {
        let protocol = self.protocol();
        let endpoint = match (self.has_endpoint(), jaeger) {
            (true, _) => self.endpoint(protocol)?,
            (false, Some(mapped)) => mapped.clone(),
            (false, None) => self.default_endpoint(protocol)?,
        };
        let mut headers = self.headers();
        if let Some(credentials) = &endpoint.credentials
            && !headers.0.contains_key("authorization")
            && headers
                .add("authorization", &format!("Basic {credentials}"))
                .is_err()
        {
            self.env.warn(format!(
                "the credentials of the endpoint of {} cannot be sent",
                self.signal.name()
            ));
        }
        let timeout = self.options.timeout.or_else(|| self.otlp_millis("TIMEOUT"));
        let longest = self.export_timeout();
        Some(Target {
            endpoint,
            protocol,
            compression: self.compression(),
            headers,
            timeout: timeout.unwrap_or(Duration::from_secs(10)).min(longest),
            certificate: self
                .options
                .certificate
                .clone()
                .or_else(|| self.file("CERTIFICATE")),
            client: self.options.client.clone().or_else(|| {
                let (chain, key) = (self.file("CLIENT_CERTIFICATE")?, self.file("CLIENT_KEY")?);
                Some((chain, key))
            }),
        })
    }

    fn export_timeout(&mut self) -> Duration {
        let name = match self.signal {
            Signal::Spans => "OTEL_BSP_EXPORT_TIMEOUT",
            Signal::Logs => "OTEL_BLRP_EXPORT_TIMEOUT",
            Signal::Metrics => "OTEL_METRIC_EXPORT_TIMEOUT",
        };
        self.millis(name)
            .filter(|timeout| !timeout.is_zero())
            .unwrap_or(Duration::from_secs(30))
    }

    fn protocol(&mut self) -> Protocol {
        const PROTOCOLS: [(&str, Protocol); 3] = [
            ("grpc", Protocol::Grpc),
            ("http/protobuf", Protocol::HttpProtobuf),
            ("http/json", Protocol::HttpJson),
        ];
        let name = self.name("PROTOCOL");
        let asked = self.options.protocol.or_else(|| self.env.word(&name, &PROTOCOLS));
        match asked.unwrap_or(Protocol::HttpProtobuf) {
            Protocol::Grpc if !cfg!(feature = "otlp-grpc") => {
                self.env.warn(format!(
                    "{name}: grpc needs the feature otlp-grpc of telensic, http/protobuf is used"
                ));
                Protocol::HttpProtobuf
            }
            protocol => protocol,
        }
    }

    /// Whether anything says where to send to.
    fn has_endpoint(&self) -> bool {
        self.options.endpoint.is_some() || self.endpoint_text().is_some()
    }

    /// The endpoint of the environment, and whether it is that of the signal alone.
    fn endpoint_text(&self) -> Option<(String, bool)> {
        let own = self.env.text(&format!("{OTLP}{}ENDPOINT", self.infix()));
        let all = || {
            self.env
                .text(&format!("{OTLP}ENDPOINT"))
                .filter(|text| Some(text.as_str()) != self.own_run)
        };
        own.map(|text| (text, true))
            .or_else(|| all().map(|text| (text, false)))
    }

    fn endpoint(&mut self, protocol: Protocol) -> Option<Endpoint> {
        let (text, is_own) = match &self.options.endpoint {
            Some(text) => (text.clone(), false),
            None => self.endpoint_text()?,
        };
        let insecure = self.truth("INSECURE").unwrap_or(false);
        let parsed = match protocol {
            Protocol::Grpc => Endpoint::parse(&text, insecure),
            _ if text.contains("://") => Endpoint::parse(&text, false),
            _ => Err("has no scheme"),
        };
        match parsed {
            Ok(endpoint) if is_own || protocol == Protocol::Grpc => Some(endpoint),
            Ok(endpoint) => Some(endpoint.of_signal(self.signal)),
            Err(why) => {
                // Without the value, which may hold credentials.
                let name = if is_own { self.infix() } else { "" };
                self.env.warn(format!(
                    "{OTLP}{name}ENDPOINT {why}, nothing is exported; write http://host:port or https://host:port"
                ));
                None
            }
        }
    }

    fn default_endpoint(&self, protocol: Protocol) -> Option<Endpoint> {
        match protocol {
            Protocol::Grpc => Endpoint::parse("http://localhost:4317", true).ok(),
            _ => Endpoint::parse("http://localhost:4318", true)
                .ok()
                .map(|endpoint| endpoint.of_signal(self.signal)),
        }
    }

    fn headers(&mut self) -> Headers {
        let mut headers = Headers::default();
        let name = self.name("HEADERS");
        if let Some(list) = self.env.text(&name)
            && let Err(place) = headers.add_list(&list)
        {
            headers = Headers::default();
            self.env.warn(format!(
                "{name} has no key=value pair that can be a header at place {place}, the whole variable is ignored"
            ));
        }
        for (name, value) in &self.options.headers {
            if let Err(part) = headers.add(name, value) {
                self.env.warn(format!(
                    "header {name:?} of the exporter is left out: {part} is not valid"
                ));
            }
        }
        headers
    }

    fn compression(&mut self) -> Compression {
        const COMPRESSIONS: [(&str, Compression); 3] = [
            ("none", Compression::None),
            ("gzip", Compression::Gzip),
            ("zstd", Compression::Zstd),
        ];
        let name = self.name("COMPRESSION");
        let asked = self
            .options
            .compression
            .or_else(|| self.env.word(&name, &COMPRESSIONS));
        asked.unwrap_or_default()
    }

    fn file(&mut self, what: &str) -> Option<PathBuf> {
        self.env.text(&self.name(what)).map(PathBuf::from)
    }

    fn truth(&mut self, what: &str) -> Option<bool> {
        let name = self.name(what);
        self.env.truth(&name)
    }

    fn otlp_millis(&mut self, what: &str) -> Option<Duration> {
        let name = self.name(what);
        self.millis(&name).filter(|timeout| !timeout.is_zero())
    }

    fn millis(&mut self, name: &str) -> Option<Duration> {
        self.env.number(name).map(Duration::from_millis)
    }

    fn infix(&self) -> &'static str {
        match self.signal {
            Signal::Spans => "TRACES_",
            Signal::Logs => "LOGS_",
            Signal::Metrics => "METRICS_",
        }
    }

    /// The variable of the signal if it is set, else the one of all signals.
    fn name(&self, what: &str) -> String {
        let own = format!("{OTLP}{}{what}", self.infix());
        match self.env.text(&own) {
            Some(_) => own,
            None => format!("{OTLP}{what}"),
        }
    }
}

#[cfg(test)]
mod tests;
