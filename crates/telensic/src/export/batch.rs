//! A batch: one request, and how far it brings the tape once it is acknowledged.

use std::io;

use telensic_tape::otlp::Fields;
use telensic_tape::{Chunk, Signal, Tape};

use super::positions::Positions;
use super::request::{Encoding, Piece, Request, lead_of};

/// What backends take in one request unless they are told otherwise (gRPC's default); a larger record goes alone.
const MOST_BYTES: usize = 4 << 20;

/// Room for the resource and the lengths.
const OVERHEAD: usize = 64 << 10;

/// JSON is about this many times as long as protobuf.
const JSON_GROWTH: usize = 4;

/// What bounds a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) signal: Signal,
    pub(super) encoding: Encoding,
    pub(super) records: usize,
}

/// A request, ready to be sent.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) request: Vec<u8>,
    pub(super) records: u64,
    /// Records that could not be read and are left out.
    pub(super) damaged: u64,
    /// It was ended by its bounds: there is more.
    pub(super) is_full: bool,
    /// Chunk numbers, and how many bytes of their bodies it covers.
    pub(super) steps: Vec<(u64, u64)>,
}

/// The next batch of what is unsent on a tape; `None` if there is nothing.
///
/// A chunk that was overwritten since the tape was looked at is passed over; the tape's writer counted it.
pub(super) fn next(tape: &Tape, positions: &Positions, bounds: Bounds) -> io::Result<Option<Batch>> {
    let most_bytes = match bounds.encoding {
        Encoding::Protobuf => MOST_BYTES - OVERHEAD,
        Encoding::Json => (MOST_BYTES - OVERHEAD) / JSON_GROWTH,
    };
    let mut request = Request::new(bounds.signal, bounds.encoding);
    let mut batch = Batch {
        request: Vec::new(),
        records: 0,
        damaged: 0,
        is_full: false,
        steps: Vec::new(),
    };
    let mut bytes = 0;
    for chunk in tape
        .chunks()
        .filter(|chunk| is_unsent(chunk, positions, bounds.signal))
    {
        let body = match tape.body(chunk) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            body => body?,
        };
        let body = body.bytes();
        let lead = lead_of(body);
        let from = lead.max(positions.sent(chunk.id()) as usize).min(body.len());
        let left = bounds.records - batch.records as usize;
        let cut = cut(&body[from..], left, most_bytes.saturating_sub(bytes), bytes == 0);
        let to = from + cut.len;
        if cut.records > 0 {
            request.add(Piece { body, lead, from, to });
            batch.records += cut.records as u64;
            bytes += cut.len;
        }
        if cut.is_torn {
            // What is behind it cannot be told apart.
            batch.damaged += 1;
            batch.steps.push((chunk.id(), body.len() as u64));
        } else if to > from || body.is_empty() || from == body.len() {
            batch.steps.push((chunk.id(), to as u64));
        }
        if !cut.is_torn && to < body.len() || batch.records as usize >= bounds.records {
            batch.is_full = true;
            break;
        }
    }
    batch.damaged += request.damaged;
    batch.records -= request.damaged.min(batch.records);
    if batch.steps.is_empty() {
        return Ok(None);
    }
    if request.len() > 0 {
        batch.request = request.finish(tape.head().resource());
    }
    Ok(Some(batch))
}

/// How many records the chunks have that are to be sent and of which something was not.
pub(super) fn waiting(tape: &Tape, positions: &Positions, signal: Signal) -> u64 {
    let unsent = tape.chunks().filter(|chunk| is_unsent(chunk, positions, signal));
    unsent.map(Chunk::records).sum()
}

/// Whether the chunk is to be sent, and has something that was not.
fn is_unsent(chunk: &Chunk, positions: &Positions, signal: Signal) -> bool {
    chunk.signal() == signal
        && chunk.is_exported()
        && !positions.is_done(chunk.id())
        && positions.sent(chunk.id()) < chunk.body_len()
}

/// As many records as fit.
#[derive(Debug)]
struct Cut {
    len: usize,
    records: usize,
    /// What follows is no record.
    is_torn: bool,
}

fn cut(records: &[u8], most: usize, most_bytes: usize, takes_any: bool) -> Cut {
    let mut fields = Fields::new(records);
    let mut cut = Cut {
        len: 0,
        records: 0,
        is_torn: false,
    };
    while cut.records < most {
        match fields.next() {
            None => break,
            Some(Err(_)) => {
                cut.is_torn = true;
                break;
            }
            Some(Ok(_)) => {}
        }
        let len = records.len() - fields.rest().len();
        let is_alone = takes_any && cut.records == 0;
        if len > most_bytes && !is_alone {
            break;
        }
        cut.len = len;
        cut.records += 1;
    }
    cut
}

#[cfg(test)]
mod tests {
    use telensic_tape::otlp::{field, put_bytes};

    use super::*;

    fn records(lens: &[usize]) -> Vec<u8> {
        let mut out = Vec::new();
        for len in lens {
            put_bytes(&mut out, field::scope_records::RECORD, &vec![0; *len]);
        }
        out
    }

    #[test]
    fn records_are_cut_between_them_by_number_and_by_bytes() {
        let three = records(&[10, 10, 10]);
        assert_eq!(cut(&three, 9, 1000, true).records, 3);
        assert_eq!(cut(&three, 2, 1000, true).len, 24);
        assert_eq!(cut(&three, 9, 30, true).records, 2);
        assert_eq!(cut(&three, 9, 5, true).records, 1, "a large record goes alone");
        assert_eq!(cut(&three, 9, 5, false).records, 0);
        assert!(cut(&three[..20], 9, 1000, true).is_torn);
    }
}
