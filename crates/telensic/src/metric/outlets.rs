//! What shows the metrics of a program as long as its guard lives: the exporter and the pusher that its settings ask for.

use std::time::Duration;

use super::registry::global;
use super::settings::MetricSettings;
use super::{Exporter, Pusher, push, serve};
use crate::say::say;

/// Dropped, they end.
#[derive(Debug, Default)]
pub(crate) struct Outlets {
    /// Serves as long as it is there.
    _exporter: Option<Exporter>,
    pusher: Option<Pusher>,
}

impl Outlets {
    /// Starts them. One that cannot be had is said, and the program goes on.
    pub(crate) fn start(settings: &MetricSettings) -> Self {
        if let Some((namespace, subsystem)) = &settings.prefix
            && let Err(error) = global().set_prefix(namespace, subsystem)
        {
            say(&format!("{error}; metrics go without the prefix"));
        }
        let exporter = settings.serve.as_ref().map(serve).transpose();
        let pusher = settings.push.as_ref().map(push).transpose();
        Self {
            _exporter: exporter.unwrap_or_else(|error| {
                say(&error.to_string());
                None
            }),
            pusher: pusher.unwrap_or_else(|error| {
                say(&error.to_string());
                None
            }),
        }
    }

    /// Has the last push made; dropping them waits for it, no longer than this from now.
    pub(crate) fn begin_to_end(&mut self, within: Duration) {
        if let Some(pusher) = &mut self.pusher {
            pusher.begin_to_end(within);
        }
    }
}
