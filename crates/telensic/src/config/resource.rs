//! Who records: the OTLP `Resource` of the process.

use std::sync::Arc;

use telensic_redact::Redactor;
use telensic_tape::{Value, otlp};

use super::Env;
use crate::random::Random;
use crate::sink::RunFacts;

/// What is known of the process that records.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) service: String,
    pub(crate) version: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) run_id: Option<String>,
    pub(crate) host: String,
    pub(crate) pid: u32,
    /// The programming language of what is recorded.
    pub(crate) language: &'static str,
    /// Further resource attributes; a key that is also above has been taken out.
    pub(crate) attributes: Vec<(String, String)>,
    /// What log lines say of the run.
    pub(crate) facts: Arc<RunFacts>,
}

impl Identity {
    /// What the environment says, for a service of this name unless OTEL_SERVICE_NAME has another.
    pub(crate) fn from_env(service: Option<&str>, env: &mut Env<'_>) -> Self {
        let mut attributes = resource_attributes(env);
        let mut take = |key: &str| {
            let position = attributes.iter().position(|(name, _)| name == key)?;
            Some(attributes.swap_remove(position).1)
        };
        let listed = take("service.name");
        let environment = take("deployment.environment.name");
        let environment = take("deployment.environment").or(environment);
        Self {
            service: env
                .text("OTEL_SERVICE_NAME")
                .or(listed)
                .or(service.map(str::to_owned))
                .unwrap_or_else(unknown_service),
            version: take("service.version"),
            environment,
            run_id: env.text("RUN_ID").or(take("run_id")),
            host: take("host.name").unwrap_or_else(telensic_tape::host_name),
            pid: std::process::id(),
            language: "rust",
            attributes,
            facts: Arc::default(),
        }
    }
}

impl Identity {
    /// What of it may be written, to the tape as to the log files.
    pub(crate) fn redacted(self, redactor: &Redactor) -> Self {
        let safe = |key: &str, value: &str| redactor.text(redactor.key_class(key), value).into_owned();
        let safe_option = |key: &str, value: Option<String>| value.map(|value| safe(key, &value));
        Self {
            service: safe("service.name", &self.service),
            version: safe_option("service.version", self.version),
            environment: safe_option("deployment.environment", self.environment),
            run_id: safe_option("run_id", self.run_id),
            host: safe("host.name", &self.host),
            pid: self.pid,
            language: self.language,
            facts: self.facts,
            attributes: self
                .attributes
                .into_iter()
                .map(|(key, value)| {
                    let value = safe(&key, &value);
                    (key, value)
                })
                .collect(),
        }
    }
}

/// As OpenTelemetry names a service that nobody named.
fn unknown_service() -> String {
    let program = std::env::current_exe().ok();
    let program = program
        .as_deref()
        .and_then(|path| path.file_stem())
        .map(|stem| stem.to_string_lossy());
    program.map_or_else(
        || "unknown_service".to_owned(),
        |program| format!("unknown_service:{program}"),
    )
}

/// OTEL_RESOURCE_ATTRIBUTES: `key=value` pairs, comma-separated, percent-encoded.
fn resource_attributes(env: &mut Env<'_>) -> Vec<(String, String)> {
    const NAME: &str = "OTEL_RESOURCE_ATTRIBUTES";
    let mut attributes: Vec<(String, String)> = Vec::new();
    let Some(text) = env.text(NAME) else {
        return attributes;
    };
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        match pair
            .split_once('=')
            .and_then(|(key, value)| Some((key.trim(), percent_decoded(value.trim())?)))
        {
            Some((key, value)) if !key.is_empty() => {
                attributes.retain(|(name, _)| name != key);
                attributes.push((key.to_owned(), value));
            }
            _ => {
                // As specified: an invalid list is discarded as a whole.
                env.warn(format!(
                    "{NAME}: {pair:?} is not a key=value pair, the whole variable is ignored"
                ));
                return Vec::new();
            }
        }
    }
    attributes
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// The encoded `Resource`; of each key there is one value.
pub(crate) fn resource_bytes(identity: &Identity) -> Vec<u8> {
    let instance = uuid(&mut Random::seeded());
    let mut texts: Vec<(&str, &str)> = vec![("service.name", &identity.service)];
    texts.extend(
        identity
            .version
            .as_deref()
            .map(|version| ("service.version", version)),
    );
    if let Some(environment) = &identity.environment {
        // The older name and the stable one: dashboards of both kinds exist.
        texts.push(("deployment.environment", environment));
        texts.push(("deployment.environment.name", environment));
    }
    texts.push(("service.instance.id", &instance));
    texts.push(("host.name", &identity.host));
    texts.push(("telemetry.sdk.name", "telensic"));
    texts.push(("telemetry.sdk.language", identity.language));
    texts.push(("telemetry.sdk.version", env!("CARGO_PKG_VERSION")));
    texts.extend(identity.run_id.as_deref().map(|run_id| ("run_id", run_id)));
    for (key, value) in &identity.attributes {
        // What names the process and this SDK is known better here; the rest the user knows better.
        let is_ours = key == "process.pid" || key.starts_with("telemetry.sdk.");
        match texts.iter_mut().find(|(name, _)| name == key) {
            Some(known) if !is_ours => known.1 = value,
            None if !is_ours => texts.push((key, value)),
            _ => {}
        }
    }
    let mut bytes = Vec::with_capacity(512);
    for (key, value) in texts {
        otlp::put_attribute(
            &mut bytes,
            otlp::field::resource::ATTRIBUTE,
            key,
            Value::Str(value),
        );
    }
    let pid = Value::I64(identity.pid.into());
    otlp::put_attribute(&mut bytes, otlp::field::resource::ATTRIBUTE, "process.pid", pid);
    bytes
}

/// A random UUID, version 4.
fn uuid(random: &mut Random) -> String {
    let mut bytes = random.trace_id().to_bytes();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "{}-{}-{}-{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(variables: &[(&str, &str)], service: Option<&str>) -> (Identity, Vec<String>) {
        let lookup = |name: &str| {
            variables
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let mut env = Env::new(&lookup);
        let identity = Identity::from_env(service, &mut env);
        (identity, env.into_warnings())
    }

    #[test]
    fn the_service_name_variable_wins_over_the_list_and_the_list_over_the_code() {
        let list = (
            "OTEL_RESOURCE_ATTRIBUTES",
            "service.name=listed,team=a%20b,service.version=2",
        );
        let (both, _) = identity(&[("OTEL_SERVICE_NAME", "named"), list], Some("coded"));
        assert_eq!(both.service, "named");
        let (listed, warnings) = identity(&[list], Some("coded"));
        assert_eq!(
            (listed.service.as_str(), listed.version.as_deref()),
            ("listed", Some("2"))
        );
        assert_eq!(listed.attributes, [("team".to_owned(), "a b".to_owned())]);
        assert!(warnings.is_empty());
        assert_eq!(identity(&[], Some("coded")).0.service, "coded");
        assert!(identity(&[], None).0.service.starts_with("unknown_service"));
    }

    #[test]
    fn an_invalid_attribute_list_is_ignored_as_a_whole_and_named() {
        for list in ["service.name=x,broken", "a=%zz", "=1", "a=%f"] {
            let (found, warnings) = identity(&[("OTEL_RESOURCE_ATTRIBUTES", list)], Some("coded"));
            assert_eq!(found.service, "coded", "{list}");
            assert!(warnings[0].contains("OTEL_RESOURCE_ATTRIBUTES"), "{warnings:?}");
        }
    }
}
