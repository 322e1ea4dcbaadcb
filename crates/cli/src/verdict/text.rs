//! A verdict in words: one line, and a line for everything that is wrong.

use std::io::{self, Write};

use crate::screen::{BAD, FAINT, GOOD, Screen, WARNING};
use crate::units::{bytes, counted, grouped};
use telensic_run::Visible;

use super::{Answer, Finality, LedgerAnswer};

/// So many characters of a key tell it from others.
const KEY: usize = 16;

/// Shows the answer for a run.
pub(crate) fn print(screen: &mut Screen, answer: &Answer) -> io::Result<()> {
    let (word, style) = match answer.verdict {
        Finality::Verified => ("verified", GOOD),
        Finality::NotSealed => ("not sealed", WARNING),
        Finality::FoundWrong => ("NOT VERIFIED", BAD),
    };
    let word = screen.paint(style, word);
    write!(
        screen,
        "{word}  {}: {}, {}, {}",
        answer.run_id,
        counted(answer.files, "file"),
        bytes(answer.bytes),
        counted(answer.records, "record")
    )?;
    match answer.lost {
        0 => {}
        lost => write!(screen, ", {} lost while recording", grouped(lost))?,
    }
    if answer.verdict == Finality::NotSealed {
        let open = counted(answer.open_chunks, "chunk");
        write!(
            screen,
            "; its tapes hold up to their last full chunk, {open} not in a chain yet"
        )?;
    }
    writeln!(screen, "  {}", screen.paint(FAINT, Visible(&answer.path)))?;
    for finding in &answer.findings {
        writeln!(screen, "  {}", Visible(finding))?;
    }
    proofs(screen, answer)
}

/// Who sealed it, and what that was held against.
fn proofs(screen: &mut Screen, answer: &Answer) -> io::Result<()> {
    if let (Some(key), Some(trust)) = (answer.public_key, answer.key) {
        let key = key.to_string();
        let key = key.get(..KEY).unwrap_or(&key);
        let whose = match trust {
            "given" => "the given one",
            "this_machine" => "this machine's",
            _ => "one that only the seal vouches for: --public-key says whose it must be",
        };
        writeln!(screen, "  sealed with key {key}.., {whose}")?;
    }
    if answer.state == "interrupted" {
        writeln!(
            screen,
            "  its process died while it sealed: `telensic recover {}` completes that",
            answer.run_id
        )?;
    }
    match (answer.sequence, answer.ledger_checked) {
        (Some(sequence), true) => writeln!(screen, "  number {sequence} in the ledger")?,
        (Some(sequence), false) => {
            writeln!(screen, "  number {sequence} in a ledger, which was not looked at")?
        }
        (None, _) => {}
    }
    for link in &answer.not_held {
        writeln!(
            screen,
            "  {} is a link or no file, which a pack does not hold",
            Visible(link)
        )?;
    }
    Ok(())
}

/// Shows the answer for the ledger.
pub(crate) fn print_ledger(screen: &mut Screen, ledger: &LedgerAnswer) -> io::Result<()> {
    let (word, style) = if ledger.findings.is_empty() {
        ("verified", GOOD)
    } else {
        ("NOT VERIFIED", BAD)
    };
    let word = screen.paint(style, word);
    writeln!(screen, "{word}  ledger: {}", counted(ledger.lines, "line"))?;
    for finding in &ledger.findings {
        writeln!(screen, "  {}", Visible(finding))?;
    }
    Ok(())
}
