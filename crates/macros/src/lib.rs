//! The attributes of telensic; use them through that crate.
//!
//! An attribute changes the bodies of functions and nothing else: its signature, its types and its other attributes stay as
//! they were written. Generated code names everything by its full path, brings no name of its own into the user's
//! scope, and goes into the recorder by `telensic::__private` alone.

mod body;
mod error;
mod field;
mod function;
mod future;
mod instrument_adapter;
mod option;
mod record;
mod returned;
mod trace_span;

use proc_macro::TokenStream;

/// Records every call of a function as a span.
///
/// ```
/// use telensic::trace_span;
///
/// #[trace_span("run_stage:{stage_id}", fields(rows = rows.len()))]
/// fn run_stage(stage_id: &str, rows: &[f64]) -> Result<f64, std::num::ParseFloatError> {
///     let scale: f64 = "1.5".parse()?;
///     Ok(scale * rows.iter().sum::<f64>())
/// }
/// # assert_eq!(run_stage("features", &[2.0]), Ok(3.0));
/// ```
///
/// The span is the current one while the function runs, and ends with it, however that is: at its end, by an early
/// `return`, by `?`, or by a panic, which the span then tells. An `async fn`'s span begins when it is first polled, is
/// the current one whenever it is, on whatever thread, and ends when it is done or dropped.
///
/// # The name
///
/// Without one the span is called like the function. A literal may have placeholders, filled from arguments when the
/// function is called, as in `format!`: `{stage_id}`, `{self.symbol}`, `{config.profile:?}`, `{ratio:.2}`; `{{` and
/// `}}` are braces. `name = "..."` is the same, and `name = SOME_CONSTANT` takes a constant.
///
/// A standard name (`pipeline:`, `run_stage:`, `run_step:` and so on) makes it a standard span: it carries `run_id` and
/// the profile of the run that is in progress, and what its name says (`stage_id` of `run_stage:features`), unless the
/// attribute's own fields say otherwise.
///
/// # What is recorded of a call
///
/// No argument is recorded unless it is named, since it might hold a secret.
///
/// | | |
/// |---|---|
/// | `fields(profile)` | the argument, under its name |
/// | `fields(config.profile, self.symbol)` | a field, under `config.profile`, and under `symbol` |
/// | `fields(rows = table.len(), operation.id = id, "http.route" = route)` | any expression, under any key |
/// | `fields(%side, ?side, key = %expression, key = ?expression)` | by `Display`, or by `Debug` |
/// | `args` | every argument under its name, by `Debug` if it is no attribute's value; not `self`, and none that begins with `_` |
/// | `args, skip(api_key)` | all but these |
/// | `ret` | the returned value, or that of an `Ok`, as `return` |
///
/// A value is text, a truth value, a number, a list of such, an `Option` or a pointer of one, or whatever can be made
/// into a `telensic::Value`. Expressions are evaluated when the function is called, and only if the
/// span is recorded.
///
/// # Errors
///
/// Of a function that returns a `Result`, an `Err` is recorded as an exception with all its sources, and the span has
/// failed; `err = false` leaves that out. A type that has another name needs `err`.
///
/// # The rest
///
/// | | |
/// |---|---|
/// | `kind = client` | `internal`, `server`, `client`, `producer`, `consumer` |
/// | `parent = context` | a child of this context's span, in place of the current one |
/// | `root` | begins a new trace |
/// | `scope = scope_id` | records it under this instrumentation scope |
/// | `crate = path` | where telensic is, if it is not called so |
///
/// Functions that return a future (`impl Future`, or the boxed one that `async_trait` makes) are recorded as if they
/// were `async`. A `const fn` cannot be recorded.
///
/// # Switched off
///
/// Without telensic's feature `record` the function has the machine code that it has without the attribute, and no
/// expression of the attribute is evaluated.
#[proc_macro_attribute]
pub fn trace_span(options: TokenStream, item: TokenStream) -> TokenStream {
    trace_span::trace_span(options.into(), item.into()).into()
}

/// Records every call of an adapter, a client of a data provider: a span, and all metrics of adapters.
///
/// ```
/// use telensic::instrument_adapter;
///
/// struct Finnhub;
///
/// #[instrument_adapter("finnhub")]
/// impl Finnhub {
///     #[adapter(fields(symbol))]
///     pub async fn quote(&self, symbol: &str, api_key: &str) -> std::io::Result<f64> {
///         // ... the request ...
/// #       drop((symbol, api_key));
///         Ok(187.2)
///     }
/// }
/// # drop(Finnhub.quote("AAPL", "secret"));
/// ```
///
/// It goes on an `impl`. Of a trait's each method is instrumented, of any other each public one that takes `self`, sync or
/// async, also those that return a future (`impl Future`, or the boxed one that `async_trait` makes). A `const fn` is left
/// as it is.
///
/// # What is recorded
///
/// The span is called `adapter.<method>`, and is a `client` span with `provider`, `operation` and `outcome`: `success`,
/// `rate_limited`, `timeout`, `connection`, `cancelled` (the future was dropped), `panic`, or `error`; if it is not a success,
/// also with `error.type`. An `Err` is recorded as an exception with all its sources. The metrics `adapter_*` count and time
/// the call, whether anything is recorded or not. No argument is recorded unless it is named.
///
/// Why a call failed is seen from the error: telensic's `adapter::ClassifyError` says how, and
/// lets a type say it of itself.
///
/// # A method that is to be different
///
/// | | |
/// |---|---|
/// | `#[adapter(skip)]` | it is left as it is |
/// | `#[adapter(name = "candles")]` | the operation has this name, and the span `adapter.candles` |
/// | `#[adapter(fields(symbol, days = to - from))]` | this is recorded, as [`trace_span`] would |
/// | `#[adapter]` | it is instrumented although it is not public, or has no `self` |
///
/// The provider is a text or a constant: `#[instrument_adapter(FINNHUB)]`. `crate = path` after it says where telensic is,
/// if it is not called so.
///
/// # Switched off
///
/// Without telensic's feature `metrics` only the span is recorded. Without `record` a method has the machine code that it
/// has without the attribute.
#[proc_macro_attribute]
pub fn instrument_adapter(options: TokenStream, item: TokenStream) -> TokenStream {
    instrument_adapter::instrument_adapter(options.into(), item.into()).into()
}
