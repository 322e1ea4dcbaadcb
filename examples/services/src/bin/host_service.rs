//! The service next to the gateway: hands out price bars.
//!
//! `host_service [ADDRESS]`

use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use telensic::trace_span;
use telensic_example_services::serve;

#[derive(Deserialize)]
struct Order {
    symbol: String,
    bars: usize,
}

#[derive(Serialize)]
struct Download {
    symbol: String,
    closes: Vec<f64>,
}

/// No gateway hands out more at once.
const MOST_BARS: usize = 100_000;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let _guard = telensic::init("host-service");
    let routes = Router::new()
        .route("/download_historical_data", post(download))
        .route("/healthz", get(async || "well"));
    serve(routes).await
}

async fn download(Json(order): Json<Order>) -> Result<Json<Download>, (StatusCode, String)> {
    if order.bars > MOST_BARS {
        let limit = format!(
            "{} bars are too many, at most {MOST_BARS} are handed out at once",
            order.bars
        );
        return Err((StatusCode::UNPROCESSABLE_ENTITY, limit));
    }
    let closes = bars_of(&order.symbol, order.bars);
    let symbol = order.symbol;
    Ok(Json(Download { symbol, closes }))
}

/// A random walk that is the same for a symbol every time.
#[trace_span("gateway.bars", fields(symbol = symbol, bars = bars))]
fn bars_of(symbol: &str, bars: usize) -> Vec<f64> {
    let mut state = symbol.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut close = 100.0;
    let mut walk = Vec::with_capacity(bars);
    for _ in 0..bars {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        close *= 1.0 + ((state >> 33) as f64 / f64::from(u32::MAX) - 0.25) * 0.01;
        walk.push(close);
    }
    walk
}
