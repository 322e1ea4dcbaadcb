//! HTTP clients: a middleware for `reqwest`, by way of `reqwest-middleware`.
//!
//! ```no_run
//! # async fn call() -> Result<(), Box<dyn std::error::Error>> {
//! use telensic::reqwest::{Resolver, TelensicMiddleware};
//!
//! let client = reqwest::Client::builder().dns_resolver(Resolver::new()).build()?;
//! let client = reqwest_middleware::ClientBuilder::new(client).with(TelensicMiddleware::new()).build();
//! let quotes = client.get("http://localhost:5001/quotes/BTCUSDT").send().await?.text().await?;
//! # Ok(()) }
//! ```
//!
//! Each request is a span `{METHOD}` of kind CLIENT, or `{METHOD} {template}` if it has a [`UrlTemplate`]. The context goes
//! out with it, in the formats of `OTEL_PROPAGATORS`. The span ends when the body of the response was read, has failed, or
//! the response is dropped. Redirects that `reqwest` follows by itself are within it; retries made by a middleware that
//! stands before this one are spans of their own, counted in `http.request.resend_count`.
//!
//! `error.type` says what went wrong: the status code of a 4xx or 5xx, or one of
//!
//! | | |
//! |---|---|
//! | `connection_refused` | nobody listens there |
//! | `connection_reset` | the connection broke |
//! | `unreachable` | no way leads there |
//! | `connect_timeout` | no connection came about in time |
//! | `timeout` | no answer, or not all of it, came in time |
//! | `dns` | the name could not be resolved |
//! | `tls` | the certificate or the handshake was wrong |
//! | `connect` | no connection, for another reason |
//! | `redirect` | too many redirects, or a loop |
//! | `body`, `decode` | the body broke off, or was not what its encoding says |
//! | `request`, `builder` | the request could not be sent, or was never one |
//! | `middleware` | another middleware gave up |
//! | `cancelled` | the caller did not wait for the answer |

mod client;
mod exchange;
mod failure;
mod middleware;
mod resolver;
mod settings;

pub use failure::error_type;
pub use middleware::{TelensicMiddleware, UrlTemplate};
pub use resolver::Resolver;
