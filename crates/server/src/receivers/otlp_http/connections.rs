//! Connections: accepting them, serving them, and ending them when they stall or the receiver stops.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::exchange::Exchange;

/// How long the receiver still looks for what clients sent before it was told to stop.
const LAST_LOOK: Duration = Duration::from_millis(20);

/// After an accept that failed: most often there are no more file descriptors.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// Serves until it is told to stop, then finishes what is in flight within that time; how many connections it cut off.
pub(super) async fn serve(
    listener: TcpListener,
    exchange: Arc<Exchange>,
    mut stop: oneshot::Receiver<Duration>,
) -> usize {
    let room = Arc::new(Semaphore::new(exchange.limits.connections));
    let (ending, told) = watch::channel(());
    let mut connections = JoinSet::new();
    let within = loop {
        let accepted = async {
            // Whoever finds no room waits in the listener's queue.
            let permit = Arc::clone(&room).acquire_owned().await;
            (listener.accept().await, permit)
        };
        tokio::select! {
            (accepted, permit) = accepted => match accepted {
                Ok((stream, _)) => {
                    let serving = connection(stream, Arc::clone(&exchange), told.clone());
                    connections.spawn(async move {
                        serving.await;
                        drop(permit);
                    });
                }
                Err(_) => sleep(ACCEPT_AGAIN).await,
            },
            // The receiver itself is gone when nobody can tell it any more.
            within = &mut stop => break within.unwrap_or_default(),
        }
        while connections.try_join_next().is_some() {}
    };
    // Who has connected and sent is heard.
    while let Ok(Ok((stream, _))) = timeout(LAST_LOOK, listener.accept()).await {
        connections.spawn(connection(stream, Arc::clone(&exchange), told.clone()));
    }
    drop(listener);
    // Nobody listens if there are no connections.
    let _ = ending.send(());
    let finished = timeout(within, async { while connections.join_next().await.is_some() {} });
    match finished.await {
        Ok(()) => 0,
        Err(_) => connections.len(),
    }
}

async fn connection(stream: TcpStream, exchange: Arc<Exchange>, mut ending: watch::Receiver<()>) {
    // Answers are small and wanted at once; without it they only come later.
    let _ = stream.set_nodelay(true);
    let limits = exchange.limits;
    let requests = Arc::new(AtomicU64::new(0));
    let service = {
        let requests = Arc::clone(&requests);
        service_fn(move |request| {
            requests.fetch_add(1, Ordering::Relaxed);
            let exchange = Arc::clone(&exchange);
            async move { Ok::<_, Infallible>(exchange.answer(request).await) }
        })
    };
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle)
        .max_buf_size(limits.head)
        .max_headers(limits.headers)
        .serve_connection(TokioIo::new(stream), service);
    let mut serving = std::pin::pin!(serving);
    let mut is_ending = false;
    // Waiting for a head and for a body have their own limits; what is left is a client that takes no answers.
    let stalled = limits.idle + 2 * limits.body_time;
    loop {
        let before = requests.load(Ordering::Relaxed);
        tokio::select! {
            // However it ended, the client knows.
            _ = serving.as_mut() => return,
            _ = ending.changed(), if !is_ending => {
                is_ending = true;
                serving.as_mut().graceful_shutdown();
            }
            () = sleep(stalled) => if requests.load(Ordering::Relaxed) == before {
                return;
            },
        }
    }
}
