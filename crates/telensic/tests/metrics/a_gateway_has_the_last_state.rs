//! A real Pushgateway, and programs that end before anybody could scrape them.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use telensic::metrics::{self, PushMethod, PushOptions};

use crate::peer::{Running, program, start};
use crate::scrape::{ask, value};
use crate::support::{Dir, child, finish, given, is_child};

const TEST: &str = "a_gateway_has_the_last_state::";

fn gateway(dir: &Dir) -> Option<Running> {
    Some(start(&program("prometheus-pushgateway")?, dir.path(), &[]))
}

fn job(dir: &Dir, gateway: &Running, test: &str) -> Command {
    let mut command = child(dir, &format!("{TEST}{test}"));
    command.env("TELENSIC_PUSHGATEWAY", format!("http://{}", gateway.address));
    command
}

fn pushed(gateway: SocketAddr) -> String {
    ask(gateway, "GET", "/metrics", "").text().to_owned()
}

#[test]
#[ignore = "the child of a test below"]
fn exits_at_once() {
    if !is_child() {
        return;
    }
    let _guard = telensic::Builder::new("exits").log_files(false).init();
    metrics::counter("fills_total")
        .help("fills")
        .register()
        .alone()
        .add(7);
}

#[test]
#[ignore = "the child of a test below"]
fn panics_at_once() {
    if !is_child() {
        return;
    }
    let _guard = telensic::Builder::new("panics").log_files(false).init();
    metrics::counter("fills_total")
        .help("fills")
        .register()
        .alone()
        .add(3);
    panic!("as it should");
}

#[test]
fn of_a_job_that_exits_at_once() {
    let dir = Dir::new();
    let Some(gateway) = gateway(&dir) else { return };
    assert!(finish(&mut job(&dir, &gateway, "exits_at_once")).status.success());
    let text = pushed(gateway.address);
    assert_eq!(
        value(&text, "fills_total{instance=\"\",job=\"exits\"}"),
        Some(7.0),
        "{text}"
    );
}

#[test]
fn of_a_job_that_panics() {
    let dir = Dir::new();
    let Some(gateway) = gateway(&dir) else { return };
    assert!(
        !finish(&mut job(&dir, &gateway, "panics_at_once"))
            .status
            .success()
    );
    let text = pushed(gateway.address);
    assert_eq!(
        value(&text, "fills_total{instance=\"\",job=\"panics\"}"),
        Some(3.0),
        "{text}"
    );
}

#[test]
#[ignore = "the child of a test below"]
fn pushes_by_a_group_of_its_own() {
    if !is_child() {
        return;
    }
    let options = PushOptions::to(given("TELENSIC_PUSHGATEWAY"))
        .job("nightly run")
        .grouping("shard", "eu/1")
        .interval(Duration::from_millis(100));
    let first = metrics::counter("first_total").help("first").register();
    first.alone().inc();
    let pusher = metrics::push(&options.clone().method(PushMethod::Post)).unwrap();
    assert!(pusher.push_now(Duration::from_secs(20)));
    // Without being asked for, at the interval.
    first.alone().inc();
    let address: SocketAddr = given("TELENSIC_PUSHGATEWAY")
        .trim_start_matches("http://")
        .parse()
        .unwrap();
    let sample = "first_total{instance=\"\",job=\"nightly run\",shard=\"eu/1\"}";
    let arrived = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        value(&pushed(address), sample) == Some(2.0)
    });
    assert!(arrived, "{}", pushed(address));
    drop(pusher);
}

#[test]
fn of_a_group_at_intervals() {
    let dir = Dir::new();
    let Some(gateway) = gateway(&dir) else { return };
    let ended = finish(&mut job(&dir, &gateway, "pushes_by_a_group_of_its_own"));
    assert!(
        ended.status.success(),
        "{}",
        String::from_utf8_lossy(&ended.stderr)
    );
}
