//! Verifying a run that is not sealed: the chains of its tapes, as far as they go.

use telensic_tape::Tape;

use super::{Finding, SealState, Verification};
use crate::{RunDir, RunError};

pub(super) fn verify(run: &RunDir, verification: &mut Verification) -> Result<(), RunError> {
    let (mut chained, mut open) = (0, 0);
    for path in run.list_tapes()? {
        let file = format!("tape/{}", path.file_name().unwrap_or_default().to_string_lossy());
        verification.files += 1;
        verification.bytes += std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        let tape = match Tape::open(&path) {
            Ok(tape) => tape,
            Err(error) => {
                let error = error.to_string();
                verification.findings.push(Finding::Unreadable { file, error });
                continue;
            }
        };
        for chunk in tape.chunks() {
            let count = if chunk.link().is_some() {
                &mut chained
            } else {
                &mut open
            };
            *count += 1;
            verification.records = verification.records.saturating_add(chunk.records());
        }
        let damage = tape.check().into_iter().map(|damage| Finding::Damaged {
            file: file.clone(),
            damage,
        });
        verification.findings.extend(damage);
    }
    verification.state = SealState::Unsealed { chained, open };
    Ok(())
}
