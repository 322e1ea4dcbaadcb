//! The service that the W3C's trace-context harness calls: of the list it is sent, it calls each URL with its arguments.
//!
//! `trace_context_service [ADDRESS]`, then `python test.py http://ADDRESS/test` of the harness.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use reqwest_middleware::ClientWithMiddleware;
use serde::Deserialize;
use serde_json::Value;
use telensic_example_services::{client, serve};

/// A call to make.
#[derive(Deserialize)]
struct Call {
    url: String,
    arguments: Value,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _guard = telensic::init("trace-context");
    let routes = Router::new()
        .route("/test", post(call_each))
        .with_state(client()?);
    Ok(serve(routes).await?)
}

async fn call_each(
    State(client): State<ClientWithMiddleware>,
    Json(calls): Json<Vec<Call>>,
) -> Result<(), (StatusCode, String)> {
    for call in calls {
        let answer = client.post(&call.url).json(&call.arguments).send().await;
        answer.map_err(|error| (StatusCode::BAD_GATEWAY, error.to_string()))?;
    }
    Ok(())
}
