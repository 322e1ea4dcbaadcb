//! Where spans are started, and what of them is known when the program is compiled.
//!
//! Every span of `#[trace_span]` and of [`crate::spans`] comes from a site, so this is the one place that knows a
//! standard span from any other, at no cost while the program runs.

#![cfg_attr(
    not(feature = "macros"),
    expect(unreachable_pub, reason = "public for what `#[trace_span]` generates")
)]

use std::fmt;

use telensic_run::names::{key, span as standard};

use super::start::Start;
use super::text::with_text;
use crate::recorder::active;
use crate::thread::{self, ThreadState};
use crate::{Key, Span};

/// A place in the program where spans of one kind are started.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// The key of what the name says behind its prefix, and how long that is.
    said: Option<(Key<'static>, usize)>,
    /// Whether a span has the attributes of the run that is in progress.
    run_id: bool,
    profile: bool,
    /// Whether a span is a stage, whose metrics count it in traces too that are not sampled.
    is_stage: bool,
}

const RUN_ID: Key<'static> = Key::new(key::RUN_ID);
const PROFILE: Key<'static> = Key::new(key::PROFILE);

impl Site {
    /// A site of spans of this name, of which a constant beginning is enough, that are given attributes with these keys.
    pub const fn new(name: &str, given: &[&str]) -> Self {
        let said = match name.as_bytes() {
            name if begins(name, standard::PIPELINE_PREFIX) => {
                Some((key::PROFILE, standard::PIPELINE_PREFIX.len()))
            }
            name if begins(name, standard::STAGE_PREFIX) => {
                Some((key::STAGE_ID, standard::STAGE_PREFIX.len()))
            }
            name if begins(name, standard::STEP_PREFIX) => Some((key::STEP, standard::STEP_PREFIX.len())),
            _ => None,
        };
        let is_sleeve = is(name, standard::RUN_PIPELINE);
        let is_standard =
            said.is_some() || is_sleeve || is(name, standard::EXECUTE_SLEEVES) || is_operation(name);
        let says_profile = matches!(said, Some((name, _)) if is(name, key::PROFILE));
        Self {
            said: match said {
                Some((name, length)) if !holds(given, name) => Some((Key::new(name), length)),
                _ => None,
            },
            run_id: is_standard && !holds(given, key::RUN_ID),
            profile: (said.is_some() || is_sleeve) && !says_profile && !holds(given, key::PROFILE),
            is_stage: cfg!(feature = "metrics") && begins(name.as_bytes(), standard::STAGE_PREFIX),
        }
    }

    /// Starts a span of this name.
    #[inline]
    pub fn start(&self, name: &str, start: Start<'_>) -> Span {
        let mut span = start.kept(self.is_stage).start(name);
        if span.is_recording() && self.is_standard() {
            self.describe(&mut span, name);
        }
        span
    }

    /// Starts a span whose name is made only if it is asked for.
    #[inline]
    pub fn start_as(&self, name: fmt::Arguments<'_>, start: Start<'_>) -> Span {
        let is_nothing = active() == 0;
        let is_unsampled = || start.is_child_of_the_current_span() && thread::unsampled_frame().is_some();
        if is_nothing || !self.is_stage && is_unsampled() {
            return start.start("");
        }
        with_text(name, |name| self.start(name, start))
    }

    const fn is_standard(&self) -> bool {
        self.said.is_some() || self.run_id || self.profile || self.is_stage
    }

    /// Gives a standard span what all of its kind have.
    #[inline(never)]
    fn describe(&self, span: &mut Span, name: &str) {
        if let Some((key, length)) = self.said
            && let Some(said) = name.get(length..)
        {
            span.set(key, said);
        }
        #[cfg(feature = "metrics")]
        if let Some(stage_id) = name
            .strip_prefix(standard::STAGE_PREFIX)
            .filter(|_| self.is_stage)
        {
            span.edit(|data| data.become_stage(stage_id));
        }
        if !self.run_id && !self.profile {
            return;
        }
        let Some(recorder) = ThreadState::with(ThreadState::recorder).flatten() else {
            return;
        };
        let identity = &recorder.settings.identity;
        if let Some(run_id) = identity.run_id.as_deref().filter(|_| self.run_id) {
            span.set(RUN_ID, run_id);
        }
        if let Some(profile) = identity.facts.profile.get().filter(|_| self.profile) {
            span.set(PROFILE, profile);
        }
    }
}

const fn is_operation(name: &str) -> bool {
    is(name, standard::OPERATION_START)
        || is(name, standard::OPERATION_PROGRESS)
        || is(name, standard::OPERATION_COMPLETE)
        || is(name, standard::OPERATION_FAIL)
}

const fn holds(names: &[&str], wanted: &str) -> bool {
    let mut index = 0;
    while index < names.len() {
        if is(names[index], wanted) {
            return true;
        }
        index += 1;
    }
    false
}

const fn is(name: &str, wanted: &str) -> bool {
    name.len() == wanted.len() && begins(name.as_bytes(), wanted)
}

const fn begins(name: &[u8], prefix: &str) -> bool {
    let prefix = prefix.as_bytes();
    if name.len() < prefix.len() {
        return false;
    }
    let mut index = 0;
    while index < prefix.len() {
        if name[index] != prefix[index] {
            return false;
        }
        index += 1;
    }
    true
}
