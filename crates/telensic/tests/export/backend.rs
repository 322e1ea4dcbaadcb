//! A backend that takes OTLP over HTTP/1.1 and misbehaves as it is told.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use opentelemetry_proto::tonic::collector::logs::v1::ExportLogsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How it answers.
#[derive(Clone, Debug)]
pub(crate) enum Mood {
    /// Takes everything.
    Well,
    /// Answers with this status and these header lines and body, and takes nothing.
    Status(u16, &'static str, String),
    /// Reads the request and hangs up.
    HangUp,
    /// Takes the request, and says so only after this time.
    Late(Duration),
    /// Takes the request with this body as the answer.
    Says(Vec<u8>),
}

/// A request that it took.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What it has.
#[derive(Debug, Default)]
struct Shelf {
    moods: Vec<Mood>,
    taken: Vec<Taken>,
    refused: usize,
}

/// A backend on a thread of its own, for as long as the test goes on.
#[derive(Clone, Debug)]
pub(crate) struct Backend {
    address: SocketAddr,
    shelf: Arc<Mutex<Shelf>>,
}

impl Backend {
    /// One that is in these moods, a request each, and then well.
    pub(crate) fn start(moods: Vec<Mood>) -> Self {
        Self::listen(TcpListener::bind("127.0.0.1:0").unwrap(), moods, None)
    }

    /// One that speaks TLS.
    pub(crate) fn with_tls(config: ServerConfig) -> Self {
        Self::listen(
            TcpListener::bind("127.0.0.1:0").unwrap(),
            Vec::new(),
            Some(Arc::new(config)),
        )
    }

    /// One at a known port.
    pub(crate) fn at(address: SocketAddr) -> Self {
        Self::listen(TcpListener::bind(address).unwrap(), Vec::new(), None)
    }

    fn listen(listener: TcpListener, moods: Vec<Mood>, tls: Option<Arc<ServerConfig>>) -> Self {
        let backend = Self {
            address: listener.local_addr().unwrap(),
            shelf: Arc::new(Mutex::new(Shelf {
                moods,
                ..Shelf::default()
            })),
        };
        let own = backend.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (own, tls) = (own.clone(), tls.clone());
                // What goes wrong with a connection is what some tests are after.
                std::thread::spawn(move || match tls {
                    None => own.serve(stream.unwrap()),
                    Some(config) => {
                        let connection = ServerConnection::new(config).unwrap();
                        own.serve(StreamOwned::new(connection, stream.unwrap()))
                    }
                });
            }
        });
        backend
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.shelf.lock().unwrap().taken.clone()
    }

    /// How many requests it did not take.
    pub(crate) fn refused(&self) -> usize {
        self.shelf.lock().unwrap().refused
    }

    /// The spans of all requests for traces.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let taken = self.taken();
        let traces = taken.iter().filter(|taken| taken.path == "/v1/traces");
        traces.flat_map(Taken::spans).collect()
    }

    /// How often each span of this name came, by the number that is its attribute.
    pub(crate) fn numbers(&self, name: &str) -> HashMap<i64, usize> {
        let mut numbers = HashMap::new();
        for span in self.spans().iter().filter(|span| span.name == name) {
            *numbers.entry(number_of(span)).or_default() += 1;
        }
        numbers
    }

    pub(crate) fn log_records(&self) -> usize {
        let taken = self.taken();
        let logs = taken.iter().filter(|taken| taken.path == "/v1/logs");
        logs.map(|taken| {
            let request = ExportLogsServiceRequest::decode(&taken.body[..]).unwrap();
            let scopes = request
                .resource_logs
                .iter()
                .flat_map(|resource| &resource.scope_logs);
            scopes.map(|scope| scope.log_records.len()).sum::<usize>()
        })
        .sum()
    }

    fn serve(&self, stream: impl Read + Write) {
        let mut stream = BufReader::new(stream);
        while let Some(taken) = read(&mut stream) {
            let mood = {
                let mut shelf = self.shelf.lock().unwrap();
                let mood = if shelf.moods.is_empty() {
                    Mood::Well
                } else {
                    shelf.moods.remove(0)
                };
                match mood {
                    Mood::Status(..) | Mood::HangUp => shelf.refused += 1,
                    Mood::Well | Mood::Late(_) | Mood::Says(_) => shelf.taken.push(taken),
                }
                mood
            };
            let answer = match mood {
                Mood::Well => answer(200, "", b""),
                Mood::Says(body) => answer(200, "", &body),
                Mood::Status(status, headers, body) => answer(status, headers, body.as_bytes()),
                Mood::HangUp => return,
                Mood::Late(time) => {
                    std::thread::sleep(time);
                    answer(200, "", b"")
                }
            };
            if stream.get_mut().write_all(&answer).is_err() || stream.get_mut().flush().is_err() {
                return;
            }
        }
    }
}

impl Taken {
    pub(crate) fn spans(&self) -> Vec<Span> {
        let request = ExportTraceServiceRequest::decode(&self.body[..]).unwrap();
        let scopes = request
            .resource_spans
            .into_iter()
            .flat_map(|resource| resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }
}

/// The `number` attribute.
pub(crate) fn number_of(span: &Span) -> i64 {
    use opentelemetry_proto::tonic::common::v1::any_value::Value;
    let pair = span.attributes.iter().find(|pair| pair.key == "number").unwrap();
    match pair.value.as_ref().unwrap().value {
        Some(Value::IntValue(number)) => number,
        ref other => panic!("{other:?}"),
    }
}

fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut answer = format!(
        "HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// The next request; `None` if the connection ends.
fn read(stream: &mut BufReader<impl Read>) -> Option<Taken> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            None => break,
            Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.to_owned()),
        };
    }
    let mut body = vec![0; headers.get("content-length")?.parse().unwrap()];
    stream.read_exact(&mut body).ok()?;
    Some(Taken { path, headers, body })
}

/// A port that nobody listens at.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// Whether the backend can be reached: for tests of what is never followed.
pub(crate) fn reach(address: SocketAddr) -> bool {
    TcpStream::connect(address).is_ok()
}
