//! `telensic export` and `telensic import`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::UInt64Type;
use flate2::write::GzEncoder;
use opentelemetry_proto::tonic::logs::v1::LogsData;
use opentelemetry_proto::tonic::trace::v1::{Span, TracesData};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use prost::Message;
use serde_json::Value;

use crate::support::{Plan, Runs, json, json_lines, snapshot};

/// Exports to a file of this name.
#[track_caller]
fn export(runs: &Runs, run: &str, format: &str, signal: &str, file: &str) -> PathBuf {
    let said = runs
        .telensic(&["export", run, "-f", format, "--signal", signal, "-o", file])
        .well();
    assert!(said.ends_with(&format!(" in {file}\n")), "{said}");
    runs.path().join(file)
}

/// Takes these in; the directory of the run that came of it.
#[track_caller]
fn import(runs: &Runs, paths: &[&str]) -> PathBuf {
    let words = [&["import", "--json", "--profile", "elsewhere"], paths].concat();
    let document = json(&runs.telensic(&words).well());
    PathBuf::from(document["path"].as_str().unwrap())
}

/// The spans of an OTLP file, by their ids.
fn spans(file: &Path) -> BTreeMap<Vec<u8>, Span> {
    let data = TracesData::decode(&fs::read(file).unwrap()[..]).unwrap();
    let scopes = data.resource_spans.into_iter().flat_map(|of| of.scope_spans);
    scopes
        .flat_map(|scope| scope.spans)
        .map(|span| (span.span_id.clone(), span))
        .collect()
}

/// The records in lines of OTLP JSON, each as text.
fn records(lines: &str, [resources, scopes, list]: [&str; 3]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in json_lines(lines) {
        for scope in line[resources][0][scopes].as_array().unwrap() {
            found.extend(scope[list].as_array().unwrap().iter().map(Value::to_string));
        }
    }
    found
}

/// How many log records and events the readings of a run tell of.
fn told(runs: &Runs, run: &str) -> usize {
    let lines = |command: &str| json_lines(&runs.telensic(&[command, "--json", run]).well()).len();
    lines("logs") + lines("events")
}

const SPANS: [&str; 3] = ["resourceSpans", "scopeSpans", "spans"];
const LOGS: [&str; 3] = ["resourceLogs", "scopeLogs", "logRecords"];

#[test]
fn otlp_that_is_exported_decodes_elsewhere_and_imports_as_the_same_records() {
    let (runs, [place]) = Runs::with([Plan::TradeOtherwise]);
    let run = place.to_str().unwrap();
    let file = export(&runs, run, "otlp", "spans", "spans.pb");
    let exported = spans(&file);
    let names: BTreeSet<&str> = exported.values().map(|span| span.name.as_str()).collect();
    assert_eq!(
        names,
        BTreeSet::from(["pipeline:nightly", "run_stage:load", "run_stage:trade"])
    );
    let logs = fs::read(export(&runs, run, "otlp", "logs", "logs.pb")).unwrap();
    let logs = LogsData::decode(&logs[..]).unwrap();
    let log_count: usize = logs
        .resource_logs
        .iter()
        .flat_map(|of| &of.scope_logs)
        .map(|scope| scope.log_records.len())
        .sum();
    assert_eq!(log_count, told(&runs, run));

    let again = import(&runs, &["spans.pb"]);
    let back = spans(&export(
        &runs,
        again.to_str().unwrap(),
        "otlp",
        "spans",
        "again.pb",
    ));
    for (id, span) in &exported {
        assert_eq!(back.get(id), Some(span));
    }
    runs.telensic(&["verify", again.to_str().unwrap()]).well();
}

#[test]
fn otlp_json_goes_out_and_comes_in_plain_and_gzipped() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    let run = place.to_str().unwrap();
    let mut both = Vec::new();
    for (signal, kind) in [("spans", SPANS), ("logs", LOGS)] {
        let file = export(&runs, run, "otlp-json", signal, &format!("{signal}.json"));
        let text = fs::read_to_string(&file).unwrap();
        assert!(!records(&text, kind).is_empty(), "{text}");
        both.push((signal, kind, text));
    }
    let zipped = File::create(runs.path().join("logs.json.gz")).unwrap();
    let mut zipped = GzEncoder::new(zipped, flate2::Compression::fast());
    zipped.write_all(both[1].2.as_bytes()).unwrap();
    zipped.finish().unwrap();

    let again = import(&runs, &["spans.json", "logs.json.gz"]);
    let again = again.to_str().unwrap();
    let shown = runs.telensic(&["show", again]).well();
    assert!(shown.contains("elsewhere"), "{shown}");
    for (signal, kind, text) in &both {
        let file = export(&runs, again, "otlp-json", signal, "again.json");
        let back = records(&fs::read_to_string(file).unwrap(), *kind);
        let lost: Vec<_> = records(text, *kind).difference(&back).cloned().collect();
        assert_eq!(lost, Vec::<String>::new());
    }
}

#[test]
fn a_trace_for_perfetto_nests_in_each_of_its_lanes() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    let run = place.to_str().unwrap();
    let count = spans(&export(&runs, run, "otlp", "spans", "spans.pb")).len();
    let trace = runs.telensic(&["export", run, "--format", "chrome"]).well();
    let events = json(&trace)["traceEvents"].as_array().unwrap().clone();
    let mut lanes: BTreeMap<(u64, u64), Vec<(f64, f64)>> = BTreeMap::new();
    for event in events.iter().filter(|event| event["ph"] == "X") {
        let number = |name: &str| event[name].as_f64().unwrap();
        let lane = (event["pid"].as_u64().unwrap(), event["tid"].as_u64().unwrap());
        let end = number("ts") + number("dur");
        lanes.entry(lane).or_default().push((number("ts"), end));
    }
    assert_eq!(lanes.values().map(Vec::len).sum::<usize>(), count);
    for spans in lanes.values() {
        for (number, one) in spans.iter().enumerate() {
            for other in &spans[number + 1..] {
                let is_apart = one.1 <= other.0 || other.1 <= one.0;
                let is_within =
                    (one.0 <= other.0 && other.1 <= one.1) || (other.0 <= one.0 && one.1 <= other.1);
                assert!(is_apart || is_within, "{one:?} and {other:?} cross");
            }
        }
    }
    assert!(
        events
            .iter()
            .any(|event| event["ph"] == "i" && event["name"] == "epoch_detected")
    );
}

#[test]
fn a_parquet_table_holds_every_span_and_every_log() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    let run = place.to_str().unwrap();
    let exported = spans(&export(&runs, run, "otlp", "spans", "spans.pb"));
    let table = |signal: &str| {
        let file = File::open(export(&runs, run, "parquet", signal, "table.parquet")).unwrap();
        let reader = ParquetRecordBatchReaderBuilder::try_new(file)
            .unwrap()
            .build()
            .unwrap();
        reader.map(Result::unwrap).next().unwrap()
    };
    let batch = table("spans");
    assert_eq!(batch.num_rows(), exported.len());
    let text = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>().clone();
    let (ids, names, attributes) = (text("span_id"), text("name"), text("attributes"));
    let durations = batch
        .column_by_name("duration_ns")
        .unwrap()
        .as_primitive::<UInt64Type>();
    for row in 0..batch.num_rows() {
        let id = u64::from_str_radix(ids.value(row), 16).unwrap().to_be_bytes();
        let span = &exported[&id[..]];
        assert_eq!(names.value(row), span.name);
        let duration = span.end_time_unix_nano - span.start_time_unix_nano;
        assert_eq!(durations.value(row), duration);
        let document: BTreeMap<String, Value> = serde_json::from_str(attributes.value(row)).unwrap();
        assert_eq!(document.len(), span.attributes.len());
    }
    let logs = table("logs");
    let events = logs.column_by_name("event").unwrap().as_string::<i32>();
    assert!((0..logs.num_rows()).any(|row| !events.is_null(row) && events.value(row) == "trade.fill"));
    let complaint = runs.telensic(&["export", run, "-f", "parquet", "--signal", "metrics"]);
    assert_eq!(complaint.code, 2);
    assert!(
        complaint.stderr.contains("use --format otlp"),
        "{}",
        complaint.stderr
    );
}

#[test]
fn a_run_directory_keeps_its_id_and_its_proof_in_another_root() {
    let (here, [place]) = Runs::with([Plan::Trade]);
    let there = Runs::new();
    let brought = import(&there, &[place.to_str().unwrap()]);
    assert_eq!(brought.file_name(), place.file_name());
    let mut copied = snapshot(&brought);
    copied.retain(|path, _| path.is_file());
    assert_eq!(
        copied.len(),
        snapshot(&place).keys().filter(|path| path.is_file()).count()
    );
    let text = there.telensic(&["verify", "--all"]).well();
    assert!(text.contains("verified  ledger: 1 line"), "{text}");
    let listed = there.telensic(&["ls", "--json"]).well();
    assert!(
        listed.contains(place.file_name().unwrap().to_str().unwrap()),
        "{listed}"
    );

    let before = snapshot(&there.root());
    let complaint = there.telensic(&["import", place.to_str().unwrap()]).refusal();
    assert!(complaint.contains("nothing is overwritten"), "{complaint}");
    assert_eq!(snapshot(&there.root()), before);
    drop(here);
}

#[test]
fn a_pack_comes_in_as_the_run_it_was_made_of() {
    let (here, [place]) = Runs::with([Plan::Trade]);
    here.telensic(&["pack", place.to_str().unwrap(), "-o", "evidence.html"])
        .well();
    let there = Runs::new();
    let pack = here.path().join("evidence.html");
    let brought = import(&there, &[pack.to_str().unwrap()]);
    assert_eq!(
        fs::read(brought.join("seal.json")).unwrap(),
        fs::read(place.join("seal.json")).unwrap()
    );
    there.telensic(&["verify", brought.to_str().unwrap()]).well();
    there.telensic(&["replay", brought.to_str().unwrap()]).well();
}

#[test]
fn a_run_that_was_altered_on_its_way_comes_in_and_is_named() {
    let (here, [place]) = Runs::with([Plan::Trade]);
    let events = place.join("events.jsonl");
    let text = fs::read_to_string(&events).unwrap().replace("BTCUSDT", "ETHUSDT");
    fs::write(&events, text).unwrap();
    let there = Runs::new();
    let ran = there.telensic(&["import", place.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("events.jsonl was altered"), "{}", ran.stderr);
    drop(here);
}

#[test]
fn what_is_no_otlp_is_refused_in_one_line_and_leaves_nothing() {
    let runs = Runs::new();
    let write = |name: &str, bytes: &[u8]| fs::write(runs.path().join(name), bytes).unwrap();
    write("garbage.pb", b"\xff\xfe\xfd not protobuf at all");
    write("half.json", b"{\"resourceSpans\":[{\"scopeSpans\":[");
    write("lines.json", b"{\"resourceSpans\":[]}\n{\"resourceSpans\":7}\n");
    write("cut.json.gz", &[0x1f, 0x8b, 8, 0, 0, 0]);
    for (name, words) in [
        ("garbage.pb", "garbage.pb cannot be imported"),
        ("half.json", "half.json cannot be imported"),
        ("lines.json", "lines.json cannot be imported: line 2"),
        ("cut.json.gz", "cut.json.gz cannot be imported"),
        ("missing.json", "missing.json cannot be imported"),
    ] {
        let complaint = runs.telensic(&["import", name]).refusal();
        assert!(complaint.contains(words), "{complaint}");
    }
    assert!(snapshot(&runs.root()).is_empty());
}
