//! The metrics for a scraper: `GET /metrics` on a port of one's own.
//!
//! A thread of its own with a small HTTP server, so that a program without one can be scraped. It listens on loopback
//! unless told otherwise: metrics say more about a program than strangers should know.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::{Semaphore, oneshot};

use super::exposition::{Exposition, expose};
use super::{MetricError, MetricErrorKind};
use crate::thread::unrecorded;

/// Where metrics are served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServeOptions {
    address: String,
    beyond_loopback: bool,
}

impl ServeOptions {
    /// At this address, `127.0.0.1:9464` or the like; with port 0 at a free one.
    pub fn at(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            beyond_loopback: false,
        }
    }

    /// Also at an address that other machines reach.
    #[must_use]
    pub fn beyond_loopback(mut self) -> Self {
        self.beyond_loopback = true;
        self
    }
}

/// Serves the metrics as long as it lives.
#[derive(Debug)]
#[must_use = "metrics are served until this is dropped"]
pub struct Exporter {
    address: SocketAddr,
    /// Dropped, it has the server end.
    _stop: oneshot::Sender<()>,
}

/// Connections at once; more wait.
const CONNECTIONS: usize = 32;

/// A connection that asks for nothing, or takes nothing, is closed after this time.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves the program's metrics.
///
/// ```
/// use telensic::metrics::{self, ServeOptions};
///
/// let exporter = metrics::serve(&ServeOptions::at("127.0.0.1:0"))?;
/// println!("scrape http://{}/metrics", exporter.address());
/// # Ok::<(), metrics::MetricError>(())
/// ```
pub fn serve(options: &ServeOptions) -> Result<Exporter, MetricError> {
    let wrong = |why: String| {
        let address = &options.address;
        MetricError::new(
            MetricErrorKind::Address,
            format!("metrics cannot be served at {address:?}: {why}"),
        )
    };
    let mut addresses = options
        .address
        .to_socket_addrs()
        .map_err(|error| wrong(format!("{error}; an address is like 127.0.0.1:9464")))?;
    let address = addresses
        .next()
        .ok_or_else(|| wrong("the name has no address".into()))?;
    if !address.ip().is_loopback() && !options.beyond_loopback {
        return Err(wrong(
            "other machines could read them there; allow it by TELENSIC_METRICS_REMOTE=true or beyond_loopback()".into(),
        ));
    }
    let listener =
        TcpListener::bind(address).map_err(|error| wrong(format!("{error}; choose another port")))?;
    listener
        .set_nonblocking(true)
        .map_err(|error| wrong(error.to_string()))?;
    let address = listener.local_addr().map_err(|error| wrong(error.to_string()))?;
    let (stop, stopped) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| wrong(error.to_string()))?;
    std::thread::Builder::new()
        .name("telensic-metrics".into())
        .spawn(move || {
            unrecorded(|| {
                runtime.block_on(async {
                    tokio::select! {
                        () = accept(listener) => {}
                        _ = stopped => {}
                    }
                });
            });
        })
        .map_err(|error| wrong(error.to_string()))?;
    *LATEST.lock().unwrap_or_else(PoisonError::into_inner) = Some(address);
    Ok(Exporter { address, _stop: stop })
}

static LATEST: Mutex<Option<SocketAddr>> = Mutex::new(None);

/// Where metrics were last served: of use when that is a free port that was chosen.
pub fn served_at() -> Option<SocketAddr> {
    *LATEST.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Exporter {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn accept(listener: TcpListener) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: not for long.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        tokio::spawn(async move {
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
            let connection = http.serve_connection(TokioIo::new(stream), service_fn(answer));
            // How a connection ends is the scraper's affair.
            let _ = connection.await;
            drop(place);
        });
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    Ok(match request.uri().path() {
        "/metrics" if is_read => response(exposed(request.headers())),
        "/metrics" => {
            let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "metrics are read with GET\n");
            let headers = refused.headers_mut();
            headers.insert(ALLOW, hyper::header::HeaderValue::from_static("GET, HEAD"));
            refused
        }
        _ => plain(StatusCode::NOT_FOUND, "metrics are at /metrics\n"),
    })
}

/// The answer to a request with these headers.
pub(super) fn exposed(headers: &HeaderMap) -> Exposition {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    expose(text(ACCEPT), text(ACCEPT_ENCODING))
}

/// The same as a response.
pub(super) fn response<B: From<Vec<u8>>>(exposition: Exposition) -> Response<B> {
    let mut response = Response::new(B::from(exposition.body));
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        hyper::header::HeaderValue::from_static(exposition.content_type),
    );
    headers.insert(
        VARY,
        hyper::header::HeaderValue::from_static("Accept, Accept-Encoding"),
    );
    if let Some(encoding) = exposition.content_encoding {
        headers.insert(
            CONTENT_ENCODING,
            hyper::header::HeaderValue::from_static(encoding),
        );
    }
    response
}

fn plain(status: StatusCode, text: &'static str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    response
}
