//! The reading side: a live, finished or torn tape, and what is damaged in it.
//!
//! Reading is by `pread` into owned memory, never by mapping: a file that shrinks or changes meanwhile gives
//! short or contradicting bytes, which become [`Damage`], not a signal. No bytes whatever make it panic.

mod check;
mod chunk;
mod damage;
mod head;
mod open_spans;
mod writer_state;

use std::fs::File;
use std::path::{Path, PathBuf};

pub use chunk::{Body, Chunk};
pub use damage::Damage;
pub use head::TapeHead;
pub use open_spans::OpenSpanRecord;
pub use writer_state::WriterState;

use crate::error::{TapeError, TapeErrorKind};

/// A tape, opened for reading.
///
/// What is known of its chunks is as of the opening; a live tape is opened again to see what came since.
#[derive(Debug)]
pub struct Tape {
    path: PathBuf,
    file: File,
    head: TapeHead,
    chunks: Vec<Chunk>,
    damage: Vec<Damage>,
    /// The writer went on sealing while the chunks were looked for.
    moving: bool,
    /// Chunks that were sealed before the chunks were looked for.
    links: u64,
}

impl Tape {
    /// Opens a tape and looks at all chunk headers.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, TapeError> {
        let path = path.as_ref();
        let io = |error| TapeError::new(path, TapeErrorKind::Io(error));
        let file = File::open(path).map_err(io)?;
        let len = file.metadata().map_err(io)?.len();
        let head = TapeHead::read(&file, len).map_err(|kind| TapeError::new(path, kind))?;
        let found = chunk::find_all(&file, &head).map_err(io)?;
        let mut tape = Self {
            path: path.to_owned(),
            file,
            head,
            chunks: found.chunks,
            damage: found.damage,
            moving: found.moving,
            links: found.links,
        };
        let chain = tape.chain_damage();
        tape.damage.extend(chain);
        Ok(tape)
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What its header says.
    pub fn head(&self) -> &TapeHead {
        &self.head
    }

    /// The chunks, in the order in which they were begun.
    pub fn chunks(&self) -> impl ExactSizeIterator<Item = &Chunk> {
        self.chunks.iter()
    }

    /// What is wrong by the headers alone, as seen at opening: the layout, and links of the chain that are missing.
    /// [`Tape::check`] looks at every byte.
    pub fn damage(&self) -> &[Damage] {
        &self.damage
    }
}
