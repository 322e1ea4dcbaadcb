//! Every standard span, by helper or by attribute, carries the id and the profile of its run, and what its name says.

use telensic::{Run, names, spans, trace_span};

use crate::support::{Dir, Read, ReadSpan, Val, child, is_child, read_run, succeed};

#[trace_span("run_stage:{stage_id}", fields(rows))]
fn stage(stage_id: &str, rows: u64) -> u64 {
    rows + stage_id.len() as u64
}

#[trace_span("run_stage:{stage_id}", fields(profile, run_id = "own"))]
async fn says_otherwise(stage_id: &str, profile: &str) -> usize {
    stage_id.len() + profile.len()
}

#[trace_span(name = names::span::EXECUTE_SLEEVES, fields(n_sleeves, parallelism = 2))]
fn execute(n_sleeves: usize) -> usize {
    n_sleeves
}

#[trace_span("run_step:winsorize", args)]
fn step(is_strict: bool) -> bool {
    is_strict
}

#[trace_span]
fn no_standard_one() {}

fn run() -> (String, Read) {
    let dir = Dir::new();
    let mut command = child(&dir, "standard_spans_say_which_run::runs");
    command.env("TELENSIC_KEY", dir.path().join("seal.key"));
    succeed(&mut command);
    let runs = telensic::DataRoot::new(dir.path()).list().unwrap();
    assert_eq!(runs.len(), 1);
    (runs[0].id().to_string(), read_run(runs[0].path()))
}

/// The attributes, sorted, of a span that says which run it belongs to.
fn attributes<'s>(span: &'s ReadSpan, run_id: &str) -> Vec<(&'s str, Val)> {
    assert_eq!(span.get("run_id"), Some(&Val::from(run_id)), "{}", span.name);
    let pairs = span.attributes.iter().filter(|(key, _)| key != "run_id");
    let mut attributes: Vec<_> = pairs.map(|(key, value)| (key.as_str(), value.clone())).collect();
    attributes.sort_by_key(|(key, _)| *key);
    attributes
}

#[test]
fn each_has_the_attributes_of_its_kind() {
    let (id, read) = run();
    let text = |value: &str| Val::from(value);
    let of = |name: &str| attributes(read.span(name), &id);
    let profile = ("profile", text("nightly"));
    assert_eq!(
        of("run_stage:load"),
        [profile.clone(), ("stage_id", text("load"))]
    );
    assert_eq!(
        of("run_stage:features"),
        [
            profile.clone(),
            ("rows", Val::I64(7)),
            ("stage_id", text("features"))
        ]
    );
    assert_eq!(
        of("run_step:clean"),
        [
            ("is_strict", Val::Bool(true)),
            profile.clone(),
            ("step", text("clean"))
        ]
    );
    assert_eq!(
        of("run_step:winsorize"),
        [
            ("is_strict", Val::Bool(false)),
            profile.clone(),
            ("step", text("winsorize"))
        ]
    );
    for sleeves in read.named("execute_sleeves") {
        let expected = [("n_sleeves", Val::I64(8)), ("parallelism", Val::I64(2))];
        assert_eq!(attributes(sleeves, &id), expected);
    }
    assert_eq!(read.named("execute_sleeves").len(), 2);
    assert_eq!(
        of("run_pipeline"),
        [("node_ip", text("10.0.0.1")), ("profile", text("sleeve-3"))]
    );
    assert_eq!(
        of("pipeline:inner"),
        [("profile", text("inner")), ("type", text("backtest"))]
    );

    let own = attributes(read.span("run_stage:own"), "own");
    assert_eq!(own, [("profile", text("mine")), ("stage_id", text("own"))]);
    assert_eq!(read.span("no_standard_one").attributes, []);

    let operation = [
        ("operation.id", text("op-7")),
        ("operation.type", text("backtest")),
    ];
    for (name, status) in [
        ("operation.start", "started"),
        ("operation.progress", "in_progress"),
        ("operation.complete", "completed"),
        ("operation.fail", "failed"),
    ] {
        let found = of(name);
        for pair in &operation {
            assert!(found.contains(pair), "{name}: {found:?}");
        }
        assert!(
            found.contains(&("operation.status", text(status))),
            "{name}: {found:?}"
        );
        assert!(found.contains(&("symbol", text("BTCUSDT"))), "{name}: {found:?}");
        assert!(found.contains(&("strategy", text("ith"))), "{name}: {found:?}");
    }
    let progress = read.span("operation.progress");
    assert_eq!(progress.get("progress.percentage"), Some(&Val::F64(40.0)));
    assert_eq!(progress.get("progress.phase"), Some(&text("features")));
}

#[test]
#[ignore = "the child of the test above"]
fn runs() {
    if !is_child() {
        return;
    }
    let run = Run::start("nightly").unwrap();
    spans::run_stage("load").end();
    assert_eq!(stage("features", 7), 15);
    spans::run_step("clean", true).end();
    assert!(!step(false));
    spans::execute_sleeves(8, 2).end();
    assert_eq!(execute(8), 8);
    spans::run_pipeline("sleeve-3", "10.0.0.1").end();
    spans::pipeline("inner", "backtest").end();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(says_otherwise("own", "mine")), 7);
    no_standard_one();
    let operation = spans::operation("op-7", "backtest")
        .symbol("BTCUSDT")
        .strategy("ith");
    operation.start().end();
    operation.progress(40.0, "features").end();
    operation.complete().end();
    operation.fail().end();
    run.finish().unwrap();
}
