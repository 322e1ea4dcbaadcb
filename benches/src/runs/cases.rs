//! The cases, in the order of the table.

use telensic_benches::Outcome;

use crate::figures::Measured;
use crate::site::Site;
use crate::{comparing, fingerprints, readings, receiving, sealing};

/// One row of a table: how it is called, and how it is measured once.
pub(crate) struct Case {
    pub(crate) section: Section,
    pub(crate) name: &'static str,
    pub(crate) measure: fn(&Site) -> Outcome<Measured>,
}

/// What belongs into one table.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    Sealing,
    Fingerprints,
    Reading,
    Comparing,
    Receiving,
}

/// What a section's amounts are.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Bytes,
    Spans,
}

impl Section {
    pub(crate) const ALL: [Self; 5] = [
        Self::Sealing,
        Self::Fingerprints,
        Self::Reading,
        Self::Comparing,
        Self::Receiving,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Sealing => "Seal and verify",
            Self::Fingerprints => "Fingerprints",
            Self::Reading => "Readings",
            Self::Comparing => "Comparing",
            Self::Receiving => "Receiving",
        }
    }

    pub(crate) fn describe(self) -> &'static str {
        match self {
            Self::Sealing => {
                "The files of the run, nearly all of it tapes. Sealing lists and hashes every file and every chunk, signs, and\n\
                 enters the seal in the ledger, synced; verifying does it again and compares. The programs hash the same files\n\
                 and know neither chunks nor signatures. What a tape has to spare is holes, which all of them read as zeros and\n\
                 hash: the rate is that of the files' length."
            }
            Self::Fingerprints => {
                "The fingerprint of a file has its SHA-256 and its BLAKE3, and of a table a hash for every 1,000 rows of every\n\
                 column besides, for which the table is decoded. The rate is that of the file's bytes. The programs hash the same\n\
                 file once; `sha256sum` uses the processor's instructions for it only where it was built with OpenSSL."
            }
            Self::Reading => {
                "Readings of the run, from its tapes. The peak of memory is that of a process that read the timeline and then\n\
                 did what the row says; mapped tapes count as far as they were touched."
            }
            Self::Comparing => {
                "Two runs with typed events and provenance, in which one column of an input changed, and with it decisions of\n\
                 later stages; some are missing. The diff must find the first divergence and show the input as its cause.\n\
                 Amounts are the spans of both."
            }
            Self::Receiving => {
                "OTLP/HTTP over a loopback socket onto a tape, from one client that is a process of its own and repeats one\n\
                 encoded request of 512 spans with four attributes. CPU and memory are the receiver's alone."
            }
        }
    }

    pub(crate) fn unit(self) -> Unit {
        match self {
            Self::Sealing | Self::Fingerprints => Unit::Bytes,
            Self::Reading | Self::Comparing | Self::Receiving => Unit::Spans,
        }
    }
}

/// Every case.
pub(crate) fn all() -> impl Iterator<Item = &'static Case> {
    [
        sealing::CASES,
        fingerprints::CASES,
        readings::CASES,
        comparing::CASES,
        receiving::CASES,
    ]
    .into_iter()
    .flatten()
}

/// The case of this name.
pub(crate) fn named(name: &str) -> Outcome<&'static Case> {
    let case = all().find(|case| case.name == name);
    Ok(case.ok_or_else(|| format!("no case is called `{name}`; `runs --rounds 1` shows all"))?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_case_is_found_by_a_name_of_its_own() {
        let names: BTreeSet<&str> = all().map(|case| case.name).collect();
        assert_eq!(names.len(), all().count());
        assert!(
            names
                .iter()
                .all(|name| named(name).is_ok_and(|case| case.name == *name))
        );
        assert!(named("no such case").is_err());
    }
}
