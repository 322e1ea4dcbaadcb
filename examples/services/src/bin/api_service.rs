//! The service that users call: an order to load data becomes an operation, which calls the host service.
//!
//! `HOST_SERVICE=http://127.0.0.1:5001 api_service [ADDRESS]`

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use reqwest_middleware::ClientWithMiddleware;
use serde::{Deserialize, Serialize};
use telensic::reqwest::UrlTemplate;
use telensic::spans::{self, Operation};
use telensic::{InSpan as _, Status};
use telensic_example_services::{client, serve};

#[derive(Clone)]
struct Api {
    client: ClientWithMiddleware,
    host_service: String,
}

#[derive(Deserialize)]
struct Order {
    operation_id: String,
    symbol: String,
    bars: usize,
}

#[derive(Deserialize)]
struct Download {
    closes: Vec<f64>,
}

#[derive(Serialize)]
struct Loaded {
    operation_id: String,
    bars: usize,
    last: Option<f64>,
}

#[derive(Debug, thiserror::Error)]
#[error("the host service gave no data; see whether it runs")]
struct Failed(#[from] reqwest_middleware::Error);

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (StatusCode::BAD_GATEWAY, self.to_string()).into_response()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let _guard = telensic::init("api");
    let api = Api {
        client: client()?,
        host_service: std::env::var("HOST_SERVICE").unwrap_or_else(|_| "http://127.0.0.1:5001".to_owned()),
    };
    let routes = Router::new()
        .route("/api/v1/data/load", post(load))
        .route("/healthz", get(async || "well"))
        .with_state(api);
    Ok(serve(routes).await?)
}

async fn load(State(api): State<Api>, Json(order): Json<Order>) -> Result<Json<Loaded>, Failed> {
    let operation = spans::operation(&order.operation_id, "data.load").symbol(&order.symbol);
    let closes = operate(&api, &order, &operation)
        .in_span(operation.start())
        .await?;
    Ok(Json(Loaded {
        bars: closes.len(),
        last: closes.last().copied(),
        operation_id: order.operation_id,
    }))
}

async fn operate(api: &Api, order: &Order, operation: &Operation<'_>) -> Result<Vec<f64>, Failed> {
    let closes = download(api, order).await;
    match &closes {
        Ok(closes) => {
            telensic::current().set_status(Status::Ok);
            operation.complete().with("bars", closes.len()).end();
        }
        Err(error) => {
            telensic::current().record_error(error);
            let mut failed = operation.fail();
            failed.record_error(error);
            failed.end();
        }
    }
    closes
}

async fn download(api: &Api, order: &Order) -> Result<Vec<f64>, Failed> {
    const PATH: &str = "/download_historical_data";
    let wanted = serde_json::json!({ "symbol": order.symbol, "bars": order.bars });
    let answer = api
        .client
        .post(format!("{}{PATH}", api.host_service))
        .with_extension(UrlTemplate(PATH))
        .json(&wanted)
        .send()
        .await?
        .error_for_status()?;
    Ok(answer.json::<Download>().await?.closes)
}
