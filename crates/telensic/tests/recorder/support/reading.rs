//! What is on tapes and in log files, as owned values.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use telensic_tape::otlp::{AnyView, Attributes};
use telensic_tape::{SpanId, Tape, TraceId};

/// An attribute's value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Val {
    Empty,
    Str(String),
    Bool(bool),
    I64(i64),
    F64(f64),
    Bytes(Vec<u8>),
    List(Vec<Val>),
    Map(Vec<(String, Val)>),
}

impl Val {
    pub(crate) fn of(view: AnyView<'_>) -> Self {
        match view {
            AnyView::Empty => Self::Empty,
            AnyView::Str(text) => Self::Str(text.to_owned()),
            AnyView::Bool(truth) => Self::Bool(truth),
            AnyView::I64(int) => Self::I64(int),
            AnyView::F64(float) => Self::F64(float),
            AnyView::Bytes(bytes) => Self::Bytes(bytes.to_owned()),
            AnyView::Array(items) => Self::List(
                items
                    .map(|item| Self::of(AnyView::parse(item.unwrap()).unwrap()))
                    .collect(),
            ),
            AnyView::KeyValues(pairs) => Self::Map(all(pairs)),
        }
    }

    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Str(text) => text,
            other => panic!("no text: {other:?}"),
        }
    }
}

impl From<&str> for Val {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

fn all(attributes: Attributes<'_>) -> Vec<(String, Val)> {
    attributes
        .map(|pair| {
            let pair = pair.unwrap();
            (pair.key.to_owned(), Val::of(pair.value))
        })
        .collect()
}

fn only<'a>(attributes: &'a [(String, Val)], key: &str) -> Option<&'a Val> {
    let mut found = attributes.iter().filter(|(name, _)| name == key);
    let first = found.next().map(|(_, value)| value);
    assert!(found.next().is_none(), "{key} is there twice: {attributes:?}");
    first
}

/// A span event.
#[derive(Clone, Debug)]
pub(crate) struct ReadEvent {
    pub(crate) name: String,
    pub(crate) time: u64,
    pub(crate) attributes: Vec<(String, Val)>,
}

impl ReadEvent {
    pub(crate) fn get(&self, key: &str) -> Option<&Val> {
        only(&self.attributes, key)
    }
}

/// A span that was ended.
#[derive(Clone, Debug)]
pub(crate) struct ReadSpan {
    pub(crate) trace: TraceId,
    pub(crate) id: SpanId,
    pub(crate) parent: Option<SpanId>,
    pub(crate) name: String,
    pub(crate) kind: u64,
    pub(crate) start: u64,
    pub(crate) end: u64,
    pub(crate) status: u64,
    pub(crate) message: String,
    pub(crate) flags: u32,
    pub(crate) attributes: Vec<(String, Val)>,
    pub(crate) events: Vec<ReadEvent>,
    pub(crate) links: Vec<(TraceId, SpanId, usize)>,
    pub(crate) dropped: [u64; 3],
    /// Whether it lies where it may be sent on from.
    pub(crate) exported: bool,
    pub(crate) tape: PathBuf,
}

impl ReadSpan {
    pub(crate) fn get(&self, key: &str) -> Option<&Val> {
        only(&self.attributes, key)
    }

    pub(crate) fn int(&self, key: &str) -> i64 {
        match self.get(key) {
            Some(Val::I64(int)) => *int,
            other => panic!("{key} of {} is {other:?}", self.name),
        }
    }

    pub(crate) fn is_sampled(&self) -> bool {
        self.flags & 1 == 1
    }
}

/// A log record.
#[derive(Clone, Debug)]
pub(crate) struct ReadLog {
    pub(crate) severity: u64,
    pub(crate) body: Val,
    pub(crate) event_name: String,
    pub(crate) trace: Option<TraceId>,
    pub(crate) span: Option<SpanId>,
    pub(crate) attributes: Vec<(String, Val)>,
    pub(crate) dropped: u64,
    pub(crate) exported: bool,
    pub(crate) tape: PathBuf,
}

impl ReadLog {
    pub(crate) fn get(&self, key: &str) -> Option<&Val> {
        only(&self.attributes, key)
    }

    pub(crate) fn int(&self, key: &str) -> i64 {
        match self.get(key) {
            Some(Val::I64(int)) => *int,
            other => panic!("{key} is {other:?}"),
        }
    }
}

/// All that some tapes hold.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) tapes: Vec<Tape>,
    pub(crate) spans: Vec<ReadSpan>,
    pub(crate) logs: Vec<ReadLog>,
}

impl Read {
    /// Reads tapes, none of which may have any damage.
    pub(crate) fn of(paths: &[PathBuf]) -> Self {
        let mut read = Self::default();
        for path in paths {
            let tape = Tape::open(path).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(tape.check(), [], "{}", path.display());
            read.take(&tape);
            read.tapes.push(tape);
        }
        read
    }

    fn take(&mut self, tape: &Tape) {
        for chunk in tape.chunks() {
            let body = tape.body(chunk).unwrap();
            let exported = chunk.is_exported();
            for span in body.spans() {
                let span = span.unwrap();
                let events = span.events().map(|event| {
                    let event = event.unwrap();
                    ReadEvent {
                        name: event.name.to_owned(),
                        time: event.time.0,
                        attributes: all(event.attributes()),
                    }
                });
                let links = span.links().map(|link| {
                    let link = link.unwrap();
                    (link.trace_id, link.span_id, link.attributes().count())
                });
                self.spans.push(ReadSpan {
                    trace: span.trace_id,
                    id: span.span_id,
                    parent: span.parent,
                    name: span.name.to_owned(),
                    kind: span.kind,
                    start: span.start.0,
                    end: span.end.0,
                    status: span.status.code,
                    message: span.status.message.to_owned(),
                    flags: span.flags,
                    attributes: all(span.attributes()),
                    events: events.collect(),
                    links: links.collect(),
                    dropped: [span.dropped_attributes, span.dropped_events, span.dropped_links],
                    exported,
                    tape: tape.path().to_owned(),
                });
            }
            for log in body.logs() {
                let log = log.unwrap();
                self.logs.push(ReadLog {
                    severity: log.severity,
                    body: Val::of(log.body.clone()),
                    event_name: log.event_name.to_owned(),
                    trace: log.trace_id,
                    span: log.span_id,
                    attributes: all(log.attributes()),
                    dropped: log.dropped_attributes,
                    exported,
                    tape: tape.path().to_owned(),
                });
            }
        }
    }

    /// The only span of this name.
    pub(crate) fn span(&self, name: &str) -> &ReadSpan {
        match self.named(name)[..] {
            [one] => one,
            ref several => panic!("{} spans are named {name}: {self:#?}", several.len()),
        }
    }

    pub(crate) fn named(&self, name: &str) -> Vec<&ReadSpan> {
        self.spans.iter().filter(|span| span.name == name).collect()
    }

    /// The only log record of this text.
    pub(crate) fn log(&self, text: &str) -> &ReadLog {
        let mut found = self.logs.iter().filter(|log| log.body == Val::from(text));
        let first = found
            .next()
            .unwrap_or_else(|| panic!("no log record says {text}"));
        assert!(found.next().is_none(), "several log records say {text}");
        first
    }

    /// Every span by its id; none may be there twice.
    pub(crate) fn by_id(&self) -> HashMap<SpanId, &ReadSpan> {
        let mut spans = HashMap::new();
        for span in &self.spans {
            let before = spans.insert(span.id, span);
            assert!(before.is_none(), "{} is there twice", span.name);
        }
        spans
    }

    /// The names of the spans that are open on any of the tapes.
    pub(crate) fn open(&self) -> Vec<String> {
        self.tapes
            .iter()
            .flat_map(|tape| tape.open_spans().unwrap())
            .map(|span| span.name)
            .collect()
    }
}

/// The tapes in a directory.
pub(crate) fn tapes_in(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut tapes: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tape"))
        .collect();
    tapes.sort();
    tapes
}

/// What the processes that record into this directory have on their tapes.
pub(crate) fn read(dir: &Path) -> Read {
    Read::of(&tapes_in(&dir.join("tapes")))
}

/// What a run has on its tapes.
pub(crate) fn read_run(run: &Path) -> Read {
    Read::of(&tapes_in(&run.join("tape")))
}

/// The lines of all NDJSON files in a directory, each of which must be one JSON object.
pub(crate) fn lines(dir: &Path) -> Vec<serde_json::Map<String, serde_json::Value>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(dir)
        .unwrap_or_else(|error| panic!("{}: {error}", dir.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    let mut lines = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.ends_with('\n'), "{} ends within a line", file.display());
        for line in text.lines() {
            match serde_json::from_str(line) {
                Ok(serde_json::Value::Object(object)) => lines.push(object),
                other => panic!("{}: {other:?}: {line:.300}", file.display()),
            }
        }
    }
    lines
}
