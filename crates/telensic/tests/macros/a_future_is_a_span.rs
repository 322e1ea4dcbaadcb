//! A future's span begins when it is first polled, is the current one whenever it is, and ends when it does.

use std::future::Future;
use std::pin::Pin;

use telensic::{current, current_context, root_span, span, trace_span};
use tokio::task::yield_now;

use crate::support::{Read, Val, is_child, recorded};

async fn leaf(name: &str) {
    yield_now().await;
    span(name).end();
    yield_now().await;
}

#[trace_span("fetch:{symbol}", fields(symbol), ret)]
async fn fetch(symbol: &str) -> Result<usize, std::num::ParseIntError> {
    leaf("in fetch").await;
    if symbol.is_empty() {
        return Ok(0);
    }
    Ok("5".parse::<usize>()? + symbol.len())
}

#[trace_span]
async fn generic<T: AsRef<str> + Send, F: Future<Output = ()> + Send>(
    text: T,
    work: F,
) -> impl Iterator<Item = char> {
    work.await;
    text.as_ref().chars().collect::<Vec<_>>().into_iter()
}

#[trace_span("block of {id}", fields(id))]
fn returns_a_block(id: u32) -> impl Future<Output = Result<u32, String>> + Send {
    let prepared = id + 1;
    async move {
        leaf("in block").await;
        if prepared == 1 {
            return Err("zero".to_owned());
        }
        Ok(prepared)
    }
}

#[trace_span]
fn returns_another(name: &'static str) -> impl Future<Output = ()> + Send {
    if name.is_empty() {
        return leaf("in nothing");
    }
    leaf(name)
}

#[trace_span(ret)]
fn returns_a_box<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = usize> + Send + 'a>> {
    Box::pin(async move {
        leaf("in box").await;
        text.len()
    })
}

#[trace_span(args)]
fn returns_another_box(fail: bool) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> {
    let work = async move {
        leaf("in another box").await;
        if fail { Err("failed".to_owned()) } else { Ok(()) }
    };
    Box::pin(work)
}

struct Feed {
    venue: String,
    polls: u32,
}

impl Feed {
    #[trace_span("poll {self.venue}", fields(polls = self.polls))]
    async fn poll(&mut self) -> &mut u32 {
        leaf("in poll").await;
        self.polls += 1;
        &mut self.polls
    }
}

trait Source {
    async fn read(&self, id: u32) -> u32;

    #[trace_span("default of {id}")]
    async fn by_default(&self, id: u32) -> u32
    where
        Self: Sync,
    {
        self.read(id).await + 1
    }
}

impl Source for Feed {
    #[trace_span("read {id} of {self.venue}")]
    async fn read(&self, id: u32) -> u32 {
        leaf("in read").await;
        id
    }
}

#[async_trait::async_trait]
trait Provider: Send + Sync {
    async fn quote(&self, symbol: &str) -> Result<f64, String>;

    #[trace_span("default quote of {symbol}")]
    async fn or_zero(&self, symbol: &str) -> f64 {
        self.quote(symbol).await.unwrap_or(0.0)
    }
}

#[async_trait::async_trait]
impl Provider for Feed {
    #[trace_span("quote {symbol} at {self.venue}", fields(symbol, self.venue))]
    async fn quote(&self, symbol: &str) -> Result<f64, String> {
        leaf("in quote").await;
        if symbol == "none" {
            return Err(format!("{} has no {symbol}", self.venue));
        }
        Ok(1.5)
    }
}

#[trace_span]
async fn never_ends() {
    leaf("in never ends").await;
    std::future::pending::<()>().await;
}

#[trace_span]
async fn never_polled() {}

fn parent<'a>(read: &'a Read, name: &str) -> &'a str {
    let id = read.span(name).parent.unwrap();
    &read.by_id()[&id].name
}

#[test]
fn futures_of_every_kind_keep_their_span() {
    let read = recorded("a_future_is_a_span::awaits_everything");
    for (child, expected) in [
        ("in fetch", "fetch:BTCUSDT"),
        ("in generic", "generic"),
        ("in another", "returns_another"),
        ("in box", "returns_a_box"),
        ("in another box", "returns_another_box"),
        ("in poll", "poll kraken"),
        ("in never ends", "never_ends"),
        ("read 7 of kraken", "default of 7"),
        ("in read", "read 7 of kraken"),
        ("quote none at kraken", "default quote of none"),
    ] {
        assert_eq!(parent(&read, child), expected, "{child}");
    }
    for name in [
        "fetch:BTCUSDT",
        "generic",
        "returns_another",
        "returns_a_box",
        "default of 7",
        "never_ends",
    ] {
        assert_eq!(parent(&read, name), "test", "{name}");
    }
    assert_eq!(read.span("fetch:BTCUSDT").int("return"), 12);
    assert_eq!(read.span("returns_a_box").int("return"), 3);
    let [fails, works] = [0, 1].map(|id| read.span(&format!("block of {id}")));
    assert_eq!((fails.status, works.status), (2, 0));
    assert_eq!(works.int("id"), 1);
    assert_eq!(read.named("in block").len(), 2);
    let boxed = read.span("returns_another_box");
    assert_eq!((boxed.status, boxed.message.as_str()), (2, "failed"));
    assert_eq!(boxed.get("fail"), Some(&Val::Bool(true)));
    let quote = read.span("quote none at kraken");
    assert_eq!(quote.message, "kraken has no none");
    assert_eq!(quote.get("venue"), Some(&Val::from("kraken")));
    assert_eq!(read.span("quote BTCUSDT at kraken").status, 0);
    assert_eq!(read.span("never_ends").status, 0);
    assert_eq!(read.named("never_polled").len(), 0);
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn awaits_everything() {
    if !is_child() {
        return;
    }
    let guard = telensic::init("futures");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_time()
        .build()
        .unwrap();
    {
        let _root = root_span("test").entered();
        runtime.block_on(async {
            drop(never_polled());
            assert_eq!(fetch("BTCUSDT").await, Ok(12));
            assert_eq!(generic("ab", leaf("in generic")).await.count(), 2);
            assert_eq!(returns_a_block(1).await, Ok(2));
            assert!(returns_a_block(0).await.is_err());
            returns_another("in another").await;
            assert_eq!(returns_a_box("abc").await, 3);
            assert!(returns_another_box(true).await.is_err());
            let mut feed = Feed {
                venue: "kraken".to_owned(),
                polls: 0,
            };
            *feed.poll().await += 1;
            assert_eq!(feed.polls, 2);
            assert_eq!(feed.by_default(7).await, 8);
            assert_eq!(feed.or_zero("none").await, 0.0);
            assert_eq!(feed.quote("BTCUSDT").await, Ok(1.5));
            tokio::select! {
                () = never_ends() => {}
                () = async { for _ in 0..10 { yield_now().await } } => {}
            }
        });
    }
    assert!(current_context().is_empty());
    drop((runtime, guard));
}

#[trace_span("task {task}", fields(task), root)]
async fn task(task: i64) -> Result<(), String> {
    for number in 0..4 {
        step(task, number).await?;
        assert!(current().span_context().is_some());
    }
    Ok(())
}

#[trace_span("step", args)]
async fn step(task: i64, number: i64) -> Result<(), String> {
    yield_now().await;
    tokio::join!(inner(task), inner(task));
    if task % 3 == 0 && number == 2 {
        return Err("third".to_owned());
    }
    Ok(())
}

#[trace_span(fields(task))]
async fn inner(task: i64) {
    yield_now().await;
    tokio::time::sleep(std::time::Duration::from_micros(10)).await;
    assert!(current_context().span().is_some(), "of task {task}");
}

#[test]
fn tasks_that_move_between_threads_have_their_right_parents() {
    let read = recorded("a_future_is_a_span::runs_tasks");
    let by_id = read.by_id();
    for span in &read.spans {
        let Some(parent) = span.parent.map(|id| by_id[&id]) else {
            assert!(span.name.starts_with("task "));
            continue;
        };
        assert_eq!((parent.int("task"), parent.trace), (span.int("task"), span.trace));
        assert_eq!(parent.name == "step", span.name == "inner");
    }
    let failed = read.spans.iter().filter(|span| span.status == 2).count();
    assert_eq!(failed, 2 * 100);
    assert_eq!(read.named("step").len(), 100 * 3 + 200 * 4);
    assert_eq!(read.named("inner").len(), 2 * read.named("step").len());
}

#[test]
#[ignore = "the child of the test above"]
fn runs_tasks() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("tasks");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .enable_time()
        .build()
        .unwrap();
    runtime.block_on(async {
        let tasks: Vec<_> = (0..300).map(|number| tokio::spawn(task(number))).collect();
        for task in tasks {
            let _failed_or_not = task.await.unwrap();
        }
    });
}
