//! One tape of an intake: its clerk, and a lane for each signal and scope.
//!
//! Nobody else writes to the tape, so the thread that puts a request on it also does the clerk's round afterwards:
//! where the file is not mapped, that is what makes the records survive, and it is done before the answer is given.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use telensic_tape::otlp::field;
use telensic_tape::{Clerk, Clock, Lane, Loss, Mode, Signal, TapeOptions, TapeWriter, otlp};

use super::fold::Telling;
use crate::otlp::{Check, Reason, SCOPE};

/// A tape and the ways to it.
#[derive(Debug)]
pub(super) struct Reel {
    tape: TapeWriter,
    clerk: Clerk,
    /// By the scope as it was received.
    scopes: HashMap<Vec<u8>, Lanes>,
    /// For the scopes beyond the limit.
    others: Lanes,
    most_scopes: usize,
    /// Records that the tape had lost when it was last looked at.
    lost: u64,
}

/// A lane for each signal of one scope.
#[derive(Debug)]
struct Lanes {
    scope: Arc<[u8]>,
    lanes: [Option<Lane>; 3],
}

/// A way to the tape for records of one signal and scope.
#[derive(Debug)]
pub(super) struct Way<'a> {
    lane: &'a mut Lane,
    /// The scope, where it has no chunks of its own.
    pub(super) telling: Option<Telling>,
}

impl Reel {
    /// Starts a tape for a resource that is safe to be written; an error is one line for whoever can mend it.
    pub(super) fn start(dir: &Path, resource: &[u8], most_scopes: usize) -> Result<Self, String> {
        let mut marked = resource.to_vec();
        // Header and name of the tape tell of this process, not of the one that recorded.
        otlp::put_text(
            &mut marked,
            field::resource::ATTRIBUTE,
            "telensic.receiver",
            "otlp",
        );
        let options = TapeOptions::new(dir)
            .mode(Mode::Run)
            .resource(marked)
            // OTLP knows no open spans.
            .open_spans(0);
        let (tape, clerk) = TapeWriter::create(options);
        if tape.path().is_none() {
            let trouble = tape.take_trouble().map(|trouble| trouble.to_string());
            return Err(trouble.unwrap_or_else(|| format!("cannot create a tape in {}", dir.display())));
        }
        Ok(Self {
            tape,
            clerk,
            scopes: HashMap::new(),
            others: Lanes::new(Arc::from([])),
            most_scopes,
            lost: 0,
        })
    }

    /// What the user should know of a tape that was just started: that it cannot be mapped.
    pub(super) fn notice(&self) -> Option<String> {
        self.tape.take_trouble().map(|trouble| trouble.to_string())
    }

    /// The way for records of this scope, given as it was received.
    pub(super) fn way(
        &mut self,
        signal: Signal,
        scope: &[u8],
        check: &mut Check<'_>,
    ) -> Result<Way<'_>, Reason> {
        if !self.scopes.contains_key(scope) {
            let safe = check.safe(&SCOPE, scope)?;
            if self.scopes.len() >= self.most_scopes || safe.len() > LARGEST_SCOPE {
                let mut telling = Telling::default();
                telling.add_scope(&safe);
                return Ok(Way {
                    lane: self.others.lane(&self.tape, signal),
                    telling: Some(telling),
                });
            }
            self.scopes.insert(scope.to_vec(), Lanes::new(Arc::from(&*safe)));
        }
        // It was put there just now if it was not there before.
        let lanes = self.scopes.get_mut(scope).unwrap_or(&mut self.others);
        Ok(Way {
            lane: lanes.lane(&self.tape, signal),
            telling: None,
        })
    }

    /// Does the clerk's work; if not all that was appended is in the file, why.
    pub(super) fn round(&mut self) -> Option<String> {
        self.clerk.round(&mut |_| {});
        let reasons = [Loss::NoRoom, Loss::Closed].into_iter();
        let lost: u64 = reasons.map(|reason| self.tape.lost(reason)).sum();
        let has_lost = lost > std::mem::replace(&mut self.lost, lost);
        let trouble = self.tape.take_trouble().map(|trouble| trouble.to_string());
        trouble.or_else(|| {
            has_lost.then(|| "a tape could not take all records: free some disk space".to_owned())
        })
    }

    /// Ends the tape; a file that somebody removed meanwhile is put back.
    pub(super) fn close(self) -> io::Result<()> {
        drop((self.scopes, self.others));
        self.clerk.close(&mut |_| {});
        if self.tape.is_removed() {
            self.tape.restore()?;
        }
        Ok(())
    }
}

/// A scope is repeated at the start of every chunk.
const LARGEST_SCOPE: usize = 8 * 1024;

impl Lanes {
    fn new(scope: Arc<[u8]>) -> Self {
        Self {
            scope,
            lanes: [None, None, None],
        }
    }

    fn lane(&mut self, tape: &TapeWriter, signal: Signal) -> &mut Lane {
        let scope = &self.scope;
        // Every thread of a tape has a number; here there is one. Sampling is the sender's: what came is kept.
        self.lanes[signal as usize - 1].get_or_insert_with(|| tape.lane(signal, Arc::clone(scope), true, 0))
    }
}

impl Way<'_> {
    /// Puts a record that is safe to be written on the tape.
    pub(super) fn append(&mut self, record: &[u8]) -> Result<(), Reason> {
        self.lane
            .append(record, Clock::get().now())
            .map_err(|loss| match loss {
                Loss::Oversize => Reason::TooLarge,
                _ => Reason::NoRoom,
            })
    }
}
