//! Receiving spans by OTLP/HTTP, onto a real tape. The client is a process of its own that repeats one encoded request,
//! so that what is measured is the receiver alone.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message as _;
use telensic_benches::Outcome;
use telensic_redact::Redactor;
use telensic_run::{DataRoot, RunId};
use telensic_server::intake::{RunIntake, RunIntakeOptions};
use telensic_server::receivers::otlp_http::{Limits, Receiver};

use crate::cases::{Case, Section};
use crate::figures::{Measured, ensure};
use crate::site::Site;
use crate::stopwatch::{Stopwatch, Whose};

const BATCH: u64 = 512;
const REQUESTS: u64 = 1000;

pub(crate) const CASES: &[Case] = &[
    case("protobuf", |site| receive(site, Form::Protobuf)),
    case("protobuf, a secret in each span", |site| {
        receive(site, Form::ProtobufWithSecrets)
    }),
    case("JSON", |site| receive(site, Form::Json)),
];

const fn case(name: &'static str, measure: fn(&Site) -> Outcome<Measured>) -> Case {
    Case {
        section: Section::Receiving,
        name,
        measure,
    }
}

/// What is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Protobuf,
    /// Each of the spans has to be written anew.
    ProtobufWithSecrets,
    Json,
}

impl Form {
    const ALL: [Self; 3] = [Self::Protobuf, Self::ProtobufWithSecrets, Self::Json];

    fn name(self) -> &'static str {
        match self {
            Self::Protobuf => "protobuf",
            Self::ProtobufWithSecrets => "protobuf-with-secrets",
            Self::Json => "json",
        }
    }

    pub(crate) fn named(name: &str) -> Outcome<Self> {
        let form = Self::ALL.into_iter().find(|form| form.name() == name);
        Ok(form.ok_or_else(|| format!("no form of requests is called `{name}`"))?)
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Protobuf | Self::ProtobufWithSecrets => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }

    /// A request of spans with four attributes.
    fn request(self) -> Outcome<Vec<u8>> {
        let attribute = |key: &str, value| KeyValue {
            key: key.to_owned(),
            value: Some(AnyValue { value: Some(value) }),
            ..KeyValue::default()
        };
        let note = match self {
            Self::ProtobufWithSecrets => "password=correct-horse",
            Self::Protobuf | Self::Json => "an ordinary note",
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
        match self {
            Self::Json => Ok(serde_json::to_vec(&request)?),
            Self::Protobuf | Self::ProtobufWithSecrets => Ok(request.encode_to_vec()),
        }
    }
}

fn receive(site: &Site, form: Form) -> Outcome<Measured> {
    let root = DataRoot::new(site.scratch().join("received"));
    let run = root.create_run(RunId::new())?;
    let intake = RunIntake::open(&run, Arc::new(Redactor::default()), RunIntakeOptions::default());
    let intake = Arc::new(intake);
    let receiver = Receiver::bind(([127, 0, 0, 1], 0).into(), Limits::default(), intake.clone())?;
    let watch = Stopwatch::start(Whose::This)?;
    let client = Command::new(std::env::current_exe()?)
        .args(["--send", &receiver.address().to_string(), form.name()])
        .status()?;
    receiver.shutdown(Duration::from_secs(5));
    let spans = intake.finish().spans;
    let effort = watch.stop()?;
    fs::remove_dir_all(root.path())?;
    ensure(client.success() && spans == BATCH * REQUESTS, || {
        format!("{spans} of {} spans are on the tape", BATCH * REQUESTS)
    })?;
    let result = format!("{spans} spans of {} bytes", form.request()?.len() as u64 / BATCH);
    Ok(Measured::taken(effort, spans, result))
}

/// The client: sends the request again and again, over one connection.
pub(crate) fn send(address: &str, form: Form) -> Outcome<()> {
    let body = form.request()?;
    let mut bytes = format!(
        "POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: {}\r\ncontent-length: {}\r\n\r\n",
        form.content_type(),
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
