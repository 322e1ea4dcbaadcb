//! Makes what is measured: three recorded runs, and files of market data.

use std::fs;

use telensic_benches::Outcome;
use telensic_run::{FileFingerprint, Fingerprint, Manifest, Provenance, RunStatus};

use crate::market::{self, Bars};
use crate::pipeline::Execution;
use crate::site::{self, Site};

/// Rows of the large tables.
const ROWS: u64 = 2_000_000;
/// Elements of the array, 512 MiB.
const FLOATS: u64 = 64 << 20;
/// Rows of the input of the compared runs.
const INPUT_ROWS: u64 = 100_000;
/// From this stage on, the second of the compared runs goes another way.
const PARTING: u64 = 7;

/// Fills the site: a run of about so many spans, and two of a tenth of them.
pub(crate) fn prepare(site: &Site, spans: u64) -> Outcome<()> {
    market::write_floats(&site.array(), FLOATS)?;
    Bars::of(ROWS).write_csv(&site.csv())?;
    Bars::of(ROWS).write_parquet(&site.parquet())?;
    fs::create_dir(site.scratch())?;

    let [input, changed] = inputs(site)?;
    let hash = |file: &FileFingerprint| file.sha256.map(|hash| hash.to_string()).unwrap_or_default();
    let (before, after) = (hash(&input), hash(&changed));
    let execution = |number, spans| -> Outcome<Execution<'_>> {
        Ok(Execution {
            run: site.root().create_run(site::run_id(number))?,
            begin: site::begin(number),
            spans,
            input: &before,
            changed: None,
        })
    };
    finish(site, &execution(0, spans)?, &input)?;
    finish(site, &execution(1, spans / 10)?, &input)?;
    let parting = Execution {
        changed: Some((PARTING, &after)),
        ..execution(2, spans / 10)?
    };
    finish(site, &parting, &changed)
}

/// The input of the compared runs, and the same with another close in a thousand rows.
fn inputs(site: &Site) -> Outcome<[FileFingerprint; 2]> {
    let tables = [
        Bars::of(INPUT_ROWS),
        Bars {
            rows: INPUT_ROWS,
            changed: 40_000..41_000,
        },
    ];
    for (path, table) in site.pair_inputs().iter().zip(tables) {
        fs::create_dir_all(path.parent().ok_or("an input lies in a directory")?)?;
        table.write_csv(path)?;
    }
    Ok(site.pair_inputs().map(FileFingerprint::of))
}

/// Records the run, and what went into it.
fn finish(site: &Site, execution: &Execution<'_>, input: &FileFingerprint) -> Outcome<()> {
    let run = &execution.run;
    let took = execution.record()?;
    let mut provenance = Provenance::capture(site.path());
    provenance.seeds.insert("bootstrap".to_owned(), 42.into());
    provenance.inputs.push(Fingerprint::File(input.clone()));
    provenance.write(run)?;
    let mut manifest = Manifest::begin(run.id(), "benchmark");
    manifest.started_unix_nano = execution.begin;
    manifest.ended_unix_nano = Some(execution.begin + took);
    manifest.status = RunStatus::Succeeded;
    run.write_manifest(&manifest)?;
    Ok(())
}
