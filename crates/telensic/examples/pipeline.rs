//! A small pipeline, recorded: stages, sleeves on threads, an error, events, logs, and a secret that is masked.
//!
//! `cargo run --example pipeline -- DIR` runs to the end; with `--hang` it stops in the middle of a stage and waits
//! to be killed.

use std::io::Write;
use std::num::ParseFloatError;
use std::thread;
use std::time::Duration;

use telensic::{Builder, Key, Severity, Status};

const STAGE_ID: Key<'static> = Key::new("stage_id");
const SYMBOL: Key<'static> = Key::new("symbol");

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let dir = arguments
        .iter()
        .find(|argument| !argument.starts_with("--"))
        .map_or("data", String::as_str);
    let hangs = arguments.iter().any(|argument| argument == "--hang");

    let _guard = Builder::new("example-pipeline")
        .version("1.0")
        .environment("demo")
        .dir(dir)
        .init();
    if let Some(tape) = telensic::tape_path() {
        writeln!(std::io::stdout(), "{}", tape.display())?;
    }

    let mut root = telensic::root_span("pipeline:demo")
        .with("profile", "demo")
        .entered();
    let prices = load();
    execute_sleeves(&prices);
    if hangs {
        let _stage = telensic::span("run_stage:selection")
            .with(STAGE_ID, "selection")
            .entered();
        telensic::log(Severity::Warn, "waiting for a provider that never answers").emit();
        thread::park();
    }
    root.set_status(Status::Ok);
    Ok(())
}

/// Reads a few quotes, of which one is broken.
fn load() -> Vec<f64> {
    let mut stage = telensic::span("run_stage:load")
        .with(STAGE_ID, "load")
        .with("source", "https://user:hunter2-is-secret@quotes.example/nav.csv")
        .entered();
    let lines = ["1.00", "1.03", "1.01", "1.O6", "1.04"];
    let prices: Vec<f64> = lines.iter().filter_map(|line| parse(line).ok()).collect();
    stage.set("rows", prices.len());
    telensic::event("data.load")
        .with("source_path", "nav.csv")
        .with("row_count", prices.len())
        .emit();
    prices
}

fn parse(line: &str) -> Result<f64, ParseFloatError> {
    line.parse().inspect_err(|error| {
        telensic::current().record_error(error);
        telensic::log(Severity::Error, "a quote cannot be read")
            .with("line", line)
            .error(error)
            .emit();
    })
}

/// Runs one sleeve a symbol, each on a thread of its own, all in this trace.
fn execute_sleeves(prices: &[f64]) {
    let symbols = ["BTCUSDT", "ETHUSDT", "ES=F"];
    let _span = telensic::span("execute_sleeves")
        .with("n_sleeves", symbols.len())
        .entered();
    let context = telensic::current_context();
    thread::scope(|scope| {
        for (index, symbol) in symbols.into_iter().enumerate() {
            let context = context.clone();
            scope.spawn(move || {
                let _attached = telensic::attach(context);
                let mut sleeve = telensic::span("run_pipeline").with(SYMBOL, symbol).entered();
                thread::sleep(Duration::from_millis(20 * (index as u64 + 1)));
                let mean = prices.iter().sum::<f64>() / prices.len() as f64;
                sleeve.set("mean", mean);
                telensic::log(Severity::Info, "sleeve done")
                    .with(SYMBOL, symbol)
                    .with("mean", mean)
                    .emit();
            });
        }
    });
}
