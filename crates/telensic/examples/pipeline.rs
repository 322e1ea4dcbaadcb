//! A small pipeline, recorded as a run: an input, stages, sleeves on threads, epochs, a decision, a secret that is masked.
//!
//! `cargo run --release -p telensic --example pipeline -- NAV.csv` runs to its end; with `--hang` it stops in the middle
//! of a stage and waits to be killed.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;
use telensic::events::{
    AlgorithmInit, AlgorithmResult, DecisionSnapshot, EpochDetected, FeaturesAtDecision, Fields,
    PositionType, Thresholds,
};
use telensic::{Builder, Key, Run, Severity, record};

const STAGE_ID: Key<'static> = Key::new("stage_id");
const SYMBOL: Key<'static> = Key::new("symbol");
const HURDLE: f64 = 0.05;
const SEED: u64 = 42;

fn main() -> Result<(), Box<dyn Error>> {
    let mut input = PathBuf::from("nav.csv");
    let mut hangs = false;
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--hang" => hangs = true,
            path => input = path.into(),
        }
    }
    let recorder = Builder::new("example-pipeline")
        .version("1.0")
        .environment("demo");
    let run = Run::builder("demo").kind("backtest").recorder(recorder).start()?;
    run.seed("sleeves", SEED)?;
    run.config(json!({ "hurdle": HURDLE, "symbols": SYMBOLS, "api_key": "hunter2-is-secret" }))?;

    let nav = match load(&run, &input) {
        Ok(nav) => nav,
        Err(error) => {
            run.fail(&*error)?;
            return Err(error);
        }
    };
    let epochs = execute_sleeves(&nav);
    if hangs {
        let _stage = telensic::span("run_stage:selection")
            .with(STAGE_ID, "selection")
            .entered();
        telensic::log(Severity::Warn, "waiting for a provider that never answers").emit();
        loop {
            thread::sleep(Duration::from_secs(1));
        }
    }
    decide(&nav, epochs);
    if let Some(concluded) = run.finish()? {
        writeln!(std::io::stdout(), "{}", concluded.run.path().display())?;
    }
    Ok(())
}

const SYMBOLS: [&str; 3] = ["BTCUSDT", "ETHUSDT", "ES=F"];

/// Reads the net asset values: the second column of a CSV file.
fn load(run: &Run, input: &PathBuf) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut stage = telensic::span("run_stage:load")
        .with(STAGE_ID, "load")
        .with("source", "https://user:hunter2-is-secret@quotes.example/nav.csv")
        .entered();
    run.input(input)?;
    let text = std::fs::read_to_string(input).inspect_err(|error| stage.record_error(error))?;
    let cells = text.lines().skip(1).filter_map(|line| line.split(',').nth(1));
    let nav = cells.map(str::parse).collect::<Result<Vec<f64>, _>>();
    let nav = nav.inspect_err(|error| stage.record_error(error))?;
    stage.set("rows", nav.len());
    Ok(nav)
}

/// Runs one sleeve a symbol, each on a thread of its own, all in this trace; how many epochs each found.
fn execute_sleeves(nav: &[f64]) -> usize {
    let _span = telensic::span("execute_sleeves")
        .with("n_sleeves", SYMBOLS.len())
        .with("parallelism", SYMBOLS.len())
        .entered();
    let context = telensic::current_context();
    thread::scope(|scope| {
        let sleeves = SYMBOLS.map(|symbol| {
            let context = context.clone();
            scope.spawn(move || {
                let _attached = telensic::attach(context);
                let _sleeve = telensic::span("run_pipeline").with(SYMBOL, symbol).entered();
                run_sleeve(symbol, nav)
            })
        });
        sleeves.into_iter().map(|sleeve| sleeve.join().unwrap_or(0)).sum()
    })
}

fn run_sleeve(symbol: &str, nav: &[f64]) -> usize {
    let config = Fields::from([("hurdle", HURDLE)]);
    record(&AlgorithmInit::new("ith", "1.0").random_seed(SEED).config(config));
    let epochs = epochs(nav);
    record(&AlgorithmResult::new(Fields::from([(
        "bull_ith_epochs",
        epochs as f64,
    )])));
    telensic::log(Severity::Info, "sleeve done")
        .with(SYMBOL, symbol)
        .with("epochs", epochs)
        .emit();
    epochs
}

/// An epoch ends whenever the gain since the last one beats both the loss meanwhile and the hurdle.
fn epochs(nav: &[f64]) -> usize {
    let Some(first) = nav.first() else { return 0 };
    let (mut base, mut crest, mut nadir, mut gain, mut loss, mut found) =
        (*first, *first, *first, 0.0, 0.0, 0_usize);
    for (bar, pair) in nav.windows(2).enumerate() {
        let (previous, value) = (pair[0], pair[1]);
        if value > crest {
            gain = value / base - 1.0;
            crest = value;
        }
        if value < nadir {
            loss = 1.0 - value / base;
            nadir = value;
        }
        if gain > loss && gain > HURDLE && crest >= base {
            let event = EpochDetected::new(found as u64, bar as u64 + 1, gain, loss)
                .endorsing_crest(crest)
                .candidate_nadir(nadir)
                .tmaeg_threshold(HURDLE)
                .position_type(PositionType::Bull);
            record(&event);
            (base, nadir, gain, loss, found) = (crest, previous, 0.0, 0.0, found + 1);
        }
    }
    found
}

fn decide(nav: &[f64], epochs: usize) {
    let _stage = telensic::span("run_stage:selection")
        .with(STAGE_ID, "selection")
        .entered();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let features = FeaturesAtDecision::new()
        .nav_at_decision(nav.last().copied().unwrap_or(f64::NAN))
        .with("epochs_of_all_sleeves", epochs as f64);
    let decision = DecisionSnapshot::new("decision-1", now.as_nanos() as i64, features)
        .thresholds(Thresholds::new().tmaeg_value(HURDLE));
    record(&decision);
}
