//! Where metrics are pushed to, and as what.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use hyper::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::metrics::{MetricError, MetricErrorKind};

/// A Pushgateway, and the group of metrics that is this program's there.
#[derive(Clone, PartialEq, Eq)]
pub struct PushOptions {
    url: String,
    pub(super) job: Option<String>,
    grouping: Vec<(String, String)>,
    pub(super) interval: Duration,
    pub(super) method: PushMethod,
    authorization: Option<String>,
    pub(super) timeout: Duration,
}

/// What a push does with what the gateway has of the group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PushMethod {
    /// All of it is replaced.
    #[default]
    Put,
    /// Metrics of the same names are replaced.
    Post,
}

/// The gateway, ready to be spoken to.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) tls: bool,
    pub(super) host: String,
    pub(super) port: u16,
    /// What a request line names.
    pub(super) path: String,
    /// The `Authorization` header.
    pub(super) authorization: Option<String>,
}

/// Characters that a path may hold as they are.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

impl PushOptions {
    /// To this gateway: `http://gateway:9091`, or `https`, with a path and credentials if it has them.
    pub fn to(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            job: None,
            grouping: Vec::new(),
            interval: Duration::from_secs(60),
            method: PushMethod::default(),
            authorization: None,
            timeout: Duration::from_secs(10),
        }
    }

    /// The group's job; else it is the service's name.
    #[must_use]
    pub fn job(mut self, job: impl Into<String>) -> Self {
        self.job = Some(job.into());
        self
    }

    pub(in crate::metrics) fn job_unless_named(mut self, job: &str) -> Self {
        self.job.get_or_insert_with(|| job.to_owned());
        self
    }

    /// A further label of the group, such as `instance`.
    #[must_use]
    pub fn grouping(mut self, label: impl Into<String>, value: impl Into<String>) -> Self {
        self.grouping.push((label.into(), value.into()));
        self
    }

    /// Between two pushes (60 s).
    #[must_use]
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval.max(Duration::from_millis(100));
        self
    }

    /// Whether all of the group is replaced (it is).
    #[must_use]
    pub fn method(mut self, method: PushMethod) -> Self {
        self.method = method;
        self
    }

    /// User and password, which the URL may also hold.
    #[must_use]
    pub fn basic_auth(mut self, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.authorization = Some(basic(format!("{}:{}", user.into(), password.into()).as_bytes()));
        self
    }

    /// A token, for a gateway behind something that asks for one.
    #[must_use]
    pub fn bearer(mut self, token: impl Into<String>) -> Self {
        self.authorization = Some(format!("Bearer {}", token.into()));
        self
    }

    /// How long one push may take (10 s).
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Where to, if that can be made sense of.
    pub(super) fn target(&self) -> Result<Target, MetricError> {
        let wrong = |why: &str| {
            let shown = self.shown();
            MetricError::new(
                MetricErrorKind::Gateway,
                format!("cannot push to {shown:?}: {why}"),
            )
        };
        const FORM: &str = "it is no http or https URL, like http://gateway:9091";
        let with_scheme = if self.url.contains("://") {
            self.url.clone()
        } else {
            format!("http://{}", self.url)
        };
        let uri: Uri = with_scheme.parse().map_err(|_| wrong(FORM))?;
        let tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(wrong(FORM)),
        };
        let host = uri.host().filter(|host| !host.is_empty());
        let host = host.ok_or_else(|| wrong(FORM))?;
        for (label, _) in &self.grouping {
            let is_label = label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            if label.is_empty() || !is_label || label == "job" {
                return Err(wrong(&format!("{label:?} cannot be a label of the group")));
            }
        }
        let job = self.job.as_deref().filter(|job| !job.is_empty());
        let job = job.ok_or_else(|| wrong("the group has no job: name it by job()"))?;
        let user_info = uri.authority().and_then(|authority| {
            let (user_info, _) = authority.as_str().rsplit_once('@')?;
            Some(basic(&percent_decode_str(user_info).collect::<Vec<u8>>()))
        });
        let labels = self.grouping.iter();
        let labels = labels.map(|(label, value)| path_part(label, value));
        let base = uri.path().trim_end_matches('/');
        let base = base.strip_suffix("/metrics").unwrap_or(base);
        Ok(Target {
            tls,
            host: host.to_owned(),
            port: uri.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            path: format!(
                "{base}/metrics{}{}",
                path_part("job", job),
                labels.collect::<String>()
            ),
            authorization: self.authorization.clone().or(user_info),
        })
    }

    /// The URL without what may be secret in it.
    fn shown(&self) -> String {
        let (scheme, rest) = self.url.split_once("://").unwrap_or(("http", &self.url));
        let rest = rest.rsplit_once('@').map_or(rest, |(_, rest)| rest);
        let host = rest.split(['/', '?']).next().unwrap_or_default();
        format!("{scheme}://{host}")
    }
}

/// The header of a user and a password with a colon between them.
fn basic(plain: &[u8]) -> String {
    format!("Basic {}", STANDARD.encode(plain))
}

/// A label as a part of a path; one that no path can hold is written in base64, as the gateway asks for.
fn path_part(label: &str, value: &str) -> String {
    match value {
        "" => format!("/{label}@base64/="),
        _ if value.contains('/') => format!("/{label}@base64/{}", URL_SAFE.encode(value)),
        _ => format!("/{label}/{}", utf8_percent_encode(value, IN_PATH)),
    }
}

impl fmt::Debug for PushOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushOptions")
            .field("url", &self.shown())
            .field("job", &self.job)
            .field("grouping", &self.grouping)
            .field("interval", &self.interval)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "https" } else { "http" };
        write!(f, "{scheme}://{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_path_whatever_its_labels_hold() {
        let target = PushOptions::to("gateway:9091")
            .job("nightly run")
            .grouping("instance", "a/b")
            .grouping("shard", "")
            .target()
            .unwrap();
        assert_eq!(
            target.path,
            "/metrics/job/nightly%20run/instance@base64/YS9i/shard@base64/="
        );
        assert_eq!((target.tls, target.port), (false, 9091));
    }

    #[test]
    fn credentials_come_from_the_url_or_the_options_and_are_shown_nowhere() {
        let options = PushOptions::to("https://user:pass%40word@gateway/base/").job("j");
        let target = options.target().unwrap();
        let expected = format!("Basic {}", STANDARD.encode("user:pass@word"));
        assert_eq!(target.authorization.as_deref(), Some(&*expected));
        assert_eq!(target.path, "/base/metrics/job/j");
        assert_eq!(target.to_string(), "https://gateway:443");
        assert!(!format!("{options:?}").contains("pass"));
        let options = PushOptions::to("http://gateway").job("j").bearer("t0ken");
        assert_eq!(
            options.target().unwrap().authorization.as_deref(),
            Some("Bearer t0ken")
        );
        assert!(!format!("{options:?}").contains("t0ken"));
    }

    #[test]
    fn what_is_no_gateway_is_told_so() {
        for (options, part) in [
            (PushOptions::to("ftp://g").job("j"), "no http or https URL"),
            (PushOptions::to("http://").job("j"), "no http or https URL"),
            (PushOptions::to("http://g"), "has no job"),
            (
                PushOptions::to("http://g").job("j").grouping("a-b", "c"),
                "cannot be a label",
            ),
        ] {
            let error = options.target().err().unwrap();
            assert_eq!(error.kind(), MetricErrorKind::Gateway);
            assert!(error.to_string().contains(part), "{error}");
        }
    }
}
