//! A program at a steady rate, and a backend that misbehaves: what recording costs the program meanwhile, what memory and
//! disk are used, and whether everything within the tape's budget arrives.
//!
//! `cargo run --release --example export_soak -- [seconds] [spans a second]`; 600 and 20,000 unless given. The backend is a
//! process of its own, this one started again; it is absent, hangs, hangs up, asks for time, and is well in turns.
//! `TELENSIC_SOAK=none` does not export, to compare with.

#![expect(clippy::print_stdout, reason = "its figures are what it is for")]

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use telensic::export::{ExportOptions, stats};
use telensic::{Builder, Mode, span};
use telensic_tape::otlp::{AnyView, FieldValue, Fields, SpanView};

/// How the backend is, changing every so often.
const MOODS: [&str; 6] = ["absent", "well", "hangs", "hangs up", "busy", "well"];

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, role, address, seconds] = &arguments[..]
        && role == "backend"
    {
        return backend(address.parse()?, Duration::from_secs(seconds.parse()?));
    }
    let seconds: u64 = arguments.get(1).map_or(Ok(600), |text| text.parse())?;
    let rate: u64 = arguments.get(2).map_or(Ok(20_000), |text| text.parse())?;
    let dir = std::env::temp_dir().join(format!("telensic-soak-{}", std::process::id()));
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut backend = Command::new(std::env::current_exe()?)
        .args(["backend", &address.to_string(), &seconds.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let budget = 256 << 20;
    let mut builder = Builder::new("soak")
        .dir(&dir)
        .log_files(false)
        .mode(Mode::Ring { budget });
    if std::env::var("TELENSIC_SOAK").as_deref() != Ok("none") {
        let export = ExportOptions::to(format!("http://{address}"))
            .timeout(Duration::from_secs(2))
            .delay(Duration::from_secs(1));
        builder = builder.export(export);
    }
    let guard = builder.shutdown(Duration::from_secs(60)).init();
    let recorded = record(seconds, rate, &dir);
    println!("recorded {recorded} spans; memory {} MiB", memory());
    let finished = guard.shutdown();
    println!("shut down: everything sent {finished}; {:?}", stats());
    drop(backend.stdin.take());
    let mut said = String::new();
    if let Some(mut out) = backend.stdout.take() {
        out.read_to_string(&mut said)?;
    }
    backend.wait()?;
    println!("backend: {}", said.trim());
    std::fs::remove_dir_all(dir)?;
    Ok(())
}

/// Records so many spans a second, in bursts of a millisecond; prints what a span cost this thread.
fn record(seconds: u64, rate: u64, dir: &Path) -> u64 {
    let begun = Instant::now();
    let (mut number, mut worst) = (0, Duration::ZERO);
    for second in 1..=seconds {
        let (mut cost, spans) = (Duration::ZERO, rate);
        for burst in 0..1000 {
            let before = thread_time();
            let wall = Instant::now();
            for _ in 0..spans / 1000 {
                drop(
                    span("run_step:decide")
                        .with("number", number)
                        .with("symbol", "BTCUSDT")
                        .with("price", 104_233.5)
                        .with("is_strict", true),
                );
                number += 1;
            }
            cost += thread_time().saturating_sub(before);
            worst = worst.max(wall.elapsed());
            let due = begun + Duration::from_secs(second - 1) + Duration::from_millis(burst + 1);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
        }
        if second % 10 == 0 || second == seconds {
            let counted = stats();
            println!(
                "{second:>4} s: {:>4} ns/span of this thread's CPU, slowest burst {worst:?}, memory {} MiB, disk {} MiB, exported {}, retried {}, overrun {}",
                cost.as_nanos() / u128::from(spans.max(1)),
                memory(),
                disk(dir) >> 20,
                counted.traces.exported,
                counted.traces.retried,
                counted.overrun
            );
            worst = Duration::ZERO;
        }
    }
    number
}

/// CPU time of the calling thread.
fn thread_time() -> Duration {
    #![expect(unsafe_code, reason = "a system call that std does not offer")]
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: fills the structure that it is given.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Resident memory of this process, in MiB; the tape's mapping is part of it.
fn memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = text
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .unwrap_or(0);
    (pages * 4096) >> 20
}

/// Bytes of all files below a directory.
fn disk(dir: &Path) -> u64 {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => disk(&entry.path()),
            Ok(metadata) => metadata.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Takes spans for a while in changing moods; says how many distinct ones came once its standard input ends.
fn backend(address: SocketAddr, length: Duration) -> Result<(), Failure> {
    let ids: Arc<Mutex<(HashSet<i64>, u64)>> = Arc::default();
    let begun = Instant::now();
    // The last turn is longer: the rest arrives in it.
    let turn = length / (MOODS.len() as u32 + 1);
    let mood = move || {
        let index = (begun.elapsed().as_nanos() / turn.as_nanos().max(1)) as usize;
        MOODS[index.min(MOODS.len() - 1)]
    };
    let counted = Arc::clone(&ids);
    std::thread::spawn(move || {
        while mood() == "absent" {
            std::thread::sleep(Duration::from_millis(10));
        }
        let Ok(listener) = TcpListener::bind(address) else {
            return;
        };
        for stream in listener.incoming().flatten() {
            let ids = Arc::clone(&counted);
            std::thread::spawn(move || drop(serve(stream, &ids, mood)));
        }
    });
    std::io::stdin().read_to_end(&mut Vec::new())?;
    let ids = ids.lock().map_err(|_| "a connection's thread panicked")?;
    println!("{} distinct spans in {} received", ids.0.len(), ids.1);
    Ok(())
}

fn serve(
    stream: TcpStream,
    ids: &Mutex<(HashSet<i64>, u64)>,
    mood: impl Fn() -> &'static str,
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        let answer: &[u8] = match mood() {
            "hangs" => {
                std::thread::sleep(Duration::from_secs(5));
                return Ok(());
            }
            "hangs up" => return Ok(()),
            "busy" => b"HTTP/1.1 503 X\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n",
            _ => {
                if let Ok(mut ids) = ids.lock() {
                    for number in numbers(&body) {
                        ids.0.insert(number);
                        ids.1 += 1;
                    }
                }
                b"HTTP/1.1 200 X\r\ncontent-length: 0\r\n\r\n"
            }
        };
        stream.get_mut().write_all(answer)?;
    }
}

/// The numbers of a request's spans.
fn numbers(request: &[u8]) -> Vec<i64> {
    let messages = |message| {
        Fields::new(message)
            .flatten()
            .filter_map(|(number, value)| match value {
                FieldValue::Len(bytes) => Some((number, bytes)),
                _ => None,
            })
    };
    let mut found = Vec::new();
    for (_, resource) in messages(request) {
        for (_, scope) in messages(resource).filter(|(number, _)| *number == 2) {
            for (_, span) in messages(scope).filter(|(number, _)| *number == 2) {
                let number = SpanView::parse(span)
                    .ok()
                    .and_then(|span| span.attributes().find("number"));
                found.extend(number.and_then(|number| match number {
                    AnyView::I64(number) => Some(number),
                    _ => None,
                }));
            }
        }
    }
    found
}
