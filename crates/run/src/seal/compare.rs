//! A run's directory against the entries of its seal.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::entry::{Content, Entry};
use super::hash::{self, Sums};
use super::tape_cells::TapeCells;
use super::walk::{Found, Kind, is_tape_name, walk};
use super::{Finding, Place, Seal, Verification, blocks, chunk_order, locate};
use crate::digest::hex;
use crate::{Manifest, RunDir, RunError};

/// Places that are named in one file.
const MOST_NAMED: usize = 16;

/// Notes everything that is not as sealed.
pub(super) fn with_directory(
    run: &RunDir,
    seal: &Seal,
    verification: &mut Verification,
) -> Result<(), RunError> {
    let found = walk(run)?;
    let (mut both, mut findings) = pair(&seal.entries, &found);
    both.retain(|(entry, found)| match other_kind(entry, found) {
        Some(finding) => {
            findings.push(finding);
            false
        }
        None => entry.content().is_some(),
    });
    let paths: Vec<PathBuf> = both.iter().map(|(_, found)| found.path.clone()).collect();
    for ((entry, found), content) in both.iter().zip(hash::contents(&paths, Sums::Unwanted)) {
        verification.files += 1;
        findings.extend(damage_when_sealed(entry));
        let Some(sealed) = entry.content() else { continue };
        match content {
            Ok(content) => {
                verification.bytes += content.size;
                if content.blake3 != sealed.blake3 || content.size != sealed.size {
                    findings.extend(alterations(seal, entry, sealed, found, &content));
                }
            }
            Err(error) => findings.push(Finding::Unreadable {
                file: found.name.clone(),
                error: error.to_string(),
            }),
        }
    }
    let totals = &seal.statement.totals;
    verification.records = totals.records.total();
    verification.lost = totals.lost.total();
    if findings.is_empty() {
        findings.extend(other_status(seal, &run.manifest()?));
    }
    verification.findings.append(&mut findings);
    Ok(())
}

/// What is in the seal and in the directory, and findings of what is in one alone. Both are sorted.
fn pair<'a>(entries: &'a [Entry], found: &'a [Found]) -> (Vec<(&'a Entry, &'a Found)>, Vec<Finding>) {
    let mut both = Vec::new();
    let mut findings = Vec::new();
    let (mut entries, mut found) = (entries.iter().peekable(), found.iter().peekable());
    loop {
        match (entries.peek(), found.peek()) {
            (Some(entry), Some(there)) if entry.path() == there.name => {
                both.push((*entry, *there));
                entries.next();
                found.next();
            }
            (Some(entry), there) if there.is_none_or(|there| entry.path() < there.name.as_str()) => {
                findings.push(Finding::Missing {
                    file: entry.path().to_owned(),
                });
                entries.next();
            }
            (_, Some(there)) => {
                findings.push(Finding::Added {
                    file: there.name.clone(),
                });
                found.next();
            }
            (_, None) => return (both, findings),
        }
    }
}

fn other_kind(entry: &Entry, found: &Found) -> Option<Finding> {
    let sealed = match entry {
        Entry::File { .. } | Entry::Tape { .. } => "a file".to_owned(),
        Entry::Symlink { target, .. } => format!("a link to {target}"),
        Entry::Special { .. } => "a special file".to_owned(),
    };
    let now = match &found.kind {
        Kind::Symlink { target } => format!("a link to {target}"),
        Kind::Special => "a special file".to_owned(),
        Kind::File { .. } => "a file".to_owned(),
    };
    (sealed != now).then(|| Finding::OtherKind {
        file: found.name.clone(),
        sealed,
        found: now,
    })
}

fn damage_when_sealed(entry: &Entry) -> Vec<Finding> {
    let name = |damage: &str| Finding::DamagedWhenSealed {
        file: entry.path().to_owned(),
        damage: damage.to_owned(),
    };
    match entry {
        Entry::Tape { tape, .. } => tape.damage.iter().map(|damage| name(damage)).collect(),
        Entry::File { path, .. } if is_tape_name(path) => vec![name("it could not be read as a tape")],
        _ => Vec::new(),
    }
}

/// What was done to a file that does not have the content that was sealed.
fn alterations(
    seal: &Seal,
    entry: &Entry,
    sealed: &Content,
    found: &Found,
    content: &Content,
) -> Vec<Finding> {
    let file = found.name.clone();
    let holds = |other: &&Entry| {
        other
            .content()
            .is_some_and(|other| other.blake3 == content.blake3)
    };
    if content.size > 0
        && let Some(other) = seal.entries.iter().find(holds)
    {
        let with = other.path().to_owned();
        return vec![Finding::Swapped { file, with }];
    }
    locate_alterations(entry, sealed, found, content).unwrap_or_else(|error| {
        vec![Finding::Unreadable {
            file,
            error: error.to_string(),
        }]
    })
}

fn locate_alterations(
    entry: &Entry,
    sealed: &Content,
    found: &Found,
    content: &Content,
) -> std::io::Result<Vec<Finding>> {
    let file = || found.name.clone();
    let mut findings = Vec::new();
    let ranges = blocks::altered(&found.path, sealed.block, sealed.size, &sealed.crc32)?;
    if let Some(finding) = other_tape(entry, &found.path, &ranges)? {
        return Ok(vec![finding]);
    }
    let sizes = (sealed.size, content.size);
    if content.size < sealed.size {
        let end = content.size..content.size + 1;
        findings.push(Finding::Truncated {
            file: file(),
            sealed: sizes.0,
            found: sizes.1,
            place: first(locate::places(entry, &found.path, &[end], 1)?),
        });
    } else if content.size > sealed.size {
        findings.push(Finding::Extended {
            file: file(),
            sealed: sizes.0,
            found: sizes.1,
        });
    }
    if let Some(tape) = entry.tape()
        && let Some(cells) = TapeCells::read(&found.path)?
    {
        let moved = chunk_order::differences(&found.name, tape, &cells, MOST_NAMED);
        if !moved.is_empty() {
            // Behind what was moved all bytes differ: that says nothing more.
            findings.extend(moved);
            return Ok(findings);
        }
    }
    let places = locate::places(entry, &found.path, &ranges, MOST_NAMED)?;
    let is_all_named = places.len() < MOST_NAMED;
    findings.extend(
        places
            .into_iter()
            .map(|place| Finding::Altered { file: file(), place }),
    );
    if !is_all_named {
        findings.push(Finding::AlteredMore {
            file: file(),
            ranges: ranges.len(),
        });
    }
    if findings.is_empty() {
        findings.push(Finding::Altered {
            file: file(),
            place: Place::Unknown,
        });
    }
    Ok(findings)
}

fn first(places: Vec<Place>) -> Place {
    places.into_iter().next().unwrap_or(Place::Unknown)
}

/// A tape of another id, unless no more than the header was touched.
fn other_tape(entry: &Entry, path: &Path, altered: &[Range<u64>]) -> std::io::Result<Option<Finding>> {
    let Some(tape) = entry.tape() else { return Ok(None) };
    if altered.iter().all(|range| range.end <= tape.table) {
        return Ok(None);
    }
    let Some(cells) = TapeCells::read(path)? else {
        return Ok(None);
    };
    let found = hex(&cells.tape_id);
    Ok((found != tape.tape_id).then(|| Finding::OtherTape {
        file: entry.path().to_owned(),
        sealed: tape.tape_id.clone(),
        found,
    }))
}

fn other_status(seal: &Seal, manifest: &Manifest) -> Option<Finding> {
    (manifest.status != seal.statement.status).then_some(Finding::StatusDiffers {
        sealed: seal.statement.status,
        found: manifest.status,
    })
}
