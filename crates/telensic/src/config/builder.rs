//! The builder behind [`crate::init`].

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use telensic_redact::Redactor;
use telensic_run::RunDir;
use telensic_tape::{DEFAULT_BUDGET, Mode};

use super::{Env, Identity, Limits, Settings};
use crate::context::Propagators;
use crate::sampler::Sampler;
use crate::sink::{LogFilesOptions, LogLayout};
use crate::{Guard, Severity};

/// What a loss of power may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// The record survives the process, however it ends; the kernel writes to disk in its own time.
    #[default]
    Process,
    /// The clerk also syncs to disk at this interval, which is what a loss of power can cost.
    Power {
        /// Between two syncs.
        every: Duration,
    },
}

/// Settings of a recorder: the environment's, but for what is set here.
///
/// ```no_run
/// use telensic::{Builder, Sampler};
///
/// let guard = Builder::new("pricing")
///     .version("1.4.2")
///     .environment("production")
///     .sampler(Sampler::parent_based_trace_id_ratio(0.1))
///     .console(true)
///     .init();
/// # drop(guard);
/// ```
#[derive(Default)]
pub struct Builder {
    service: Option<String>,
    version: Option<String>,
    environment: Option<String>,
    run_id: Option<String>,
    attributes: Vec<(String, String)>,
    language: Option<&'static str>,
    dir: Option<PathBuf>,
    run_dir: Option<PathBuf>,
    mode: Option<Mode>,
    durability: Option<Durability>,
    limits: Option<Limits>,
    sampler: Option<Sampler>,
    propagators: Option<Propagators>,
    redactor: Option<Arc<Redactor>>,
    log_level: Option<Severity>,
    log_layout: Option<LogLayout>,
    log_dir: Option<PathBuf>,
    log_files: Option<bool>,
    log_options: Option<LogFilesOptions>,
    console: Option<bool>,
    shutdown: Option<Duration>,
    panics: Option<bool>,
    #[cfg(feature = "metrics")]
    metrics: crate::metrics::Asked,
    #[cfg(feature = "otlp")]
    export: Option<crate::export::ExportOptions>,
    #[cfg(feature = "otlp")]
    jaeger: Option<String>,
}

macro_rules! setters {
    ($($(#[doc = $doc:literal])* $name:ident: $type:ty => $field:ident;)*) => {$(
        $(#[doc = $doc])*
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Self {
            self.$field = Some($name);
            self
        }
    )*};
}

impl Builder {
    /// Settings for a service of this name; OTEL_SERVICE_NAME wins over it.
    pub fn new(service: impl Into<String>) -> Self {
        Self {
            service: Some(service.into()),
            ..Self::default()
        }
    }

    /// The service's version (`service.version`).
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// Where it is deployed (`deployment.environment`).
    #[must_use]
    pub fn environment(mut self, environment: impl Into<String>) -> Self {
        self.environment = Some(environment.into());
        self
    }

    /// The run that is recorded; else RUN_ID of the environment.
    #[must_use]
    pub fn run_id(mut self, run_id: impl Into<String>) -> Self {
        self.run_id = Some(run_id.into());
        self
    }

    /// A further attribute of the resource.
    #[must_use]
    pub fn resource_attribute(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.attributes.push((key.into(), value.into()));
        self
    }

    /// The programming language of what is recorded (`telemetry.sdk.language`), for doors to other ones.
    #[doc(hidden)]
    #[must_use]
    pub fn language(mut self, language: &'static str) -> Self {
        self.language = Some(language);
        self
    }

    /// The root of what is written: tapes in `tapes/`, logs in `logs/` (TELENSIC_DIR, `data`).
    #[must_use]
    pub fn dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = Some(dir.into());
        self
    }

    /// The root, unless one was set.
    #[cfg(feature = "run")]
    pub(crate) fn dir_if_unset(mut self, dir: &std::path::Path) -> Self {
        self.dir.get_or_insert_with(|| dir.to_owned());
        self
    }

    /// The directory of the run that is recorded (TELENSIC_RUN_DIR); everything goes there, and nothing is reused.
    #[must_use]
    pub fn run_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.run_dir = Some(dir.into());
        self
    }

    /// The directory of the NDJSON files, if not the root's `logs/`.
    #[must_use]
    pub fn log_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.log_dir = Some(dir.into());
        self
    }

    /// Sends everything on to a backend, by OTLP (OTEL_EXPORTER_OTLP_*).
    #[cfg(feature = "otlp")]
    #[must_use]
    pub fn export(mut self, options: crate::export::ExportOptions) -> Self {
        self.export = Some(options);
        self
    }

    /// Sends everything on to this endpoint, by OTLP (OTEL_EXPORTER_OTLP_ENDPOINT).
    #[cfg(feature = "otlp")]
    #[must_use]
    pub fn otlp_endpoint(self, endpoint: impl Into<String>) -> Self {
        self.export(crate::export::ExportOptions::to(endpoint))
    }

    /// An endpoint of Jaeger's former protocols: spans go to where Jaeger takes OTLP, which a warning says. Prefer
    /// [`Builder::otlp_endpoint`].
    #[cfg(feature = "otlp")]
    #[must_use]
    pub fn jaeger_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.jaeger = Some(endpoint.into());
        self
    }

    /// Serves the metrics to scrapers (TELENSIC_METRICS_ADDR).
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn serve_metrics(mut self, options: crate::metrics::ServeOptions) -> Self {
        self.metrics.serve = Some(options);
        self
    }

    /// Pushes the metrics to a Pushgateway, at intervals and at the end (TELENSIC_PUSHGATEWAY).
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn push_metrics(mut self, options: crate::metrics::PushOptions) -> Self {
        self.metrics.push = Some(options);
        self
    }

    /// What goes before the names of metrics (TELENSIC_METRICS_NAMESPACE, TELENSIC_METRICS_SUBSYSTEM).
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn metrics_prefix(mut self, namespace: impl Into<String>, subsystem: impl Into<String>) -> Self {
        self.metrics.prefix = Some((namespace.into(), subsystem.into()));
        self
    }

    /// Between two snapshots of the metrics on the tape (OTEL_METRIC_EXPORT_INTERVAL, 10 s).
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn metrics_interval(mut self, interval: Duration) -> Self {
        self.metrics.every = Some(interval);
        self
    }

    /// Whether snapshots of counters and histograms count from the beginning or from the one before
    /// (OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE, from the beginning).
    #[cfg(feature = "metrics")]
    #[must_use]
    pub fn metrics_temporality(mut self, temporality: crate::metrics::Temporality) -> Self {
        self.metrics.temporality = Some(temporality);
        self
    }

    setters! {
        /// How much the tape keeps: a ring of 256 MiB, or everything in a run (TELENSIC_TAPE_BUDGET).
        mode: Mode => mode;
        /// Whether to sync to disk as well (TELENSIC_DURABILITY).
        durability: Durability => durability;
        /// How much of a record is kept (OTEL_SPAN_*_LIMIT and the like).
        limits: Limits => limits;
        /// Which traces are exported (OTEL_TRACES_SAMPLER).
        sampler: Sampler => sampler;
        /// How context travels (OTEL_PROPAGATORS).
        propagators: Propagators => propagators;
        /// The redactor, for rules and a mask key of one's own.
        redactor: Arc<Redactor> => redactor;
        /// The lowest level of log records that is kept (TELENSIC_LOG_LEVEL, INFO).
        log_level: Severity => log_level;
        /// The field names of NDJSON lines (TELENSIC_LOG_LAYOUT).
        log_layout: LogLayout => log_layout;
        /// Whether log records are also written as NDJSON files (TELENSIC_LOG_FILES, true).
        log_files: bool => log_files;
        /// The NDJSON files in every detail; replaces what is set of their directory and layout.
        log_file_options: LogFilesOptions => log_options;
        /// Whether log records are also written to stderr (TELENSIC_CONSOLE, OTEL_LOGS_EXPORTER=console).
        console: bool => console;
        /// How long the guard may take to flush when it is dropped (5 s).
        shutdown: Duration => shutdown;
        /// Whether panics are recorded (true).
        panics: bool => panics;
    }

    /// Starts recording; nothing is recorded any more once the guard is dropped.
    pub fn init(self) -> Guard {
        crate::lifecycle::start(self)
    }

    /// Everything settled, and what was wrong with the environment.
    pub(crate) fn settle(self) -> (Settings, Arc<Redactor>, Vec<String>) {
        let lookup = Env::of_process;
        let mut env = Env::new(&lookup);
        let mut identity = Identity::from_env(self.service.as_deref(), &mut env);
        identity.version = self.version.or(identity.version);
        identity.environment = self.environment.or(identity.environment);
        identity.run_id = self.run_id.or(identity.run_id);
        identity.attributes.extend(self.attributes);
        identity.language = self.language.unwrap_or(identity.language);

        let dir = self
            .dir
            .or_else(|| env.text("TELENSIC_DIR").map(PathBuf::from))
            .unwrap_or_else(|| "data".into());
        let joined = env.text("TELENSIC_RUN_DIR").map(PathBuf::from);
        let joins = self.run_dir.is_none() && joined.is_some();
        let run_dir = self.run_dir.or(joined);
        let budget = env.number("TELENSIC_TAPE_BUDGET").unwrap_or(DEFAULT_BUDGET);
        let default_mode = if run_dir.is_some() {
            Mode::Run
        } else {
            Mode::Ring { budget }
        };
        let limits = self.limits.unwrap_or_else(|| Limits::from_env(&mut env));

        let sampler_name = env.text("OTEL_TRACES_SAMPLER");
        let sampler_arg = env.text("OTEL_TRACES_SAMPLER_ARG");
        let (sampler, warnings) = Sampler::from_env_values(sampler_name.as_deref(), sampler_arg.as_deref());
        warnings.into_iter().for_each(|warning| env.warn(warning));
        let (propagators, warnings) = Propagators::from_env_value(env.text("OTEL_PROPAGATORS").as_deref());
        warnings.into_iter().for_each(|warning| env.warn(warning));

        const LEVELS: [(&str, Severity); 6] = [
            ("trace", Severity::Trace),
            ("debug", Severity::Debug),
            ("info", Severity::Info),
            ("warn", Severity::Warn),
            ("error", Severity::Error),
            ("fatal", Severity::Fatal),
        ];
        const LAYOUTS: [(&str, LogLayout); 3] = [
            ("telensic", LogLayout::Telensic),
            ("standard", LogLayout::Standard),
            ("otel", LogLayout::Otel),
        ];
        let log_level = env.word("TELENSIC_LOG_LEVEL", &LEVELS).unwrap_or(Severity::Info);
        let log_layout = env
            .word("TELENSIC_LOG_LAYOUT", &LAYOUTS)
            .unwrap_or(LogLayout::Telensic);
        let console_exporter = env
            .text("OTEL_LOGS_EXPORTER")
            .is_some_and(|list| list.split(',').any(|e| e.trim() == "console"));
        let console = env.truth("TELENSIC_CONSOLE").unwrap_or(console_exporter);
        let files = self
            .log_files
            .or_else(|| env.truth("TELENSIC_LOG_FILES"))
            .unwrap_or(true);
        let power = [("process", false), ("power", true)];
        let durability = match env.word("TELENSIC_DURABILITY", &power) {
            Some(true) => Durability::Power {
                every: Duration::from_millis(50),
            },
            _ => Durability::Process,
        };

        // Everything that this process records is in the run already.
        #[cfg(feature = "otlp")]
        let own_run = env
            .text(telensic_run::names::env::RUN_ENDPOINT)
            .filter(|_| run_dir.is_some());
        #[cfg(feature = "otlp")]
        let export = crate::export::settle(
            &mut env,
            crate::export::Asked {
                options: self.export,
                jaeger: self.jaeger,
                own_run,
                dir: &dir,
            },
        );

        #[cfg(feature = "metrics")]
        let metrics = crate::metrics::settle(self.metrics, &mut env, &identity.service);

        let log_layout = self.log_layout.unwrap_or(log_layout);
        let log_dir = self.log_dir.unwrap_or_else(|| dir.join("logs"));
        let run_logs = run_dir
            .as_ref()
            .map(|run| LogFilesOptions::new(run.join(RunDir::LOGS)).layout(log_layout));
        let own_logs = self
            .log_options
            .unwrap_or_else(|| LogFilesOptions::new(log_dir).layout(log_layout));
        let redactor = self.redactor.unwrap_or_else(|| Arc::new(Redactor::default()));
        let settings = Settings {
            identity: identity.redacted(&redactor),
            tape_dir: run_dir
                .as_ref()
                .map_or_else(|| dir.join("tapes"), |run| run.join(RunDir::TAPES)),
            mode: self.mode.unwrap_or(default_mode),
            joins,
            open_spans: env.number("TELENSIC_OPEN_SPANS").unwrap_or(4096),
            durability: self.durability.unwrap_or(durability),
            limits,
            sampler: self.sampler.unwrap_or(sampler),
            propagators: self.propagators.unwrap_or(propagators),
            log_level: self.log_level.unwrap_or(log_level),
            log_layout,
            log_files: if files {
                std::iter::once(own_logs).chain(run_logs).collect()
            } else {
                Vec::new()
            },
            console: self.console.unwrap_or(console),
            #[cfg(feature = "otlp")]
            export,
            #[cfg(feature = "metrics")]
            metrics,
            shutdown: self.shutdown.unwrap_or(Duration::from_secs(5)),
            panics: self.panics.unwrap_or(true),
        };
        (settings, redactor, env.into_warnings())
    }
}
