//! What receiving costs: spans a second and CPU a span, over a real socket, onto a real tape.
//!
//!     cargo run --release -p telensic-server --example cost [-- DIRECTORY]
//!
//! The client is a process of its own that repeats one encoded request of 512 spans, so that what is measured here is
//! the receiver alone. CPU time is read where Linux keeps it.

#![expect(clippy::print_stdout, reason = "printing is what this program is for")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;
use telensic_redact::Redactor;
use telensic_run::{DataRoot, RunId};
use telensic_server::intake::{RunIntake, RunIntakeOptions};
use telensic_server::receivers::otlp_http::{Limits, Receiver};

const BATCH: u64 = 512;
const REQUESTS: u64 = 2000;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [role, address, form] if role == "client" => client(address, form),
        [directory] => measure(directory),
        _ => measure(
            std::env::temp_dir()
                .join("telensic-cost")
                .to_str()
                .unwrap_or("cost"),
        ),
    }
}

fn measure(directory: &str) -> Result<(), Failure> {
    println!("{BATCH} spans a request, {REQUESTS} requests, one connection");
    println!(
        "{:<22}{:>12}{:>16}{:>14}",
        "form", "bytes/span", "spans/s", "CPU ns/span"
    );
    for form in ["protobuf", "protobuf, a secret", "json"] {
        let run = DataRoot::new(directory).create_run(RunId::new())?;
        let intake = RunIntake::open(&run, Arc::new(Redactor::default()), RunIntakeOptions::default());
        let intake = Arc::new(intake);
        let receiver = Receiver::bind(([127, 0, 0, 1], 0).into(), Limits::default(), intake.clone())?;
        let (cpu, start) = (cpu_time()?, Instant::now());
        let client = Command::new(std::env::current_exe()?)
            .args(["client", &receiver.address().to_string(), form])
            .status()?;
        let (wall, cpu) = (start.elapsed(), cpu_time()? - cpu);
        receiver.shutdown(Duration::from_secs(5));
        let spans = intake.finish().spans;
        if !client.success() || spans != BATCH * REQUESTS {
            return Err(format!("{spans} of {} spans are on the tape", BATCH * REQUESTS).into());
        }
        println!(
            "{form:<22}{:>12}{:>16.0}{:>14.0}",
            request(form).len() as u64 / BATCH,
            spans as f64 / wall.as_secs_f64(),
            cpu.as_nanos() as f64 / spans as f64
        );
    }
    std::fs::remove_dir_all(directory)?;
    Ok(())
}

fn client(address: &str, form: &str) -> Result<(), Failure> {
    let content_type = if form == "json" { "json" } else { "x-protobuf" };
    let body = request(form);
    let mut bytes = format!(
        "POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/{content_type}\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(&body);
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answer = [0; 1024];
    for _ in 0..REQUESTS {
        stream.write_all(&bytes)?;
        let len = stream.read(&mut answer)?;
        if !answer[..len].starts_with(b"HTTP/1.1 200") {
            return Err(String::from_utf8_lossy(&answer[..len]).into());
        }
    }
    Ok(())
}

/// A request of spans with four attributes; where there is a secret, each of them has to be written anew.
fn request(form: &str) -> Vec<u8> {
    let attribute = |key: &str, value| KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue { value: Some(value) }),
        ..KeyValue::default()
    };
    let note = if form.ends_with("a secret") {
        "password=correct-horse"
    } else {
        "an ordinary note"
    };
    let spans = (1..=BATCH).map(|number| Span {
        trace_id: vec![7; 16],
        span_id: number.to_be_bytes().to_vec(),
        parent_span_id: vec![9; 8],
        name: "run_step:load_prices".to_owned(),
        kind: 1,
        start_time_unix_nano: 1_769_342_400_000_000_000,
        end_time_unix_nano: 1_769_342_400_001_000_000,
        attributes: vec![
            attribute("run_id", Value::StringValue("20260125-120000-0abc".to_owned())),
            attribute("symbol", Value::StringValue("BTCUSDT".to_owned())),
            attribute("step", Value::IntValue(number as i64)),
            attribute("note", Value::StringValue(note.to_owned())),
        ],
        ..Span::default()
    });
    let request = ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            scope_spans: vec![ScopeSpans {
                spans: spans.collect(),
                ..ScopeSpans::default()
            }],
            ..ResourceSpans::default()
        }],
    };
    match form {
        "json" => serde_json::to_vec(&request).unwrap_or_default(),
        _ => request.encode_to_vec(),
    }
}

/// The CPU time of all threads of this process.
fn cpu_time() -> Result<Duration, Failure> {
    let mut total = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let schedstat = std::fs::read_to_string(task?.path().join("schedstat"))?;
        total += schedstat.split(' ').next().unwrap_or_default().parse::<u64>()?;
    }
    Ok(Duration::from_nanos(total))
}
