//! The receiver as its owner sees it: a port that is open, on a thread of its own.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;
use std::{fmt, io};

use tokio::runtime;
use tokio::sync::oneshot;

use super::Limits;
use super::connections::serve;
use super::exchange::Exchange;
use crate::intake::Intake;

/// An open OTLP/HTTP endpoint. Dropping it closes it at once; [`Receiver::shutdown`] lets requests finish.
pub struct Receiver {
    address: SocketAddr,
    exchange: Arc<Exchange>,
    stop: Option<oneshot::Sender<Duration>>,
    /// How many connections were cut off, once the thread has ended.
    ended: mpsc::Receiver<usize>,
}

/// How a receiver ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// All requests were answered.
    Clean,
    /// The time was over while so many connections were still in use.
    CutOff {
        /// How many.
        connections: usize,
    },
    /// The time was over while the intake was still at work.
    Stuck,
}

/// The address cannot be listened on.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CannotListen {
    message: String,
    #[source]
    source: Option<io::Error>,
}

/// How long closing may take beyond what its caller allows for requests.
const SLACK: Duration = Duration::from_millis(500);

impl Receiver {
    /// Opens the endpoint; port 0 picks a free one. Only loopback addresses: this receiver knows no TLS and no tokens.
    pub fn bind(address: SocketAddr, limits: Limits, intake: Arc<dyn Intake>) -> Result<Self, CannotListen> {
        if !address.ip().is_loopback() {
            return Err(CannotListen {
                message: format!(
                    "cannot listen on {address}: without TLS only on a loopback address, such as 127.0.0.1:0"
                ),
                source: None,
            });
        }
        let cannot = |error: io::Error| CannotListen {
            message: format!(
                "cannot listen on {address}: {error}; name another port, or 0 for any that is free"
            ),
            source: Some(error),
        };
        let listener = TcpListener::bind(address).map_err(cannot)?;
        listener.set_nonblocking(true).map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(cannot)?;
        let listener = {
            let _entered = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(cannot)?
        };
        let exchange = Arc::new(Exchange {
            limits: limits.sane(),
            intake,
            in_flight: AtomicUsize::new(0),
            refused: AtomicU64::new(0),
        });
        let (stop, stopped) = oneshot::channel();
        let (end, ended) = mpsc::channel();
        let shared = Arc::clone(&exchange);
        std::thread::Builder::new()
            .name("telensic-otlp-http".into())
            .spawn(move || {
                let cut_off = runtime.block_on(serve(listener, shared, stopped));
                drop(runtime);
                // Who dropped the receiver does not wait for it.
                let _ = end.send(cut_off);
            })
            .map_err(cannot)?;
        Ok(Self {
            address,
            exchange,
            stop: Some(stop),
            ended,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What OTEL_EXPORTER_OTLP_ENDPOINT must be for a program to send here.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests were answered with an error so far.
    pub fn refused_requests(&self) -> u64 {
        self.exchange.refused.load(Ordering::Relaxed)
    }

    /// Closes the endpoint, after what was sent by now is answered, but within this time.
    pub fn shutdown(mut self, within: Duration) -> Ending {
        self.stop(within)
    }

    fn stop(&mut self, within: Duration) -> Ending {
        if let Some(stop) = self.stop.take() {
            // If its thread is gone, there is nothing to stop.
            let _ = stop.send(within);
        }
        match self.ended.recv_timeout(within.saturating_add(SLACK)) {
            Ok(0) => Ending::Clean,
            Ok(connections) => Ending::CutOff { connections },
            Err(_) => Ending::Stuck,
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        if self.stop.is_some() {
            self.stop(Duration::ZERO);
        }
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
