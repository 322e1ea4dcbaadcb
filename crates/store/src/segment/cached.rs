//! Footers of segments that were read lately.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;
use parquet::DecodeResult;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataPushDecoder};

use super::facts::SegmentFacts;
use super::write::FACTS_KEY;
use crate::error::{StoreError, StoreErrorKind};
use crate::shelf::Shelf;

/// The footer of a segment, with its page index.
pub(crate) type Footer = ArrowReaderMetadata;

/// So many bytes at the end are read at first; mostly the footer and the page index are within.
const FIRST_READ: u64 = 96 << 10;
/// So many footers are remembered.
const MOST: usize = 512;

/// Remembers footers; the ones used longest ago go first.
#[derive(Debug, Default)]
pub(crate) struct FooterCache(Mutex<Cached>);

#[derive(Debug, Default)]
struct Cached {
    footers: HashMap<String, (Arc<Footer>, u64)>,
    uses: u64,
}

impl FooterCache {
    pub(crate) fn get(&self, shelf: &dyn Shelf, name: &str, len: u64) -> Result<Arc<Footer>, StoreError> {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.uses += 1;
        let now = cached.uses;
        if let Some((footer, used)) = cached.footers.get_mut(name) {
            *used = now;
            return Ok(footer.clone());
        }
        drop(cached);
        let footer = Arc::new(contained(name, || read_footer(shelf, name, len))?);
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cached.footers.len() >= MOST {
            let oldest = cached.footers.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                cached.footers.remove(&oldest);
            }
        }
        cached.footers.insert(name.to_owned(), (footer.clone(), now));
        Ok(footer)
    }

    pub(crate) fn forget(&self, name: &str) {
        let mut cached = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        cached.footers.remove(name);
    }
}

/// What cannot be read in a segment.
pub(crate) fn damaged(name: &str, error: &dyn std::fmt::Display) -> StoreError {
    StoreError::new(
        StoreErrorKind::Damaged,
        format!("segment {name} cannot be read: {error}; restore the file or remove it"),
    )
}

/// Does something with the bytes of a segment.
///
/// The Parquet library panics on some files that are not what was written; a store must not be brought down by its
/// disk. Whatever was being decoded is not used again.
pub(crate) fn contained<T>(
    name: &str,
    decode: impl FnOnce() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(damaged(name, &"its parts contradict one another")))
}

fn read_footer(shelf: &dyn Shelf, name: &str, len: u64) -> Result<Footer, StoreError> {
    let metadata = read_metadata(shelf, name, len)?;
    ArrowReaderMetadata::try_new(Arc::new(metadata), ArrowReaderOptions::new())
        .map_err(|error| damaged(name, &error))
}

fn read_metadata(shelf: &dyn Shelf, name: &str, len: u64) -> Result<ParquetMetaData, StoreError> {
    let wrong = |error: ParquetError| damaged(name, &error);
    let mut decoder = ParquetMetaDataPushDecoder::try_new(len)
        .map_err(wrong)?
        .with_page_index_policy(PageIndexPolicy::Optional);
    let tail = len.saturating_sub(FIRST_READ)..len;
    let bytes = shelf.read(name, std::slice::from_ref(&tail))?;
    decoder.push_ranges(vec![tail], bytes).map_err(wrong)?;
    loop {
        match decoder.try_decode().map_err(wrong)? {
            DecodeResult::Data(metadata) => return Ok(metadata),
            DecodeResult::NeedsData(ranges) => {
                let bytes = shelf.read(name, &ranges)?;
                decoder.push_ranges(ranges, bytes).map_err(wrong)?;
            }
            DecodeResult::Finished => return Err(damaged(name, &"it has no footer")),
        }
    }
}

/// The facts in a footer.
pub(super) fn facts_of(name: &str, footer: &Footer) -> Result<SegmentFacts, StoreError> {
    let pairs = footer.metadata().file_metadata().key_value_metadata();
    let text = pairs
        .and_then(|pairs| pairs.iter().find(|pair| pair.key == FACTS_KEY))
        .and_then(|pair| pair.value.as_deref())
        .ok_or_else(|| damaged(name, &"its footer does not say what is in it"))?;
    serde_json::from_str(text).map_err(|error| damaged(name, &error))
}
