//! What is not as it was written: the chain by the headers alone, hashes and records by looking at every byte.

use std::io;

use super::{Chunk, Damage, Tape};
use crate::chain::{chunk_hash, origin};
use crate::format::Signal;

impl Tape {
    /// Reads everything and says all that is not as it was written, the layout's damage included.
    pub fn check(&self) -> Vec<Damage> {
        let mut damage = self.damage.clone();
        for chunk in &self.chunks {
            match self.body(chunk) {
                Ok(body) => {
                    check_seal(chunk, body.bytes(), &mut damage);
                    check_records(chunk, &body, &mut damage);
                }
                // Overwritten while a live ring is read.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => damage.push(Damage::Unreadable {
                    chunk: chunk.id(),
                    error: error.to_string(),
                }),
            }
        }
        damage
    }

    /// Whether each sealed chunk follows on the one before, and none is missing, by the headers alone.
    ///
    /// What is missing at the front of a ring has aged; in a run it would be damage.
    pub(super) fn chain_damage(&self) -> Vec<Damage> {
        let mut damage = Vec::new();
        if self.head.is_closed() {
            let unsealed = self.chunks.iter().filter(|chunk| chunk.link().is_none());
            damage.extend(unsealed.map(|chunk| Damage::Unsealed { chunk: chunk.id() }));
        }
        let mut sealed: Vec<&Chunk> = self
            .chunks
            .iter()
            .filter(|chunk| chunk.link().is_some())
            .collect();
        sealed.sort_unstable_by_key(|chunk| chunk.link());
        let mut before = if self.head.budget().is_none() {
            Some((0, origin(&self.head.tape_id())))
        } else {
            None
        };
        for chunk in sealed {
            let (Some(link), Some(hash)) = (chunk.link(), chunk.hash()) else {
                continue;
            };
            let expected = match before {
                Some((last, _)) if link - last > 1 => {
                    self.links_missing(last + 1, link - 1, &mut damage);
                    None
                }
                Some((last, _)) if link == last => {
                    damage.push(Damage::ChainBroken {
                        chunk: chunk.id(),
                        link,
                    });
                    None
                }
                Some((_, hash)) => Some(hash),
                None if link == 1 => Some(origin(&self.head.tape_id())),
                None => None,
            };
            if expected.is_some_and(|expected| expected != chunk.previous()) {
                damage.push(Damage::ChainBroken {
                    chunk: chunk.id(),
                    link,
                });
            }
            before = Some((link, hash));
        }
        let last = before.map_or(0, |(link, _)| link);
        if last < self.links {
            self.links_missing(last + 1, self.links, &mut damage);
        }
        damage
    }

    /// Notes a gap, unless the chunks were written, or may have aged, while they were looked for.
    fn links_missing(&self, from: u64, to: u64, damage: &mut Vec<Damage>) {
        let to = to.min(self.links);
        if from <= to && (self.head.budget().is_none() || !self.moving) {
            damage.push(Damage::LinksMissing { from, to });
        }
    }
}

/// Bad records named in one chunk; what comes behind them says nothing new.
const MOST_NAMED: usize = 64;

fn check_seal(chunk: &Chunk, body: &[u8], damage: &mut Vec<Damage>) {
    let Some(hash) = chunk.hash() else { return };
    let sealed = body.get(..usize::try_from(chunk.sealed_len()).unwrap_or(usize::MAX));
    if sealed.is_none_or(|sealed| chunk_hash(chunk.header(), sealed) != hash) {
        damage.push(Damage::HashMismatch { chunk: chunk.id() });
    } else if chunk.sealed_len() < body.len() as u64 {
        damage.push(Damage::UnsealedTail {
            chunk: chunk.id(),
            bytes: body.len() as u64 - chunk.sealed_len(),
        });
    } else if chunk.sealed_last() != chunk.last() {
        damage.push(Damage::HashMismatch { chunk: chunk.id() });
    }
}

fn check_records(chunk: &Chunk, body: &super::Body, damage: &mut Vec<Damage>) {
    let (mut found, mut named) = (0, 0);
    for record in body.records() {
        let good = record.is_ok_and(|record| match chunk.signal() {
            Signal::Spans => crate::otlp::SpanView::parse(record).is_ok(),
            Signal::Logs => crate::otlp::LogView::parse(record).is_ok(),
            Signal::Metrics => true,
        });
        if !good && named < MOST_NAMED {
            named += 1;
            damage.push(Damage::BadRecord {
                chunk: chunk.id(),
                record: found,
            });
        }
        found += 1;
    }
    // The count is published just before the length: on a live tape it may be one ahead.
    let expected = chunk.records();
    if found != expected && !(chunk.link().is_none() && found + 1 == expected) {
        damage.push(Damage::RecordCount {
            chunk: chunk.id(),
            expected,
            found,
        });
    }
}
