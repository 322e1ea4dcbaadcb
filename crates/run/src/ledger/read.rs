//! Reading the ledger and checking that it is one unbroken chain. Nothing is written.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};

use super::{LedgerFinding, LedgerLine};
use crate::digest::Digest;
use crate::{DataRoot, PublicKey, RunError, RunId};

/// A ledger as read, whatever state it is in.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    is_absent: bool,
    /// Each whole line, or the hash of bytes that are none.
    lines: Vec<Result<LedgerLine, Digest>>,
    torn: usize,
    /// The lines of each run, counted from 0.
    of_run: HashMap<RunId, Vec<usize>>,
}

impl Ledger {
    /// Reads the ledger of this root, while nobody appends to it.
    pub fn read(root: &DataRoot) -> Result<Self, RunError> {
        let path = root.ledger();
        let mut bytes = Vec::new();
        match File::open(&path) {
            Ok(mut file) => {
                // Where a file system has no locks, a line that is being appended may be seen as torn.
                if let Err(error) = file.lock_shared()
                    && error.kind() != io::ErrorKind::Unsupported
                {
                    return Err(RunError::io("lock", &path, error));
                }
                file.read_to_end(&mut bytes)
                    .map_err(RunError::on("read", &path))?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self {
                    is_absent: true,
                    ..Self::default()
                });
            }
            Err(error) => return Err(RunError::io("open", &path, error)),
        }
        Ok(Self::of_bytes(&bytes))
    }

    fn of_bytes(bytes: &[u8]) -> Self {
        let mut ledger = Self::default();
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Some(line) = line.strip_suffix(b"\n") else {
                ledger.torn = line.len();
                break;
            };
            let parsed = LedgerLine::parse(line).ok_or_else(|| Digest::of(line));
            if let Ok(line) = &parsed {
                ledger
                    .of_run
                    .entry(line.link.run_id)
                    .or_default()
                    .push(ledger.lines.len());
            }
            ledger.lines.push(parsed);
        }
        ledger
    }

    /// The lines that are as they were written.
    pub fn lines(&self) -> impl Iterator<Item = &LedgerLine> {
        self.lines.iter().flatten()
    }

    /// The lines that are as they were written, with their numbers in the file, from 1.
    pub fn numbered_lines(&self) -> impl Iterator<Item = (usize, &LedgerLine)> {
        let numbered = (1..).zip(&self.lines);
        numbered.filter_map(|(number, line)| Some((number, line.as_ref().ok()?)))
    }

    /// How many lines there are, altered ones included.
    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(&self) -> u64 {
        self.lines.len() as u64
    }

    /// The line of this run, and its number in the file, from 1.
    pub fn of_run(&self, run: RunId) -> Option<(usize, &LedgerLine)> {
        let at = *self.of_run.get(&run)?.first()?;
        Some((at + 1, self.lines.get(at)?.as_ref().ok()?))
    }

    /// The number that the last line has.
    pub fn last_sequence(&self) -> u64 {
        self.lines().last().map_or(0, |line| line.link.sequence)
    }

    /// All that is wrong with the chain by itself.
    pub fn check_chain(&self) -> Vec<LedgerFinding> {
        let mut findings = Vec::new();
        let (mut sequence, mut previous) = (0, Digest::ZERO);
        for (line, parsed) in (1..).zip(&self.lines) {
            match parsed {
                Ok(LedgerLine { link, hash, .. }) => {
                    if link.sequence != sequence + 1 {
                        findings.push(LedgerFinding::OutOfOrder {
                            line,
                            expected: sequence + 1,
                            found: link.sequence,
                        });
                    } else if link.previous != previous {
                        findings.push(LedgerFinding::Unlinked { line });
                    }
                    (sequence, previous) = (link.sequence.min(u64::MAX - 1), *hash);
                }
                Err(hash) => {
                    findings.push(LedgerFinding::Altered { line });
                    (sequence, previous) = (sequence + 1, *hash);
                }
            }
        }
        for (run, lines) in &self.of_run {
            findings.extend(lines.iter().skip(1).map(|at| LedgerFinding::ListedTwice {
                run: *run,
                line: at + 1,
            }));
        }
        if self.torn > 0 {
            findings.push(LedgerFinding::Torn {
                line: self.lines.len() + 1,
                bytes: self.torn,
            });
        }
        findings
    }

    /// Every line that is not signed as it should be.
    pub fn check_signatures(&self, key: Option<PublicKey>) -> Vec<LedgerFinding> {
        let mut findings = Vec::new();
        for (line, parsed) in (1..).zip(&self.lines) {
            let Ok(parsed) = parsed else { continue };
            let found = parsed.link.public_key;
            if key.is_some_and(|key| key != found) {
                findings.push(LedgerFinding::WrongKey { line, found });
            } else if !parsed.is_signed() {
                findings.push(LedgerFinding::BadSignature { line });
            }
        }
        findings
    }

    /// Whether the seal of a run is the one that was entered: `sequence` is what the seal says, `seal` its hash.
    ///
    /// One that says that it was made without a ledger need not be entered, but must not be if it is another.
    pub fn check_run(&self, run: RunId, sequence: Option<u64>, seal: Digest) -> Option<LedgerFinding> {
        let Some((line, entered)) = self.of_run(run) else {
            return sequence.map(|sequence| match self.is_absent {
                true => LedgerFinding::Absent,
                false => LedgerFinding::RunNotListed {
                    run,
                    sequence,
                    last: self.last_sequence(),
                },
            });
        };
        if entered.link.seal != seal {
            return Some(LedgerFinding::OtherSeal { run, line });
        }
        (!entered.is_signed()).then_some(LedgerFinding::BadSignature { line })
    }
}
