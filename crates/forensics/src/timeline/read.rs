//! Reads the tapes of a run into rows, several chunks at a time.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use telensic_tape::otlp::{Attributes, LogView, SpanView, field};
use telensic_tape::{Body, Chunk, Damage, Loss, Signal, Tape, TapeHead, UnixNanos};

use super::bodies::{Bodies, RecordAt};
use super::log::Log;
use super::names::{Name, Names, Translation};
use super::process::{Process, ProcessIndex, UnreadableTape};
use super::span::{Span, SpanState, SpanStatus};

/// All that the tapes say, each tape for itself.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) names: Names,
    pub(super) processes: Vec<Process>,
    pub(super) unreadable: Vec<UnreadableTape>,
    pub(super) bodies: Bodies,
    pub(super) spans: Vec<Span>,
    pub(super) listed: Vec<Span>,
    pub(super) logs: Vec<Log>,
    pub(super) metrics: u64,
}

/// What was read of one chunk; its names are those of the reading thread.
struct Part {
    job: usize,
    body: Body,
    spans: Vec<Span>,
    logs: Vec<Log>,
    metrics: u64,
    bad: Option<Damage>,
}

/// A chunk to be read.
struct Job<'a> {
    process: ProcessIndex,
    tape: &'a Tape,
    chunk: &'a Chunk,
}

/// Reads all these tapes; one that cannot be read is listed as such.
pub(super) fn read_tapes<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Rows {
    let mut rows = Rows::default();
    let mut tapes = Vec::new();
    for path in paths {
        match Tape::open(path) {
            Ok(tape) => {
                rows.processes.push(process_of(&tape));
                tapes.push(tape);
            }
            Err(error) => rows.unreadable.push(UnreadableTape {
                path: path.to_owned(),
                reason: error.to_string(),
            }),
        }
    }
    let jobs: Vec<Job<'_>> = tapes
        .iter()
        .zip((0..).map(ProcessIndex))
        .flat_map(|(tape, process)| tape.chunks().map(move |chunk| Job { process, tape, chunk }))
        .collect();
    let mut parts = Vec::with_capacity(jobs.len());
    for reader in read_all(&jobs) {
        let names = rows.names.absorb(&reader.names);
        parts.extend(reader.parts.into_iter().map(|part| part.renamed(&names)));
        for (process, damage) in reader.damage {
            rows.processes[process.index()].damage.push(damage);
        }
    }
    // In the order of the tapes, whichever thread read them.
    parts.sort_unstable_by_key(|part| part.job);
    rows.spans
        .reserve(parts.iter().map(|part| part.spans.len()).sum());
    for part in parts {
        let process = jobs[part.job].process;
        rows.take(part, process);
    }
    for (tape, process) in tapes.iter().zip((0..).map(ProcessIndex)) {
        rows.take_listed(tape, process);
    }
    rows
}

/// What one thread read.
#[derive(Default)]
struct Reader {
    names: Names,
    parts: Vec<Part>,
    damage: Vec<(ProcessIndex, Damage)>,
}

fn read_all(jobs: &[Job<'_>]) -> Vec<Reader> {
    const MOST_THREADS: usize = 16;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = cores.min(MOST_THREADS).min(jobs.len()).max(1);
    let next = AtomicUsize::new(0);
    let read = || {
        let mut reader = Reader::default();
        while let Some((index, job)) = claim(jobs, &next) {
            reader.read(index, job);
        }
        reader
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(read)).collect();
        let mut readers = vec![read()];
        for other in others {
            match other.join() {
                Ok(reader) => readers.push(reader),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        readers
    })
}

fn claim<'a, 'j>(jobs: &'a [Job<'j>], next: &AtomicUsize) -> Option<(usize, &'a Job<'j>)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(index).map(|job| (index, job))
}

impl Reader {
    fn read(&mut self, job: usize, Job { process, tape, chunk }: &Job<'_>) {
        let body = match tape.body(chunk) {
            Ok(body) => body,
            // Overwritten by newer records of a live ring: aged, not damaged.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => {
                let error = error.to_string();
                self.damage.push((
                    *process,
                    Damage::Unreadable {
                        chunk: chunk.id(),
                        error,
                    },
                ));
                return;
            }
        };
        let mut part = Part {
            job,
            spans: Vec::new(),
            logs: Vec::new(),
            metrics: 0,
            bad: None,
            body,
        };
        let scope = part.body.scope().unwrap_or_default().name;
        let scope = self.names.intern(scope);
        let start = part.body.bytes().as_ptr() as usize;
        for (record, index) in part.body.records().zip(0..) {
            let taken = record.and_then(|record| {
                let at = RecordAt {
                    body: 0,
                    // Within the body, which is shorter than 4 GiB.
                    from: (record.as_ptr() as usize - start) as u32,
                    len: record.len() as u32,
                };
                match part.body.signal() {
                    Signal::Spans => {
                        let view = SpanView::parse(record)?;
                        let name = self.names.intern(view.name);
                        part.spans
                            .push(span_of(&view, name, scope, *process, chunk.thread(), at));
                    }
                    Signal::Logs => {
                        let view = LogView::parse(record)?;
                        let event = Some(view.event_name).filter(|name| !name.is_empty());
                        let event = event.map(|name| self.names.intern(name));
                        part.logs
                            .push(log_of(&view, event, scope, *process, chunk.thread(), at));
                    }
                    Signal::Metrics => part.metrics += 1,
                }
                Ok(())
            });
            if taken.is_err() && part.bad.is_none() {
                part.bad = Some(Damage::BadRecord {
                    chunk: chunk.id(),
                    record: index,
                });
            }
        }
        self.parts.push(part);
    }
}

impl Part {
    fn renamed(mut self, names: &Translation) -> Self {
        for span in &mut self.spans {
            span.name = names.of(span.name);
            span.scope = names.of(span.scope);
        }
        for log in &mut self.logs {
            log.event = log.event.map(|event| names.of(event));
            log.scope = names.of(log.scope);
        }
        self
    }
}

impl Rows {
    fn take(&mut self, part: Part, process: ProcessIndex) {
        // Chunks are 64 KiB or more: 2^32 of them do not fit into memory.
        let body = self.bodies.0.len() as u32;
        let heard = &mut self.processes[process.index()].last_seen;
        for mut span in part.spans {
            if let Some(at) = &mut span.record {
                at.body = body;
            }
            *heard = span.end.max(*heard);
            self.spans.push(span);
        }
        for mut log in part.logs {
            log.record.body = body;
            *heard = log.time.max(*heard);
            self.logs.push(log);
        }
        self.metrics += part.metrics;
        self.processes[process.index()].damage.extend(part.bad);
        self.bodies.0.push(part.body);
    }

    fn take_listed(&mut self, tape: &Tape, process: ProcessIndex) {
        let listed = match tape.listed_spans() {
            Ok(listed) => listed,
            Err(error) => {
                self.unreadable.push(UnreadableTape {
                    path: tape.path().to_owned(),
                    reason: format!("its open spans cannot be read: {error}"),
                });
                return;
            }
        };
        let scope = self.names.intern("");
        let last_seen = &mut self.processes[process.index()].last_seen;
        for open in &listed {
            *last_seen = open.start.max(*last_seen);
        }
        for open in listed {
            let name = self.names.intern(&open.name);
            self.listed.push(Span {
                trace_id: open.trace_id,
                span_id: open.span_id,
                parent_id: open.parent,
                parent: None,
                start: open.start,
                end: self.processes[process.index()].last_seen,
                name,
                process,
                scope,
                status: SpanStatus::Unset,
                state: SpanState::Open,
                kind: 0,
                thread: open.thread,
                record: None,
            });
        }
    }
}

fn pid_of(head: &TapeHead) -> Option<u32> {
    let attributes = Attributes::new(head.resource(), field::resource::ATTRIBUTE);
    u32::try_from(attributes.find("process.pid")?.as_i64()?).ok()
}

fn process_of(tape: &Tape) -> Process {
    let head = tape.head();
    Process {
        tape: tape
            .path()
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        tape_id: head.tape_id(),
        // Of what was received from elsewhere, the resource knows better than the tape.
        host: head
            .resource_text("host.name")
            .map_or_else(|| head.host(), str::to_owned),
        pid: pid_of(head).unwrap_or_else(|| head.pid()),
        ordinal: head.ordinal(),
        service: head.resource_text("service.name").unwrap_or_default().to_owned(),
        resource: head.resource().to_vec(),
        is_closed: head.is_closed(),
        anchor: head.anchor(),
        clock_step: head.clock_step(),
        last_seen: tape
            .chunks()
            .map(Chunk::last)
            .max()
            .unwrap_or_default()
            .max(UnixNanos(head.anchor().unix))
            .max(head.heard()),
        lost: Loss::ALL
            .into_iter()
            .map(|reason| (reason, head.lost(reason)))
            .filter(|(_, count)| *count > 0)
            .collect(),
        unlisted: head.unlisted(),
        damage: tape.damage().to_vec(),
    }
}

fn span_of(
    view: &SpanView<'_>,
    name: Name,
    scope: Name,
    process: ProcessIndex,
    thread: u32,
    at: RecordAt,
) -> Span {
    Span {
        trace_id: view.trace_id,
        span_id: view.span_id,
        parent_id: view.parent,
        parent: None,
        start: view.start,
        // A foreign recorder's clock may have been set back meanwhile.
        end: view.end.max(view.start),
        name,
        process,
        scope,
        status: SpanStatus::from_code(view.status.code),
        state: SpanState::Ended,
        kind: view.kind.min(u64::from(u8::MAX)) as u8,
        thread,
        record: Some(at),
    }
}

fn log_of(
    view: &LogView<'_>,
    event: Option<Name>,
    scope: Name,
    process: ProcessIndex,
    thread: u32,
    at: RecordAt,
) -> Log {
    Log {
        time: view.time,
        trace_id: view.trace_id,
        span_id: view.span_id,
        span: None,
        event,
        scope,
        process,
        severity: view.severity.min(u64::from(u8::MAX)) as u8,
        thread,
        record: at,
    }
}
