//! Collapsed stacks, as py-spy writes them (`--format raw`): `outermost;...;innermost count`, a line each.

use hashbrown::HashMap;
use telensic_tape::UnixNanos;

use super::{CpuProfile, Function, Line, Location, ProfileFacts, Stack};

/// The profile that these lines tell of. A line that does not end in a number is passed over.
pub fn read_collapsed(text: &str, facts: ProfileFacts, started: UnixNanos, duration_ns: u64) -> CpuProfile {
    let period = 1_000_000_000 / u64::from(facts.rate_hz.max(1));
    let mut profile = CpuProfile {
        facts,
        started,
        duration_ns,
        mappings: Vec::new(),
        functions: Vec::new(),
        locations: Vec::new(),
        stacks: Vec::new(),
    };
    let mut known = HashMap::new();
    for line in text.lines() {
        let Some((frames, count)) = line.rsplit_once(' ') else {
            continue;
        };
        let Ok(samples) = count.parse::<u64>() else {
            continue;
        };
        let mut locations: Vec<usize> = frames
            .split(';')
            .map(|frame| *known.entry(frame).or_insert_with(|| profile.add_location(frame)))
            .collect();
        locations.reverse();
        profile.stacks.push(Stack {
            locations,
            thread: String::new(),
            span: None,
            stage: None,
            samples,
            cpu_ns: samples.saturating_mul(period),
        });
    }
    profile
}

impl CpuProfile {
    /// Adds a frame `function (file:line)`, or one that is only a name.
    fn add_location(&mut self, frame: &str) -> usize {
        let place = frame.strip_suffix(')').and_then(|frame| frame.rsplit_once(" ("));
        let (file, line) = match place.and_then(|(_, place)| place.rsplit_once(':')) {
            Some((file, line)) => (file, line.parse().unwrap_or_default()),
            None => (place.map_or("", |(_, place)| place), 0),
        };
        self.functions.push(Function {
            name: frame.to_owned(),
            file: file.to_owned(),
        });
        self.locations.push(Location {
            address: 0,
            mapping: None,
            lines: vec![Line {
                function: self.functions.len() - 1,
                line,
            }],
        });
        self.locations.len() - 1
    }
}
