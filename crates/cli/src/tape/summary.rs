//! What a tape's header and chunks say of it as a whole; also the JSON document.

use std::collections::BTreeMap;
use std::io;

use serde::{Serialize, Serializer};
use telensic_tape::{ChunkState, ClockSource, Damage, Loss, OpenSpanRecord, Signal, Tape, WriterState};

use super::open_spans::OpenSpan;
use super::otlp_json;
use crate::exit::Outcome;

/// A tape at a glance. Times and other 64-bit nanoseconds are text in JSON, where numbers have 53 bits.
#[derive(Serialize)]
pub(crate) struct Summary {
    pub(crate) path: String,
    pub(crate) format_version: u32,
    pub(crate) file_bytes: u64,
    pub(crate) tape_id: String,
    #[serde(serialize_with = "state_name")]
    pub(crate) state: WriterState,
    pub(crate) service: Option<String>,
    pub(crate) service_version: Option<String>,
    pub(crate) environment: Option<String>,
    pub(crate) run_id: Option<String>,
    pub(crate) host: String,
    pub(crate) pid: u32,
    #[serde(serialize_with = "as_text")]
    pub(crate) started_unix_nano: u64,
    pub(crate) mode: &'static str,
    pub(crate) budget_bytes: Option<u64>,
    pub(crate) clock: ClockFacts,
    pub(crate) lost: BTreeMap<&'static str, u64>,
    pub(crate) unlisted: u64,
    pub(crate) contents: Vec<Content>,
    #[serde(serialize_with = "as_spans")]
    pub(crate) open_spans: Vec<OpenSpanRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) chunks: Option<Vec<ChunkFacts>>,
    pub(crate) checked: bool,
    #[serde(serialize_with = "as_messages")]
    pub(crate) damage: Vec<Damage>,
    /// The resource's attributes as OTLP JSON has them.
    pub(crate) resource: serde_json::Value,
}

/// What the writer's clock counted by.
#[derive(Serialize)]
pub(crate) struct ClockFacts {
    pub(crate) source: &'static str,
    pub(crate) nanos_per_tick: f64,
    #[serde(serialize_with = "as_text")]
    pub(crate) step_nano: i64,
}

/// What there is of one signal and scope.
#[derive(Serialize)]
pub(crate) struct Content {
    pub(crate) signal: &'static str,
    pub(crate) scope: String,
    pub(crate) scope_version: String,
    pub(crate) chunks: u64,
    pub(crate) records: u64,
    pub(crate) bytes: u64,
    #[serde(serialize_with = "as_text")]
    pub(crate) first_unix_nano: u64,
    #[serde(serialize_with = "as_text")]
    pub(crate) last_unix_nano: u64,
}

/// One chunk's header.
#[derive(Serialize)]
pub(crate) struct ChunkFacts {
    pub(crate) id: u64,
    pub(crate) state: &'static str,
    pub(crate) signal: &'static str,
    pub(crate) scope: Option<String>,
    pub(crate) exported: bool,
    pub(crate) thread: u32,
    pub(crate) records: u64,
    pub(crate) bytes: u64,
    #[serde(serialize_with = "as_text")]
    pub(crate) first_unix_nano: u64,
    #[serde(serialize_with = "as_text")]
    pub(crate) last_unix_nano: u64,
    pub(crate) link: Option<u64>,
    pub(crate) hash: Option<String>,
}

fn as_text<T: ToString, S: Serializer>(number: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&number.to_string())
}

fn as_spans<S: Serializer>(spans: &[OpenSpanRecord], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(spans.iter().map(OpenSpan))
}

fn as_messages<S: Serializer>(damage: &[Damage], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(damage.iter().map(ToString::to_string))
}

impl Summary {
    /// Reads a tape; `check` looks at every byte. An error is one line.
    pub(crate) fn of(tape: &Tape, check: bool, with_chunks: bool) -> Result<Self, String> {
        let path = tape.path().display();
        let unreadable = |error: io::Error| format!("cannot read {path}: {error}");
        let head = tape.head();
        let anchor = head.anchor();
        let mut damage = if check {
            tape.check()
        } else {
            tape.damage().to_vec()
        };
        let (contents, chunks) = contents(tape, with_chunks, &mut damage);
        let text = |key: &str| head.resource_text(key).map(str::to_owned);
        Ok(Self {
            path: path.to_string(),
            format_version: head.version().0,
            file_bytes: std::fs::metadata(tape.path()).map_err(unreadable)?.len(),
            tape_id: hex(&head.tape_id()),
            state: tape.writer_state(),
            service: text("service.name"),
            service_version: text("service.version"),
            environment: text("deployment.environment.name").or_else(|| text("deployment.environment")),
            run_id: text("run_id"),
            host: head.host(),
            pid: head.pid(),
            started_unix_nano: anchor.unix,
            mode: if head.budget().is_some() { "ring" } else { "run" },
            budget_bytes: head.budget(),
            clock: ClockFacts {
                source: match head.clock_source() {
                    ClockSource::Tsc => "invariant counter",
                    ClockSource::Monotonic => "monotonic clock",
                },
                nanos_per_tick: anchor.rate as f64 / (1u64 << 32) as f64,
                step_nano: head.clock_step(),
            },
            lost: Loss::ALL
                .iter()
                .map(|reason| (reason.name(), head.lost(*reason)))
                .collect(),
            unlisted: head.unlisted(),
            contents,
            open_spans: tape.open_spans().map_err(unreadable)?,
            chunks,
            checked: check,
            damage,
            resource: otlp_json::resource(head.resource()).unwrap_or_default(),
        })
    }

    /// Whether the tape is sound.
    pub(crate) fn outcome(&self) -> Outcome {
        if self.damage.is_empty() {
            Outcome::Fine
        } else {
            Outcome::FoundWrong
        }
    }
}

/// Adds up the chunks by signal and scope; a chunk that cannot be read joins the damage.
fn contents(
    tape: &Tape,
    with_chunks: bool,
    damage: &mut Vec<Damage>,
) -> (Vec<Content>, Option<Vec<ChunkFacts>>) {
    let mut contents: BTreeMap<(Signal, String, String), Content> = BTreeMap::new();
    let mut chunks = with_chunks.then(Vec::new);
    for chunk in tape.chunks() {
        let body = tape.body(chunk);
        if let Err(error) = &body {
            let unreadable = Damage::Unreadable {
                chunk: chunk.id(),
                error: error.to_string(),
            };
            // Overwritten by newer records while a live ring is read: no longer there.
            if error.kind() == io::ErrorKind::NotFound {
                continue;
            }
            if !damage.contains(&unreadable) {
                damage.push(unreadable);
            }
        }
        let scope = body.as_ref().ok().and_then(|body| body.scope().ok());
        let (name, version) = scope.map_or(("?", ""), |scope| (scope.name, scope.version));
        let key = (chunk.signal(), name.to_owned(), version.to_owned());
        let content = contents.entry(key).or_insert_with(|| Content {
            signal: chunk.signal().name(),
            scope: name.to_owned(),
            scope_version: version.to_owned(),
            chunks: 0,
            records: 0,
            bytes: 0,
            first_unix_nano: u64::MAX,
            last_unix_nano: 0,
        });
        content.chunks += 1;
        content.records = content.records.saturating_add(chunk.records());
        content.bytes += chunk.body_len();
        content.first_unix_nano = content.first_unix_nano.min(chunk.first().0);
        content.last_unix_nano = content.last_unix_nano.max(chunk.last().0);
        if let Some(chunks) = &mut chunks {
            chunks.push(ChunkFacts {
                id: chunk.id(),
                state: match chunk.state() {
                    ChunkState::Free => "free",
                    ChunkState::Open => "open",
                    ChunkState::Full => "full",
                    ChunkState::Sealed => "sealed",
                },
                signal: chunk.signal().name(),
                scope: scope.map(|scope| scope.name.to_owned()),
                exported: chunk.is_exported(),
                thread: chunk.thread(),
                records: chunk.records(),
                bytes: chunk.body_len(),
                first_unix_nano: chunk.first().0,
                last_unix_nano: chunk.last().0,
                link: chunk.link(),
                hash: chunk.hash().map(|hash| hex(&hash)),
            });
        }
    }
    (contents.into_values().collect(), chunks)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn state_name<S: Serializer>(state: &WriterState, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(state.name())
}
