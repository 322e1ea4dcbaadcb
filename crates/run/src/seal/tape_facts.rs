//! What a seal says of a tape.

use std::path::Path;

use telensic_tape::{Damage, Tape};

use super::entry::{ChunkEntry, LostCounts, SignalCounts, TapeFacts};
use super::tape_cells::TapeCells;
use crate::digest::{Digest, hex};
use crate::{RunError, RunErrorKind};

/// The facts of the tape in this file, after a look at every byte; `None` if it cannot be read as a tape.
pub(super) fn of(path: &Path) -> Result<Option<TapeFacts>, RunError> {
    let Ok(tape) = Tape::open(path) else {
        return Ok(None);
    };
    let Some(cells) = TapeCells::read(path).map_err(RunError::on("read", path))? else {
        return Ok(None);
    };
    let mut records = SignalCounts::default();
    let mut chunks = Vec::new();
    let mut last = (0, None);
    for chunk in tape.chunks() {
        records.add(chunk.signal(), chunk.records());
        let hash = chunk.hash().map(Digest::from_bytes);
        let link = chunk.link().unwrap_or(0);
        if link > last.0 {
            last = (link, hash);
        }
        let cell = cells.cell_of(chunk.id()).ok_or_else(|| changing(path))?;
        chunks.push(ChunkEntry {
            cell,
            number: chunk.id(),
            signal: chunk.signal().name().to_owned(),
            records: chunk.records(),
            bytes: chunk.body_len(),
            link,
            hash,
        });
    }
    chunks.sort_unstable_by_key(|chunk| chunk.cell);
    let head = tape.head();
    let open = tape.open_spans().map_err(RunError::on("read", path))?;
    Ok(Some(TapeFacts {
        tape_id: hex(&head.tape_id()),
        closed: head.is_closed(),
        table: cells.table,
        slots: cells.slots,
        grid: cells.grid,
        links: last.0,
        chain: last.1,
        records,
        lost: LostCounts::of(head),
        unlisted: head.unlisted(),
        open_spans: open.len() as u64,
        damage: tape
            .check()
            .iter()
            .filter(|damage| is_damage(damage))
            .map(Damage::to_string)
            .collect(),
        chunks,
    }))
}

/// What was recorded while the tape was closing lies behind its chain, and is covered by the run's seal from now on.
fn is_damage(damage: &Damage) -> bool {
    !matches!(damage, Damage::UnsealedTail { .. })
}

/// Something in the run is still being written.
pub(super) fn changing(path: &Path) -> RunError {
    RunError::new(
        RunErrorKind::Invalid,
        format!(
            "{} changes while the run is being sealed: stop what writes to it, then seal again",
            path.display()
        ),
    )
}
