//! Sealing and verifying the run, and programs that hash the same files.

use std::fs;
use std::io;
use std::path::Path;

use telensic_benches::Outcome;
use telensic_run::{SealState, VerifyOptions, seal, verify};

use crate::cache::Cache;
use crate::cases::{Case, Section};
use crate::figures::{Measured, ensure};
use crate::report::bytes;
use crate::rivals::Hasher;
use crate::site::{Files, Site};
use crate::stopwatch::{Stopwatch, Whose};

pub(crate) const CASES: &[Case] = &[
    case("seal", sealed),
    case("verify", |site| verified(site, Cache::Warm)),
    case("sha256sum of the run", |site| {
        hashed(site, Hasher::Sha256sum, Cache::Warm)
    }),
    case("b3sum of the run", |site| {
        hashed(site, Hasher::B3sum, Cache::Warm)
    }),
    case("b3sum of the run, one thread", |site| {
        hashed(site, Hasher::B3sumOneThread, Cache::Warm)
    }),
    case("verify, cold cache", |site| verified(site, Cache::Cold)),
    case("sha256sum of the run, cold cache", |site| {
        hashed(site, Hasher::Sha256sum, Cache::Cold)
    }),
    case("b3sum of the run, cold cache", |site| {
        hashed(site, Hasher::B3sum, Cache::Cold)
    }),
];

const fn case(name: &'static str, measure: fn(&Site) -> Outcome<Measured>) -> Case {
    Case {
        section: Section::Sealing,
        name,
        measure,
    }
}

fn sealed(site: &Site) -> Outcome<Measured> {
    let (run, root, key) = (site.large(), site.root(), site.key()?);
    // The seal of an earlier round, and the ledger that would vouch for it.
    remove(&run.seal())?;
    remove(&root.ledger())?;
    let files = Files::of(&run)?;
    Cache::Warm.prepare(&files.paths)?;
    let watch = Stopwatch::start(Whose::This)?;
    let seal = seal(&run, Some(&root), &key)?;
    let effort = watch.stop()?;
    ensure(seal.entries.len() == files.paths.len(), || {
        format!("{} of {} files are sealed", seal.entries.len(), files.paths.len())
    })?;
    Ok(Measured::taken(
        effort,
        files.bytes,
        format!(
            "{} files, {} chunks; {} of {} are no holes",
            files.paths.len(),
            seal.statement.totals.chunks,
            bytes(files.stored),
            bytes(files.bytes)
        ),
    ))
}

fn verified(site: &Site, cache: Cache) -> Outcome<Measured> {
    let (run, root, key) = (site.large(), site.root(), site.key()?);
    if !run.seal().exists() {
        seal(&run, Some(&root), &key)?;
    }
    let files = Files::of(&run)?;
    cache.prepare(&files.paths)?;
    let options = VerifyOptions {
        public_key: Some(key.public_key()),
        ledger: Some(&root),
    };
    let watch = Stopwatch::start(Whose::This)?;
    let verification = verify(&run, options)?;
    let effort = watch.stop()?;
    let is_right = verification.is_whole() && verification.state == SealState::Sealed;
    ensure(is_right && verification.bytes >= files.bytes, || {
        format!("the run is not as it was sealed: {verification:?}")
    })?;
    Ok(Measured::taken(
        effort,
        files.bytes,
        format!("{} files, {} records", verification.files, verification.records),
    ))
}

fn hashed(site: &Site, hasher: Hasher, cache: Cache) -> Outcome<Measured> {
    hasher.measure(&Files::of(&site.large())?.paths, cache)
}

fn remove(path: &Path) -> Outcome<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}
