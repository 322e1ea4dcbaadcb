//! Runs to look at: an ordinary one, and large ones.

use std::path::{Path, PathBuf};

use telensic_forensics::critical_path::{CriticalPath, PathOptions};
use telensic_forensics::report::html::{self, ReportInput, Thinning};
use telensic_forensics::timeline::SpanIndex;
use telensic_forensics::{Health, Timeline, pack};
use telensic_run::{DataRoot, Manifest, RunDir, RunId, RunStatus, SigningKey, seal};
use telensic_tape::Value;

use crate::record::{BEGAN, Part, Recorder, span_id, trace};

const MS: u64 = 1_000_000;

/// A run in a directory of its own.
pub(crate) struct Recorded {
    pub(crate) run: RunDir,
    pub(crate) home: tempfile::TempDir,
}

/// Records a run; its manifest says that it ended so.
pub(crate) fn recorded(status: RunStatus, record: impl FnOnce(&Path) -> u64) -> Recorded {
    let home = tempfile::tempdir().expect("a directory");
    let root = DataRoot::new(home.path().join("data"));
    let run = root.create_run(RunId::new()).expect("a new run");
    let ended = record(&run.tapes());
    let mut manifest = Manifest::begin(run.id(), "nightly");
    manifest.status = status;
    manifest.host = "node-1".to_owned();
    manifest.started_unix_nano = BEGAN;
    manifest.ended_unix_nano = Some(BEGAN + ended);
    manifest.trace_id = Some(trace().to_string());
    manifest.root_span_id = span_id(1).map(|id| id.to_string());
    run.write_manifest(&manifest).expect("written");
    Recorded { run, home }
}

impl Recorded {
    /// Seals it with a key of its own; the public key, hex.
    pub(crate) fn seal(&self) -> String {
        let key = SigningKey::load_or_create_at(&self.home.path().join("key")).expect("a key");
        seal(&self.run, None, &key).expect("sealed");
        key.public_key().to_string()
    }

    fn with_report<T>(&self, thinning: Thinning, then: impl FnOnce(&ReportInput<'_>) -> T) -> T {
        let manifest = self.run.manifest().expect("a manifest");
        let timeline = Timeline::read(&self.run).expect("tapes");
        let health = Health::of(&timeline, &manifest, &[]);
        let root = timeline.find(trace(), span_id(1).expect("not zero"));
        let path = root.map(|root: SpanIndex| CriticalPath::of(&timeline, root, PathOptions::default()));
        then(&ReportInput {
            health: Some(&health),
            critical_path: path.as_ref(),
            thinning,
            ..ReportInput::new(&manifest, &timeline)
        })
    }

    /// Its report, as a file beside it.
    pub(crate) fn report(&self, thinning: Thinning) -> PathBuf {
        let mut page = Vec::new();
        self.with_report(thinning, |input| html::write(&mut page, input).expect("written"));
        let file = self.home.path().join("report.html");
        std::fs::write(&file, page).expect("written");
        file
    }

    /// Its evidence pack, as a file beside it.
    pub(crate) fn pack(&self) -> PathBuf {
        let mut page = Vec::new();
        self.with_report(Thinning::default(), |input| {
            pack::write(&self.run, input, &mut page).expect("packed");
        });
        let file = self.home.path().join("pack.html");
        std::fs::write(&file, page).expect("written");
        file
    }
}

/// Numbers that look random and are the same everywhere.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// A pipeline of five stages, one with sleeves on a worker, one that fails at first; with a NAV and its epochs.
pub(crate) fn ordinary() -> Recorded {
    recorded(RunStatus::Succeeded, |tapes| {
        let mut engine = Recorder::new(tapes, "quant-engine");
        let mut worker = Recorder::new(tapes, "ray-worker");
        let mut random = Lcg(7);
        let mut next = 2;
        let mut at = 20 * MS;
        for (stage, length) in [
            ("ingest", 400),
            ("features", 900),
            ("backtest", 2_600),
            ("statistics", 700),
            ("report", 250),
        ] {
            let id = next;
            next += 1;
            let name = format!("run_stage:{stage}");
            let end = at + length * MS;
            let attributes = [
                ("stage_id", Value::Str(stage)),
                ("profile", Value::Str("nightly")),
            ];
            engine.span(Part {
                id,
                parent: 1,
                name: &name,
                from: at,
                to: end,
                attributes: &attributes,
                ..Part::default()
            });
            engine.log(
                at + MS,
                id,
                9,
                &format!("stage {stage} begins"),
                &[("stage_id", Value::Str(stage))],
            );
            if stage == "backtest" {
                sleeves(&mut worker, &mut random, id, &mut next, at, end);
            } else {
                calls(&mut engine, &mut random, id, &mut next, at, end);
            }
            at = end + 6 * MS;
        }
        let root = [
            ("profile", Value::Str("nightly")),
            ("type", Value::Str("pipeline")),
        ];
        engine.span(Part {
            id: 1,
            name: "pipeline:nightly",
            to: at,
            attributes: &root,
            ..Part::default()
        });
        engine.log(at, 1, 9, "pipeline done", &[]);
        engine.close();
        worker.close();
        at
    })
}

fn calls(recorder: &mut Recorder, random: &mut Lcg, parent: u64, next: &mut u64, from: u64, to: u64) {
    let mut at = from + 4 * MS;
    while at + 30 * MS < to {
        let length = (12 + random.below(60)) * MS;
        let symbol = ["BTCUSDT", "ETHUSDT", "AAPL", "MSFT"][random.below(4) as usize];
        let fails = random.below(14) == 0;
        let attributes = [
            ("provider", Value::Str("finnhub")),
            ("operation", Value::Str("candles")),
            ("symbol", Value::Str(symbol)),
            ("rows", Value::I64(random.below(5_000) as i64)),
        ];
        let end = (at + length).min(to - MS);
        let error = fails.then_some(("TimeoutError", "candles: no answer within 2 s"));
        recorder.span(Part {
            id: *next,
            parent,
            name: "adapter.candles",
            from: at,
            to: end,
            attributes: &attributes,
            error,
        });
        if fails {
            recorder.log(
                end,
                *next,
                13,
                "candles timed out, will try again",
                &[("symbol", Value::Str(symbol))],
            );
        }
        *next += 1;
        at += length + 3 * MS;
    }
}

fn sleeves(recorder: &mut Recorder, random: &mut Lcg, parent: u64, next: &mut u64, from: u64, to: u64) {
    let fan_out = *next;
    *next += 1;
    let attributes = [("n_sleeves", Value::I64(4)), ("parallelism", Value::I64(4))];
    recorder.span(Part {
        id: fan_out,
        parent,
        name: "execute_sleeves",
        from: from + 5 * MS,
        to: to - 5 * MS,
        attributes: &attributes,
        ..Part::default()
    });
    for (number, symbol) in ["BTCUSDT", "ETHUSDT", "AAPL", "MSFT"].into_iter().enumerate() {
        let id = *next;
        *next += 1;
        let end = to - (10 + 260 * number as u64) * MS;
        let attributes = [
            ("symbol", Value::Str(symbol)),
            ("node_ip", Value::Str("10.0.0.7")),
        ];
        recorder.span(Part {
            id,
            parent: fan_out,
            name: "run_pipeline",
            from: from + 10 * MS,
            to: end,
            attributes: &attributes,
            ..Part::default()
        });
        nav(recorder, random, id, from + 12 * MS);
        let mut at = from + 14 * MS;
        while at + 90 * MS < end {
            let length = (40 + random.below(180)) * MS;
            let step = ["run_step:load", "run_step:signal", "run_step:fill"][random.below(3) as usize];
            recorder.span(Part {
                id: *next,
                parent: id,
                name: step,
                from: at,
                to: (at + length).min(end),
                ..Part::default()
            });
            *next += 1;
            at += length + 2 * MS;
        }
    }
}

fn nav(recorder: &mut Recorder, random: &mut Lcg, span: u64, from: u64) {
    let (mut nav, mut epoch) = (1.0, 0);
    for bar in 0..120_i64 {
        nav *= 1.0 + (random.below(2_000) as f64 - 920.0) / 100_000.0;
        let at = from + bar as u64 * 10 * MS;
        let features = [
            ("nav_at_decision", Value::F64(nav)),
            ("bull_ith_epochs", Value::I64(epoch)),
            ("bar_index", Value::I64(bar)),
        ];
        let id = format!("d-{span}-{bar}");
        recorder.event(
            at,
            span,
            "decision.snapshot",
            &[
                ("decision_id", Value::Str(&id)),
                ("timestamp_ns", Value::I64((BEGAN + at) as i64)),
                ("features_at_decision", Value::Map(&features)),
            ],
        );
        if bar % 17 == 16 {
            epoch += 1;
            let side = if epoch % 4 == 0 { "bear" } else { "bull" };
            recorder.event(
                at,
                span,
                "epoch_detected",
                &[
                    ("epoch_index", Value::I64(epoch)),
                    ("bar_index", Value::I64(bar)),
                    (
                        "excess_gain",
                        Value::F64(0.03 + random.below(60) as f64 / 1_000.0),
                    ),
                    ("excess_loss", Value::F64(random.below(40) as f64 / 1_000.0)),
                    ("position_type", Value::Str(side)),
                ],
            );
        }
    }
}

/// Stages one after the other, each with as many calls.
pub(crate) fn large(stages: u64, calls: u64) -> Recorded {
    recorded(RunStatus::Succeeded, |tapes| {
        let mut engine = Recorder::new(tapes, "quant-engine");
        let mut random = Lcg(11);
        let (mut at, mut next) = (MS, 2);
        for stage in 0..stages {
            let (id, from) = (next, at);
            next += 1;
            for _ in 0..calls {
                let length = (1 + random.below(9)) * MS;
                let attributes = [
                    (
                        "provider",
                        Value::Str(["finnhub", "binance", "polygon"][random.below(3) as usize]),
                    ),
                    ("operation", Value::Str("candles")),
                    ("rows", Value::I64(random.below(100_000) as i64)),
                    ("cached", Value::Bool(random.below(2) == 0)),
                ];
                engine.span(Part {
                    id: next,
                    parent: id,
                    name: "adapter.candles",
                    from: at,
                    to: at + length,
                    attributes: &attributes,
                    ..Part::default()
                });
                next += 1;
                at += length;
            }
            at += MS;
            let name = format!("run_stage:s{stage:04}");
            engine.span(Part {
                id,
                parent: 1,
                name: &name,
                from,
                to: at,
                ..Part::default()
            });
        }
        engine.span(Part {
            id: 1,
            name: "pipeline:nightly",
            to: at,
            ..Part::default()
        });
        engine.close();
        at
    })
}
