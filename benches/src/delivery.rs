//! Delivery: where a peer's bytes go, and what is read back from there.
//!
//! A peer delivers into a [`Sink`]: one file, one frame per export, each frame a little-endian `u32`
//! length and that many bytes of an OTLP export request. Delivered means written to the kernel, for
//! all alike.

use std::fs::File;
use std::io::{self, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Outcome;

/// The file that a peer's exporter writes its requests to.
#[derive(Debug)]
pub(crate) struct Sink {
    file: Mutex<(File, Vec<u8>)>,
    path: PathBuf,
    records: AtomicU64,
}

impl Sink {
    pub(crate) fn create(directory: &Path) -> io::Result<Self> {
        let path = directory.join("delivered.otlp");
        let file = Mutex::new((File::create_new(&path)?, Vec::new()));
        Ok(Self {
            file,
            path,
            records: AtomicU64::new(0),
        })
    }

    /// Encodes a request into a buffer that is kept from call to call, and hands it to the kernel.
    pub(crate) fn deliver(&self, request: &impl prost::Message, records: usize) -> io::Result<()> {
        let mut guard = self
            .file
            .lock()
            .map_err(|_| io::Error::other("an earlier export panicked"))?;
        let (file, buffer) = &mut *guard;
        let length = u32::try_from(request.encoded_len()).map_err(io::Error::other)?;
        buffer.clear();
        buffer.extend_from_slice(&length.to_le_bytes());
        request.encode(buffer).map_err(io::Error::other)?;
        file.write_all(buffer)?;
        self.records.fetch_add(records as u64, Ordering::Release);
        Ok(())
    }

    /// How many records have been delivered so far.
    pub(crate) fn records(&self) -> u64 {
        self.records.load(Ordering::Acquire)
    }

    /// Reads every frame back and decodes it as an `M`.
    pub(crate) fn read_back<M: prost::Message + Default>(
        &self,
        mut take: impl FnMut(M) -> Outcome<()>,
    ) -> Outcome<()> {
        let mut left = std::fs::metadata(&self.path)?.len();
        let mut file = BufReader::with_capacity(1 << 20, File::open(&self.path)?);
        let mut frame = Vec::new();
        while left > 0 {
            let mut length = [0; 4];
            file.read_exact(&mut length)?;
            frame.resize(u32::from_le_bytes(length) as usize, 0);
            file.read_exact(&mut frame)?;
            left -= 4 + frame.len() as u64;
            take(M::decode(frame.as_slice())?)?;
        }
        Ok(())
    }
}

/// A span or a log record as it was read back.
#[derive(Debug, Default)]
pub(crate) struct Delivered {
    /// The span's name, or the record's message.
    pub(crate) name: String,
    /// 0 if there was none, or not 16 bytes of it.
    pub(crate) trace_id: u128,
    /// 0 if there was none, or not 8 bytes of it.
    pub(crate) span_id: u64,
    /// 0 if it has no parent.
    pub(crate) parent_id: u64,
    pub(crate) start_ns: u64,
    /// The same as the start for a log record.
    pub(crate) end_ns: u64,
    pub(crate) attributes: Vec<(String, String)>,
}
