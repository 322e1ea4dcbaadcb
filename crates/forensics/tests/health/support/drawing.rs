//! Traces from pictures: a line a span, indented below its parent, `[` where it starts, `]` where it ends.
//!
//! ```text
//! root      [--------------]
//!   a          [-----]             starts at 3, ends at 9
//!   b             !                starts and ends at 6
//!   c               [-------]b     recorded on host b
//!   d                 [---->       did not end
//! ```
//!
//! Columns count from the tenth, behind the name.

use std::path::PathBuf;

use telensic_forensics::Timeline;
use telensic_forensics::critical_path::{Change, CriticalPath, PathOptions, Reach, WhatIf};
use telensic_forensics::timeline::SpanIndex;

use super::{Recorder, START, Spec, read};

const NAMES: usize = 10;

/// A drawn trace.
pub(crate) struct Drawing {
    pub(crate) timeline: Timeline,
}

impl Drawing {
    pub(crate) fn of(picture: &str) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let mut main = Recorder::new(dir.path(), "main");
        let mut others: Vec<(String, Recorder)> = Vec::new();
        let lines: Vec<&str> = picture.lines().filter(|line| !line.trim().is_empty()).collect();
        let indent = |line: &str| line.len() - line.trim_start().len();
        let margin = lines.iter().map(|line| indent(line)).min().expect("a line");
        let mut above: Vec<u64> = Vec::new();
        let mut is_dead = false;
        for (number, line) in (1..).zip(lines) {
            let line = &line[margin..];
            above.truncate(indent(line) / 2);
            let (name, bar) = line.split_at(NAMES);
            let from = bar.find(['[', '!']).expect("a start");
            let parent = above.last().copied().unwrap_or(0);
            if bar.contains('>') {
                main.open(number, parent, name.trim(), from as u64);
                is_dead = true;
            } else {
                let to = bar.find([']', '!']).expect("an end");
                let span = Spec::new(number, parent, name.trim(), from as u64, to as u64);
                let host = bar[to + 1..].trim();
                recorder_of(host, &mut main, &mut others, &dir).span(span);
            }
            above.push(number);
        }
        let mut tapes: Vec<PathBuf> = others
            .into_iter()
            .map(|(host, recorder)| recorder.close_on(&host))
            .collect();
        tapes.push(if is_dead { main.abandon() } else { main.close() });
        Self {
            timeline: read(&tapes),
        }
    }

    /// The span of this name.
    pub(crate) fn span(&self, name: &str) -> SpanIndex {
        let named = |index: &SpanIndex| self.timeline.text(self.timeline.span(*index).name) == name;
        self.timeline.indices().find(named).expect("a span of this name")
    }

    /// The path from `root`, as `name from-to, ...` in columns. That it has no gaps is checked here.
    pub(crate) fn path_with(&self, options: PathOptions) -> String {
        let root = self.span("root");
        let path = CriticalPath::of(&self.timeline, root, options);
        let span = self.timeline.span(root);
        assert_eq!(
            path.duration(),
            span.duration(),
            "the path is as long as the root"
        );
        let mut at = span.start;
        for segment in path.segments() {
            assert_eq!(segment.from, at, "the segments follow on one another");
            at = segment.to;
        }
        let texts: Vec<String> = path
            .segments()
            .iter()
            .map(|segment| {
                let name = self.timeline.text(self.timeline.span(segment.span).name);
                format!("{name} {}-{}", segment.from.0 - START, segment.to.0 - START)
            })
            .collect();
        texts.join(", ")
    }

    pub(crate) fn path(&self) -> String {
        self.path_with(PathOptions::default())
    }

    /// How long `root` would take if this span, and what is below it, were so many times faster.
    pub(crate) fn wall_if(&self, name: &str, speedup: f64) -> u64 {
        self.play(name, speedup, Reach::WithDescendants)
    }

    /// The same for what the span does itself.
    pub(crate) fn wall_if_itself(&self, name: &str, speedup: f64) -> u64 {
        self.play(name, speedup, Reach::Itself)
    }

    fn play(&self, name: &str, speedup: f64, reach: Reach) -> u64 {
        let change = Change {
            spans: vec![self.span(name)],
            reach,
            speedup,
        };
        WhatIf::new(&self.timeline, self.span("root"), PathOptions::default()).wall(&change)
    }
}

fn recorder_of<'r>(
    host: &str,
    main: &'r mut Recorder,
    others: &'r mut Vec<(String, Recorder)>,
    dir: &tempfile::TempDir,
) -> &'r mut Recorder {
    if host.is_empty() {
        return main;
    }
    let at = others.iter().position(|(known, _)| known == host);
    let at = at.unwrap_or_else(|| {
        others.push((host.to_owned(), Recorder::new(dir.path(), host)));
        others.len() - 1
    });
    &mut others[at].1
}
