//! `setup_logging`: once, whoever calls it and how often, and what it says if it cannot.

use tracing::{debug, info};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::support::{Dir, child, is_child, our_lines, read, succeed};

fn test(name: &str) -> String {
    format!("logging_is_set_up_once::{name}")
}

#[test]
fn a_second_call_warns_and_changes_nothing() {
    let dir = Dir::new();
    let said = succeed(&mut child(&dir, &test("sets_up_twice")));
    assert_eq!(
        our_lines(&said),
        ["telensic: setup_logging was called again; the first one's settings stay in force"]
    );
    let read = read(dir.path());
    assert_eq!(read.logs.len(), 1);
    assert_eq!(read.log("after").severity, 9);
}

#[test]
#[ignore = "the child of the test above"]
fn sets_up_twice() {
    if !is_child() {
        return;
    }
    // Also before anything is recorded.
    telensic::setup_logging().unwrap();
    info!("before");
    let _guard = telensic::init("twice");
    assert_eq!(telensic::Logging::new().filter("debug").setup(), Ok(()));
    info!("after");
    debug!("too fine");
}

#[test]
fn another_subscriber_is_left_alone_and_the_error_says_what_to_do() {
    let dir = Dir::new();
    let said = succeed(&mut child(&dir, &test("comes_second")));
    assert_eq!(our_lines(&said), Vec::<&str>::new());
    assert_eq!(read(dir.path()).logs.len(), 0);
}

#[test]
#[ignore = "the child of the test above"]
fn comes_second() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("second");
    let other = tracing_subscriber::registry().with(tracing_subscriber::filter::LevelFilter::INFO);
    tracing::subscriber::set_global_default(other).unwrap();
    let error = telensic::setup_logging().unwrap_err().to_string();
    assert!(
        error.contains("telensic::tracing_layer()") && !error.contains('\n'),
        "{error}"
    );
    info!("nobody listens");
    assert_eq!(log::max_level(), log::LevelFilter::Off);
}

#[test]
fn the_environment_says_which_levels_are_recorded() {
    for (variables, expected) in [
        (&[][..], &["info"][..]),
        (&[("RUST_LOG", "debug")], &["info", "debug"]),
        (&[("RUST_LOG", "off,orders=debug")], &["debug of orders"]),
        (&[("RUST_LOG", "off"), ("TELENSIC_LOG", "info")], &["info"]),
        (&[("TELENSIC_LOG_LEVEL", "warn")], &[]),
    ] {
        let dir = Dir::new();
        let mut command = child(&dir, &test("says_what_it_may"));
        command.env_remove("RUST_LOG").envs(variables.iter().copied());
        let said = succeed(&mut command);
        assert_eq!(our_lines(&said), Vec::<&str>::new());
        let read = read(dir.path());
        let mut texts: Vec<&str> = read.logs.iter().map(|log| log.body.text()).collect();
        texts.retain(|text| !(*text == "debug of orders" && expected.contains(&"debug")));
        assert_eq!(texts, expected, "{variables:?}");
    }
}

#[test]
#[ignore = "the child of the test above"]
fn says_what_it_may() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("levels");
    telensic::setup_logging().unwrap();
    info!("info");
    debug!("debug");
    debug!(target: "orders", "debug of orders");
}

#[test]
fn a_wrong_filter_is_named_and_the_default_used() {
    let dir = Dir::new();
    let said = succeed(child(&dir, &test("says_what_it_may")).env("RUST_LOG", "my_crate=loud"));
    let lines = our_lines(&said);
    assert_eq!(lines.len(), 1, "{said}");
    assert!(
        lines[0].contains("RUST_LOG") && lines[0].contains("my_crate=loud"),
        "{said}"
    );
    assert_eq!(read(dir.path()).log("info").severity, 9);
}
