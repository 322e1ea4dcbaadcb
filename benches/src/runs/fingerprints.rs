//! Fingerprints of files and of an array in memory, and programs that hash the same bytes.

use std::path::PathBuf;

use telensic_benches::Outcome;
use telensic_run::{ArrayDtype, ArrayFingerprint, ArrayView, FileFingerprint};

use crate::cache::Cache;
use crate::cases::{Case, Section};
use crate::figures::{Measured, ensure};
use crate::rivals::Hasher;
use crate::site::Site;
use crate::stopwatch::{Stopwatch, Whose};

pub(crate) const CASES: &[Case] = &[
    case("CSV file", |site| table(&site.csv())),
    case("sha256sum of the CSV file", |site| {
        hashed(site.csv(), Hasher::Sha256sum)
    }),
    case("b3sum of the CSV file", |site| hashed(site.csv(), Hasher::B3sum)),
    case("Parquet file", |site| table(&site.parquet())),
    case("sha256sum of the Parquet file", |site| {
        hashed(site.parquet(), Hasher::Sha256sum)
    }),
    case("b3sum of the Parquet file", |site| {
        hashed(site.parquet(), Hasher::B3sum)
    }),
    case("array of float64 in memory, 512 MiB", array),
    case("binary file of the same bytes", binary),
    case("sha256sum of the binary file", |site| {
        hashed(site.array(), Hasher::Sha256sum)
    }),
    case("b3sum of the binary file", |site| {
        hashed(site.array(), Hasher::B3sum)
    }),
    case("b3sum of the binary file, one thread", |site| {
        hashed(site.array(), Hasher::B3sumOneThread)
    }),
];

const fn case(name: &'static str, measure: fn(&Site) -> Outcome<Measured>) -> Case {
    Case {
        section: Section::Fingerprints,
        name,
        measure,
    }
}

fn table(path: &PathBuf) -> Outcome<Measured> {
    let (measured, fingerprint) = file(path)?;
    let rows = fingerprint.table.as_ref().map_or(0, |table| table.row_count);
    ensure(rows > 0, || format!("{} was not read as a table", path.display()))?;
    Ok(match measured {
        Measured::Taken(mut figures) => {
            figures.result = format!("{rows} rows");
            Measured::Taken(figures)
        }
        Measured::NotInstalled => Measured::NotInstalled,
    })
}

fn binary(site: &Site) -> Outcome<Measured> {
    Ok(file(&site.array())?.0)
}

fn file(path: &PathBuf) -> Outcome<(Measured, FileFingerprint)> {
    Cache::Warm.prepare(std::slice::from_ref(path))?;
    let watch = Stopwatch::start(Whose::This)?;
    let fingerprint = FileFingerprint::of(path);
    let effort = watch.stop()?;
    ensure(
        fingerprint.error.is_none() && fingerprint.size == path.metadata()?.len(),
        || {
            format!(
                "{} was not read to its end: {:?}",
                path.display(),
                fingerprint.error
            )
        },
    )?;
    Ok((Measured::taken(effort, fingerprint.size, "2 hashes"), fingerprint))
}

fn array(site: &Site) -> Outcome<Measured> {
    let bytes = std::fs::read(site.array())?;
    let elements = bytes.len() / size_of::<f64>();
    let view = ArrayView::contiguous(&bytes, &[elements], ArrayDtype::Float64)?;
    let watch = Stopwatch::start(Whose::This)?;
    let fingerprint = ArrayFingerprint::of("array", &view);
    let effort = watch.stop()?;
    ensure(
        fingerprint.shape == [elements as u64] && fingerprint.range.is_some(),
        || format!("{elements} elements became {:?}", fingerprint.shape),
    )?;
    Ok(Measured::taken(
        effort,
        bytes.len() as u64,
        format!("{elements} elements"),
    ))
}

fn hashed(path: PathBuf, hasher: Hasher) -> Outcome<Measured> {
    hasher.measure(&[path], Cache::Warm)
}
