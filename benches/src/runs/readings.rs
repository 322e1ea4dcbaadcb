//! What is read from the tapes of a run: its timeline, its health, where its time went, its trace file, its reports.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use telensic_benches::Outcome;
use telensic_forensics::critical_path::{Change, CriticalPath, PathOptions, Reach, WhatIf};
use telensic_forensics::report::html::{self, ReportInput};
use telensic_forensics::report::markdown;
use telensic_forensics::timeline::SpanIndex;
use telensic_forensics::{Health, Timeline, TraceFile};
use telensic_run::Provenance;

use crate::cache::Cache;
use crate::cases::{Case, Section};
use crate::figures::{Measured, ensure};
use crate::pipeline::FETCH;
use crate::report::bytes;
use crate::site::Site;
use crate::stopwatch::{Stopwatch, Whose};

pub(crate) const CASES: &[Case] = &[
    case("timeline", |site| timeline(site, Cache::Warm)),
    case("timeline, cold cache", |site| timeline(site, Cache::Cold)),
    case("health, of a timeline", health),
    case("critical path, of a timeline", critical_path),
    case("what if one call were twice as fast, of a timeline", what_if),
    case("merge of the tapes to forensic_trace.json", merge),
    case("Markdown report, of a health", markdown_report),
    case("HTML report, of a health", html_report),
];

const fn case(name: &'static str, measure: fn(&Site) -> Outcome<Measured>) -> Case {
    Case {
        section: Section::Reading,
        name,
        measure,
    }
}

fn timeline(site: &Site, cache: Cache) -> Outcome<Measured> {
    let run = site.large();
    cache.prepare(&run.list_tapes()?)?;
    let watch = Stopwatch::start(Whose::This)?;
    let timeline = Timeline::read(&run)?;
    let effort = watch.stop()?;
    ensure(timeline.unreadable().is_empty(), || {
        "a tape cannot be read".to_owned()
    })?;
    let result = format!(
        "{} spans, {} events, {}",
        timeline.spans().len(),
        timeline.logs().len(),
        bytes(timeline.record_bytes())
    );
    Ok(Measured::taken(effort, spans(&timeline), result))
}

fn health(site: &Site) -> Outcome<Measured> {
    let (timeline, manifest) = (read(site)?, site.large().manifest()?);
    let watch = Stopwatch::start(Whose::This)?;
    let health = Health::of(&timeline, &manifest, &[]);
    let effort = watch.stop()?;
    ensure(health.span_count == spans(&timeline), || {
        format!("the health knows {} spans", health.span_count)
    })?;
    let result = format!("{} stages", health.stages.len());
    Ok(Measured::taken(effort, spans(&timeline), result))
}

fn critical_path(site: &Site) -> Outcome<Measured> {
    let timeline = read(site)?;
    let root = root(&timeline)?;
    let watch = Stopwatch::start(Whose::This)?;
    let path = CriticalPath::of(&timeline, root, PathOptions::default());
    let effort = watch.stop()?;
    let wall = timeline.span(root).duration();
    ensure(path.duration() == wall, || {
        format!("the path takes {} of {wall} ns", path.duration())
    })?;
    let result = format!("{} segments", path.segments().len());
    Ok(Measured::taken(effort, spans(&timeline), result))
}

fn what_if(site: &Site) -> Outcome<Measured> {
    let timeline = read(site)?;
    let root = root(&timeline)?;
    let watch = Stopwatch::start(Whose::This)?;
    let named = timeline.names().find(FETCH);
    let change = Change {
        spans: timeline
            .indices()
            .filter(|index| Some(timeline.span(*index).name) == named)
            .collect(),
        reach: Reach::Itself,
        speedup: 2.0,
    };
    let wall = WhatIf::new(&timeline, root, PathOptions::default()).wall(&change);
    let effort = watch.stop()?;
    let share = 100.0 * wall as f64 / timeline.span(root).duration() as f64;
    ensure(share > 0.0 && share < 100.0, || {
        format!("faster calls leave {share:.1} % of the wall clock")
    })?;
    let result = format!("{} spans changed, {share:.1} % of the wall", change.spans.len());
    Ok(Measured::taken(effort, spans(&timeline), result))
}

/// As `telensic merge` does it.
fn merge(site: &Site) -> Outcome<Measured> {
    let tapes = site.large().list_tapes()?;
    Cache::Warm.prepare(&tapes)?;
    let file = site.scratch().join("forensic_trace.json");
    let watch = Stopwatch::start(Whose::This)?;
    let timeline = Timeline::of_tapes(tapes.iter().map(AsRef::as_ref));
    write(&file, |out| TraceFile::new(&timeline).write_to(out))?;
    let effort = watch.stop()?;
    let result = format!("{} tapes, {} of JSON", tapes.len(), bytes(file.metadata()?.len()));
    Ok(Measured::taken(effort, spans(&timeline), result))
}

fn markdown_report(site: &Site) -> Outcome<Measured> {
    let (timeline, manifest) = (read(site)?, site.large().manifest()?);
    let health = Health::of(&timeline, &manifest, &[]);
    let watch = Stopwatch::start(Whose::This)?;
    let page = markdown::health(&health);
    let effort = watch.stop()?;
    Ok(Measured::taken(
        effort,
        spans(&timeline),
        bytes(page.len() as u64),
    ))
}

fn html_report(site: &Site) -> Outcome<Measured> {
    let run = site.large();
    let (timeline, manifest) = (read(site)?, run.manifest()?);
    let health = Health::of(&timeline, &manifest, &[]);
    let provenance = serde_json::to_value(Provenance::read(&run)?)?;
    let path = CriticalPath::of(&timeline, root(&timeline)?, PathOptions::default());
    let file = site.scratch().join("report.html");
    let watch = Stopwatch::start(Whose::This)?;
    let mut report = ReportInput::new(&manifest, &timeline);
    report.health = Some(&health);
    report.critical_path = Some(&path);
    report.provenance = Some(provenance);
    write(&file, |out| html::write(out, &report))?;
    let effort = watch.stop()?;
    let result = bytes(file.metadata()?.len());
    Ok(Measured::taken(effort, spans(&timeline), result))
}

fn read(site: &Site) -> Outcome<Timeline> {
    Cache::Warm.prepare(&site.large().list_tapes()?)?;
    Ok(Timeline::read(&site.large())?)
}

fn root(timeline: &Timeline) -> Outcome<SpanIndex> {
    Ok(*timeline.roots().first().ok_or("the run has no root span")?)
}

fn spans(timeline: &Timeline) -> u64 {
    timeline.spans().len() as u64
}

fn write(file: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>) -> Outcome<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(file)?);
    fill(&mut out)?;
    out.flush()?;
    Ok(())
}
