//! Receiving a body: within its size, its time, and what all bodies together may take.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http_body_util::BodyExt;
use hyper::StatusCode;
use hyper::body::{Body, Incoming};
use tokio::time::{Instant, timeout_at};

use super::Limits;
use super::answer::Problem;

/// Bytes that bodies in flight take; given back when it is dropped.
struct Share<'a> {
    total: &'a AtomicUsize,
    mine: usize,
}

impl Share<'_> {
    /// Takes more; false if that would be too much.
    fn take(&mut self, bytes: usize, most: usize) -> bool {
        let before = self.total.fetch_add(bytes, Ordering::Relaxed);
        self.mine += bytes;
        before + bytes <= most
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.total.fetch_sub(self.mine, Ordering::Relaxed);
    }
}

/// Memory taken at once for a body of announced length; a client may announce more than it sends.
const FIRST_TAKE: usize = 1 << 20;

/// Bytes that are read and thrown away, so that a client that sends too much hears why before its connection is closed.
const DISCARD: usize = 64 << 20;

/// When a body that was put off may be sent again.
const PUT_OFF: Duration = Duration::from_secs(1);

/// The whole body; `in_flight` counts the bytes of all that are being received.
pub(super) async fn receive(
    mut body: Incoming,
    limits: &Limits,
    in_flight: &AtomicUsize,
) -> Result<Vec<u8>, Problem> {
    let deadline = Instant::now() + limits.body_time;
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > limits.body {
        discard(body, limits).await;
        return Err(too_large(limits));
    }
    let mut share = Share {
        total: in_flight,
        mine: 0,
    };
    let mut received = Vec::with_capacity(announced.min(FIRST_TAKE));
    loop {
        let frame = timeout_at(deadline, body.frame()).await.map_err(|_| {
            Problem::new(
                StatusCode::REQUEST_TIMEOUT,
                format!(
                    "the body did not arrive within {:?}: send smaller batches",
                    limits.body_time
                ),
            )
        })?;
        let Some(frame) = frame else { return Ok(received) };
        let frame = frame.map_err(|error| {
            Problem::new(
                StatusCode::BAD_REQUEST,
                format!("the body cannot be read ({error}): check the client's framing"),
            )
        })?;
        // Trailers say nothing to us.
        let Some(data) = frame.data_ref() else { continue };
        if received.len() + data.len() > limits.body {
            drop(received);
            discard(body, limits).await;
            return Err(too_large(limits));
        }
        if !share.take(data.len(), limits.in_flight) {
            drop((received, share));
            discard(body, limits).await;
            let busy = "too much is being received at once: try again in a second";
            return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, busy).retry_after(PUT_OFF));
        }
        received.extend_from_slice(data);
    }
}

fn too_large(limits: &Limits) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!(
            "the body is larger than {} bytes: send smaller batches",
            limits.body
        ),
    )
}

/// Reads the rest of a body and forgets it, for a while.
pub(super) async fn discard(mut body: Incoming, limits: &Limits) {
    let deadline = Instant::now() + limits.body_time;
    let mut discarded = 0;
    while discarded < DISCARD {
        match timeout_at(deadline, body.frame()).await {
            Ok(Some(Ok(frame))) => discarded += frame.data_ref().map_or(0, |data| data.len()),
            // Its end, a client that has gone, or one that is too slow.
            Ok(Some(Err(_)) | None) | Err(_) => return,
        }
    }
}
