//! A call of a function is a span, whatever kind of function it is and however it is left.

use std::fmt::Display;

use telensic::{ScopeId, current, current_context, root_span, span, trace_span};

use crate::support::{Read, Val, is_child, recorded};

#[trace_span]
fn plain(value: u64) -> u64 {
    span("inside").end();
    value + 1
}

#[trace_span("sum of {left} and {right:03}, {{as is}}")]
fn formatted(left: u32, right: u32) -> u32 {
    left + right
}

#[trace_span("always {{this}}")]
fn braces() {}

const CALLED: &str = "called by a constant";

#[trace_span(name = CALLED, kind = client)]
fn constant() {}

#[trace_span("{LIMIT} at most")]
fn of_a_constant() {}

const LIMIT: u32 = 10;

#[trace_span]
fn early(stop: bool) -> &'static str {
    if stop {
        return "early";
    }
    current().set("went on", true);
    "late"
}

#[trace_span("longest of {count}", fields(kind = std::any::type_name::<T>()))]
fn generic<'a, T: AsRef<str> + ?Sized, const N: usize>(
    texts: [&'a T; N],
    none: &'a str,
    count: impl Display,
) -> &'a str {
    texts
        .into_iter()
        .map(|text| text.as_ref())
        .max_by_key(|text| text.len())
        .unwrap_or(none)
}

#[trace_span(ret)]
fn hidden(up_to: u64) -> impl Iterator<Item = u64> + Clone + std::fmt::Debug {
    (0..up_to).step_by(2)
}

#[trace_span(args)]
fn patterns((low, high): (i64, i64), [first, .., last]: [i64; 3], mut sum: i64, _unused: i64) -> i64 {
    sum += low + high + first + last;
    sum
}

#[expect(unsafe_code, reason = "it only says that it is unsafe")]
#[trace_span]
unsafe fn without_safety(values: &[u8]) -> u8 {
    values[0]
}

#[trace_span]
extern "C" fn of_c(value: i32) -> i32 {
    value
}

#[trace_span(name = "r#type is {type}", fields(r#type))]
fn raw(r#type: &str) -> usize {
    #![expect(
        unused_variables,
        reason = "an attribute at the beginning of a body stays there"
    )]
    let unused = 1;
    r#type.len()
}

#[trace_span]
fn recursive(depth: u32) -> u32 {
    if depth == 0 { 0 } else { 1 + recursive(depth - 1) }
}

#[trace_span(root)]
fn begins_a_trace() {}

struct Book {
    symbol: String,
    levels: Vec<f64>,
}

impl Book {
    #[trace_span("top of {self.symbol}", fields(self.symbol, levels = self.levels.len()))]
    fn top(&mut self) -> Result<&mut f64, String> {
        let empty = || format!("{} is empty", self.symbol);
        if self.levels.is_empty() {
            return Err(empty());
        }
        Ok(&mut self.levels[0])
    }

    #[trace_span(parent = context, scope = scope)]
    fn elsewhere(&self, context: &telensic::context::Context, scope: ScopeId) -> usize {
        self.levels.len()
    }

    #[trace_span]
    fn consumed(self) -> Vec<f64> {
        self.levels
    }
}

trait Stage {
    fn id(&self) -> &str;

    #[trace_span("stage {id}", fields(id))]
    fn by_default(&self, id: &str) -> usize {
        id.len() + self.id().len()
    }

    fn of_its_own(&self) -> usize;
}

impl Stage for Book {
    fn id(&self) -> &str {
        &self.symbol
    }

    #[trace_span]
    fn of_its_own(&self) -> usize {
        Self::id(self).len()
    }
}

#[test]
fn every_call_is_recorded_with_its_name_and_its_place() {
    let read = recorded("a_call_is_a_span::calls_everything");
    let root = read.span("test");
    let child_of_root = |read: &Read, name: &str| assert_eq!(read.span(name).parent, Some(root.id), "{name}");
    for name in [
        "plain",
        "sum of 1 and 002, {as is}",
        "always {this}",
        "called by a constant",
        "10 at most",
        "longest of 2",
        "hidden",
        "patterns",
        "without_safety",
        "of_c",
        "r#type is live",
        "elsewhere",
        "consumed",
        "stage features",
        "of_its_own",
    ] {
        child_of_root(&read, name);
    }
    assert_eq!(read.span("inside").parent, Some(read.span("plain").id));
    assert_eq!(read.span("called by a constant").kind, 3);
    assert_eq!(read.span("plain").kind, 1);
    let hidden = read.span("hidden").get("return").unwrap().text();
    assert!(hidden.starts_with("StepBy"), "{hidden}");
    assert_eq!(read.span("r#type is live").get("type"), Some(&Val::from("live")));
    assert_eq!(read.span("longest of 2").get("kind"), Some(&Val::from("str")));
    assert_eq!(
        read.span("stage features").get("id"),
        Some(&Val::from("features"))
    );

    let early: Vec<_> = read
        .named("early")
        .iter()
        .map(|span| span.get("went on").cloned())
        .collect();
    assert_eq!(early, [None, Some(Val::Bool(true))]);

    let patterns: Vec<_> = read.span("patterns").attributes.clone();
    let expected = [("low", 1), ("high", 2), ("first", 3), ("last", 5), ("sum", 100)];
    assert_eq!(
        patterns,
        expected.map(|(key, int)| (key.to_owned(), Val::I64(int)))
    );

    let mut depth = 0;
    let mut above = Some(root.id);
    while let Some(next) = read.named("recursive").iter().find(|span| span.parent == above) {
        above = Some(next.id);
        depth += 1;
    }
    assert_eq!(depth, 4);

    let elsewhere = read.span("begins_a_trace");
    assert_eq!(elsewhere.parent, None);
    assert_ne!(elsewhere.trace, root.trace);

    let tops = read.named("top of BTCUSDT");
    assert_eq!(tops.iter().map(|span| span.status).collect::<Vec<_>>(), [0, 2]);
    assert_eq!(
        tops.iter().map(|span| span.int("levels")).collect::<Vec<_>>(),
        [1, 0]
    );
    assert_eq!(tops[0].get("symbol"), Some(&Val::from("BTCUSDT")));
    assert_eq!(tops[1].message, "BTCUSDT is empty");
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn calls_everything() {
    if !is_child() {
        return;
    }
    // Before there is a recorder, and after: nothing but the work.
    assert_eq!(plain(1), 2);
    let guard = telensic::init("calls");
    {
        let _root = root_span("test").entered();
        assert_eq!(plain(1), 2);
        assert_eq!(formatted(1, 2), 3);
        braces();
        constant();
        of_a_constant();
        assert_eq!((early(true), early(false)), ("early", "late"));
        assert_eq!(generic(["a", "abc"], "none", 2), "abc");
        assert_eq!(hidden(3).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(patterns((1, 2), [3, 4, 5], 100, 0), 111);
        #[expect(unsafe_code, reason = "the function only says that it is unsafe")]
        // SAFETY: it asks for nothing.
        let first = unsafe { without_safety(&[7]) };
        assert_eq!(first, 7);
        assert_eq!(of_c(5), 5);
        assert_eq!(raw("live"), 4);
        assert_eq!(recursive(3), 3);
        begins_a_trace();
        let mut book = Book {
            symbol: "BTCUSDT".to_owned(),
            levels: vec![1.0],
        };
        *book.top().unwrap() += 1.0;
        assert_eq!(book.levels, [2.0]);
        assert_eq!(book.by_default("features") + book.of_its_own(), 22);
        let context = current_context();
        assert_eq!(book.elsewhere(&context, ScopeId::named("books", "1")), 1);
        assert_eq!(std::mem::take(&mut book.levels), [2.0]);
        assert!(book.top().is_err());
        assert!(book.consumed().is_empty());
    }
    assert!(current_context().is_empty());
    drop(guard);
    assert_eq!(plain(1), 2);
}
