//! What recording costs an axum service: its whole CPU time for each request, without a layer, with ours, and with the
//! usual one (tower-http's `TraceLayer`, tracing-opentelemetry and a batch processor).
//!
//! `cargo run --release -p telensic-example-services --example http_cost -- [ROUNDS] [SECONDS] [REQUESTS A SECOND]`
//!
//! Each service is a process of its own, sent requests at the same rate over as many connections. After a warm-up they take
//! turns, so that what else the machine does befalls all of them; printed are the medians of the rounds. The rival's spans
//! are batched and then dropped unencoded, ours are encoded and on the tape.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::extract::Path;
use axum::routing::get;
use axum::{Json, Router};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use telensic::tower::TelensicLayer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tower_http::trace::TraceLayer;
use tracing_subscriber::layer::SubscriberExt as _;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const KINDS: [&str; 3] = ["plain", "telensic", "rival"];
const CONNECTIONS: u64 = 16;

fn main() -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some("serve") => runtime.block_on(serve(&arguments.next().unwrap_or_default())),
        rounds => {
            let rounds = rounds.map_or(Ok(5), str::parse)?;
            let seconds = arguments.next().map_or(Ok(5), |text| text.parse())?;
            let rate = arguments.next().map_or(Ok(10_000), |text| text.parse())?;
            runtime.block_on(compare(rounds, Duration::from_secs(seconds), rate))
        }
    }
}

async fn quote(Path(symbol): Path<String>) -> Json<serde_json::Value> {
    Json(serde_json::json!({ "symbol": symbol, "bid": 41.5, "ask": 42.5, "venues": ["a", "b", "c"] }))
}

async fn serve(kind: &str) -> Result<(), Failure> {
    let routes = Router::new().route("/quotes/{symbol}", get(quote));
    let dir = std::env::temp_dir().join(format!("telensic-http-cost-{}", std::process::id()));
    let mut guard = None;
    let routes = match kind {
        "telensic" => {
            guard = Some(telensic::Builder::new("quotes").dir(&dir).log_files(false).init());
            routes.layer(TelensicLayer::new())
        }
        "rival" => {
            let provider = SdkTracerProvider::builder().with_batch_exporter(Dropped).build();
            let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("quotes"));
            tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))?;
            routes.layer(TraceLayer::new_for_http().make_span_with(rival_span))
        }
        _ => routes,
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    writeln!(io::stdout(), "{}", listener.local_addr()?)?;
    // Ends when its stdin is closed: whoever measures has what he wants.
    let stop = async {
        let _ = tokio::task::spawn_blocking(|| io::stdin().lines().count()).await;
    };
    tokio::select! {
        ended = async { axum::serve(listener, routes).await } => ended?,
        () = stop => {}
    }
    drop(guard);
    let _ = std::fs::remove_dir_all(dir);
    Ok(())
}

/// The attributes that those who use this layer add by hand.
fn rival_span(request: &axum::http::Request<axum::body::Body>) -> tracing::Span {
    let route = request.extensions().get::<axum::extract::MatchedPath>();
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    tracing::info_span!(
        "request",
        otel.name = %format_args!("{} {}", request.method(), route.map_or("", |route| route.as_str())),
        otel.kind = "server",
        http.request.method = %request.method(),
        http.route = route.map(|route| route.as_str()),
        url.scheme = "http",
        url.path = request.uri().path(),
        network.protocol.version = "1.1",
        server.address = header("host"),
        user_agent.original = header("user-agent"),
    )
}

#[derive(Debug)]
struct Dropped;

impl SpanExporter for Dropped {
    async fn export(&self, _: Vec<SpanData>) -> opentelemetry_sdk::error::OTelSdkResult {
        Ok(())
    }
}

struct Service {
    process: Child,
    address: SocketAddr,
}

impl Service {
    fn start(kind: &str) -> Result<Self, Failure> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["serve", kind])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("no stdout")?).read_line(&mut line)?;
        let address = line.trim().parse()?;
        Ok(Self { process, address })
    }

    /// Nanoseconds that all its threads have run.
    fn cpu(&self) -> Result<u64, Failure> {
        let mut sum = 0;
        for thread in std::fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            let stat = std::fs::read_to_string(thread?.path().join("schedstat"))?;
            sum += stat.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(sum)
    }
}

async fn compare(rounds: usize, time: Duration, rate: u64) -> Result<(), Failure> {
    let services = KINDS.map(Service::start);
    let mut costs = [const { Vec::new() }; KINDS.len()];
    let mut rates = [const { Vec::new() }; KINDS.len()];
    for round in 0..=rounds {
        for (index, service) in services.iter().enumerate() {
            let service = service.as_ref().map_err(ToString::to_string)?;
            let (cpu, begun) = (service.cpu()?, Instant::now());
            let count = load(service.address, time, rate).await?;
            // The first round is the warm-up.
            if round > 0 {
                costs[index].push((service.cpu()? - cpu) as f64 / count as f64);
                rates[index].push(count as f64 / begun.elapsed().as_secs_f64());
            }
        }
    }
    let plain = median(&mut costs[0]);
    for (index, kind) in KINDS.iter().enumerate() {
        let (cost, reached) = (median(&mut costs[index]), median(&mut rates[index]));
        let more = (cost / plain - 1.0) * 100.0;
        writeln!(
            io::stdout(),
            "{kind:9} {reached:8.0} requests/s {cost:8.0} ns CPU a request {more:+6.2} %"
        )?;
    }
    for mut service in services.into_iter().flatten() {
        drop(service.process.stdin.take());
        service.process.wait()?;
    }
    Ok(())
}

/// Sends requests at a rate, and returns how many were answered.
async fn load(address: SocketAddr, time: Duration, rate: u64) -> Result<u64, Failure> {
    let workers = (0..CONNECTIONS).map(|_| tokio::spawn(one_connection(address, time, rate / CONNECTIONS)));
    let mut count = 0;
    for worker in workers.collect::<Vec<_>>() {
        count += worker.await??;
    }
    Ok(count)
}

async fn one_connection(address: SocketAddr, time: Duration, rate: u64) -> Result<u64, Failure> {
    const REQUEST: &[u8] =
        b"GET /quotes/BTCUSDT HTTP/1.1\r\nhost: quotes.example:8080\r\nuser-agent: load/1\r\n\
        traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\naccept: */*\r\n\r\n";
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let begun = Instant::now();
    let (mut count, mut answer) = (0, [0; 4096]);
    while begun.elapsed() < time {
        // All that are due by now, one after the other.
        let due = (begun.elapsed().as_secs_f64() * rate as f64) as u64;
        while count < due {
            stream.write_all(REQUEST).await?;
            let mut length = 0;
            while !answer[..length].ends_with(b"}") {
                match stream.read(&mut answer[length..]).await? {
                    0 => return Err("the service hung up".into()),
                    more => length += more,
                }
            }
            count += 1;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(count)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
