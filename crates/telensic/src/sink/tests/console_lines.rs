use std::io::{self, Write};

use super::*;
use crate::sink::{ConsoleForm, ConsoleSink, LogLayout};

/// Something to write to that remembers.
#[derive(Clone, Default)]
pub(super) struct Screen {
    shown: Arc<Mutex<Vec<u8>>>,
    /// What the next writes fail with; a number of bytes is taken first.
    fails: Arc<Mutex<Option<(usize, io::ErrorKind)>>>,
}

impl Screen {
    pub(super) fn text(&self) -> String {
        String::from_utf8(self.shown.lock().unwrap().clone()).unwrap()
    }

    fn fail(&self, after: usize, kind: impl Into<Option<io::ErrorKind>>) {
        *self.fails.lock().unwrap() = kind.into().map(|kind| (after, kind));
    }
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut taken = bytes.len();
        if let Some((left, kind)) = &mut *self.fails.lock().unwrap() {
            if *left == 0 {
                return Err((*kind).into());
            }
            taken = taken.min(*left);
            *left -= taken;
        }
        self.shown.lock().unwrap().extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn sink(screen: &Screen, form: ConsoleForm) -> ConsoleSink {
    ConsoleSink::to(
        Box::new(screen.clone()),
        form,
        origin(),
        Reports::default().callback(),
    )
}

const PLAIN: ConsoleForm = ConsoleForm::Human { colours: false };

#[test]
fn people_read_one_short_line() {
    let screen = Screen::default();
    let mut sink = sink(&screen, PLAIN);
    Log::at(0)
        .body("filled")
        .in_span()
        .with("qty", 0.5)
        .with("why", "limit hit")
        .with("id", "a-1")
        .to(&mut sink);
    sink.end_of_round();
    let expected = "12:00:00.123 INFO  quant_core: filled qty=0.5 why=\"limit hit\" id=a-1 trace=4b4b4b4b\n";
    assert_eq!(screen.text(), expected);
}

#[test]
fn a_stack_trace_follows_indented() {
    let screen = Screen::default();
    let mut sink = sink(&screen, PLAIN);
    let log = Log::at(0)
        .body("failed")
        .with("exception.type", "ValueError")
        .with("exception.message", "no");
    log.with("exception.stacktrace", "in a\nin b\x1b[2J\n")
        .to(&mut sink);
    sink.end_of_round();
    let expected =
        "12:00:00.123 INFO  quant_core: failed\n    ValueError: no\n    in a\n    in b\\u{1b}[2J\n";
    assert_eq!(screen.text(), expected);
}

#[test]
fn colours_are_the_only_control_characters() {
    let screen = Screen::default();
    let mut sink = sink(&screen, ConsoleForm::Human { colours: true });
    let evil = "a\x1b[31m\r\n\u{9b}2J\u{202e}\x07\x7f";
    Log::at(0)
        .body(evil)
        .with(evil, evil)
        .with("component", evil)
        .with("list", &[evil])
        .to(&mut sink);
    sink.end_of_round();
    let mut text = screen.text();
    assert!(
        text.contains("a\\u{1b}[31m\\r\\n\\u{9b}2J\\u{202e}\\u{7}\\u{7f}"),
        "{text}"
    );
    for colour in ["\x1b[2m", "\x1b[32m", "\x1b[1m", "\x1b[0m"] {
        text = text.replace(colour, "");
    }
    assert!(
        !text
            .trim_end_matches('\n')
            .contains(|char: char| char.is_control() || char == '\u{202e}'),
        "{text:?}"
    );
}

#[test]
fn a_reader_that_left_is_left_alone() {
    let screen = Screen::default();
    let reports = Reports::default();
    let form = ConsoleForm::Json(LogLayout::Standard);
    let mut sink = ConsoleSink::to(Box::new(screen.clone()), form, origin(), reports.callback());
    screen.fail(0, io::ErrorKind::BrokenPipe);
    Log::at(0).body("one").to(&mut sink);
    sink.end_of_round();
    screen.fail(0, None);
    Log::at(0).body("two").to(&mut sink);
    sink.close();
    assert_eq!(
        (screen.text().as_str(), sink.lost_lines(), reports.all().len()),
        ("", 2, 0)
    );
}

#[test]
fn a_console_that_would_block_gets_the_rest_later() {
    let screen = Screen::default();
    let mut sink = sink(&screen, PLAIN);
    for (nanos, body) in [(2, "three"), (0, "one"), (1, "two")] {
        Log::at(nanos).body(body).to(&mut sink);
    }
    screen.fail(60, io::ErrorKind::WouldBlock);
    sink.end_of_round();
    assert_eq!(screen.text().len(), 60);
    screen.fail(3, io::ErrorKind::WouldBlock);
    sink.end_of_round();
    screen.fail(0, None);
    sink.end_of_round();
    let prefix = "12:00:00.123 INFO  quant_core: ";
    assert_eq!(
        screen.text(),
        format!("{prefix}one\n{prefix}two\n{prefix}three\n")
    );
    assert_eq!(sink.lost_lines(), 0);
}
