//! Exporters for pipelines of the OpenTelemetry SDK: what they are handed is written to the tape.
//!
//! A record keeps the ids, times and counts that it came with, and goes through the same redaction and limits as all others.
//! Attributes of the pipeline's resource that say otherwise than the tape's own stand on each record ([`resource`]).

mod logs;
mod resource;
mod spans;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};

use super::scope;
use crate::ScopeId;

pub use logs::ForensicLogExporter;
pub use spans::ForensicSpanExporter;

/// Whether a pipeline has said that nothing more comes.
#[derive(Debug, Default)]
struct Ended(AtomicBool);

impl Ended {
    fn check(&self) -> OTelSdkResult {
        match self.0.load(Ordering::Relaxed) {
            true => Err(OTelSdkError::AlreadyShutdown),
            false => Ok(()),
        }
    }

    fn end(&self, within: Duration) -> OTelSdkResult {
        match self.0.swap(true, Ordering::Relaxed) {
            true => Err(OTelSdkError::AlreadyShutdown),
            false => flush(within),
        }
    }
}

/// The scope of the record before, which nearly always is that of the next one, too.
#[derive(Default)]
struct Scopes<'a> {
    last: Option<(&'a InstrumentationScope, ScopeId)>,
}

impl<'a> Scopes<'a> {
    fn id(&mut self, its: &'a InstrumentationScope) -> ScopeId {
        match self.last {
            Some((scope, id)) if scope == its => id,
            _ => self.last.insert((its, scope::id(its))).1,
        }
    }
}

/// How long a flush may take that was given no time.
const FLUSH: Duration = Duration::from_secs(5);

fn flush(within: Duration) -> OTelSdkResult {
    match crate::flush(within) {
        true => Ok(()),
        false => Err(OTelSdkError::Timeout(within)),
    }
}

fn not_recording() -> OTelSdkError {
    OTelSdkError::InternalFailure(
        "telensic does not record: call telensic::init before the pipeline starts, and keep its guard"
            .to_owned(),
    )
}
