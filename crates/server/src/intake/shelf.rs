//! The tapes of an intake: one for each resource, as long as there are not too many.
//!
//! Invariant: at most `most` tapes, and one more that all further resources share; on that one every record tells its
//! resource by attributes of its own.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::PathBuf;

use telensic_tape::otlp::{self, field};

use super::fold::Telling;
use super::reel::Reel;
use crate::otlp::{Check, RESOURCE, Reason};

/// The tapes in use.
#[derive(Debug)]
pub(super) struct Shelf {
    dir: PathBuf,
    most: usize,
    most_scopes: usize,
    /// By the resource as it was received.
    own: HashMap<Vec<u8>, Reel>,
    common: Option<Reel>,
    /// What the user should know of new tapes.
    pub(super) notices: Vec<String>,
}

/// Why there is no tape for a resource.
#[derive(Debug)]
pub(super) enum NoReel {
    /// Its records cannot be taken.
    Rejected(Reason),
    /// None can be made, for this reason.
    Trouble(String),
}

/// A resource that is larger shares the common tape: it would not fit the header of one.
const LARGEST_RESOURCE: usize = 256 * 1024;

impl Shelf {
    /// An empty one for tapes in this directory.
    pub(super) fn new(dir: PathBuf, most: usize, most_scopes: usize) -> Self {
        Self {
            dir,
            most,
            most_scopes,
            own: HashMap::new(),
            common: None,
            notices: Vec::new(),
        }
    }

    /// The tape for a resource, given as it was received; if that is the common one, what its records are to tell.
    pub(super) fn reel(
        &mut self,
        resource: &[u8],
        check: &mut Check<'_>,
    ) -> Result<(&mut Reel, Option<Telling>), NoReel> {
        if !self.own.contains_key(resource) {
            let safe = check.safe(&RESOURCE, resource).map_err(NoReel::Rejected)?;
            if self.own.len() >= self.most || safe.len() > LARGEST_RESOURCE {
                return self.common_reel(safe);
            }
            let reel = self.start(&safe)?;
            self.own.insert(resource.to_vec(), reel);
        }
        match self.own.get_mut(resource) {
            Some(reel) => Ok((reel, None)),
            // It was put there just now if it was not there before.
            None => Err(NoReel::Rejected(Reason::NoRoom)),
        }
    }

    fn common_reel(&mut self, resource: Cow<'_, [u8]>) -> Result<(&mut Reel, Option<Telling>), NoReel> {
        let mut telling = Telling::default();
        telling.add_resource(&resource);
        let reel = match self.common.take() {
            Some(reel) => reel,
            None => {
                let mut shared = Vec::new();
                otlp::put_text(
                    &mut shared,
                    field::resource::ATTRIBUTE,
                    "service.name",
                    "unknown_service",
                );
                self.start(&shared)?
            }
        };
        Ok((self.common.insert(reel), Some(telling)))
    }

    fn start(&mut self, resource: &[u8]) -> Result<Reel, NoReel> {
        let reel = Reel::start(&self.dir, resource, self.most_scopes).map_err(NoReel::Trouble)?;
        self.notices.extend(reel.notice());
        Ok(reel)
    }

    /// How many tapes are in use.
    pub(super) fn tapes(&self) -> u64 {
        self.own.len() as u64 + u64::from(self.common.is_some())
    }

    /// Does the clerk's work on all tapes; if not all that was appended is in the files, why.
    ///
    /// A tape goes on in memory when its file takes no more, and says so only once a minute. So it is closed, which
    /// keeps what is in the file, and what comes later finds a new one or is refused.
    pub(super) fn round(&mut self) -> Option<String> {
        let mut reason = None;
        let mut is_in_trouble = |reel: &mut Reel| {
            let trouble = reel.round();
            let found = trouble.is_some();
            reason = reason.take().or(trouble);
            found
        };
        let own = self.own.extract_if(|_, reel| is_in_trouble(reel));
        let mut ended: Vec<Reel> = own.map(|(_, reel)| reel).collect();
        ended.extend(self.common.take_if(is_in_trouble));
        for reel in ended {
            if let Err(error) = reel.close() {
                self.notices
                    .push(format!("a tape was removed and cannot be put back: {error}"));
            }
        }
        reason
    }

    /// Takes all tapes out, to be closed.
    pub(super) fn clear(&mut self) -> impl Iterator<Item = Reel> {
        std::mem::take(&mut self.own)
            .into_values()
            .chain(self.common.take())
    }
}
