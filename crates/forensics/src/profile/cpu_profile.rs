//! The samples of one process, in the terms of pprof.

use telensic_tape::{SpanId, TraceId, UnixNanos};

use super::facts::ProfileFacts;

/// A CPU profile of one process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CpuProfile {
    /// Where it comes from.
    pub facts: ProfileFacts,
    /// When sampling began.
    pub started: UnixNanos,
    /// For how long it went on, in nanoseconds.
    pub duration_ns: u64,
    /// The files that the code was loaded from.
    pub mappings: Vec<Mapping>,
    /// The functions.
    pub functions: Vec<Function>,
    /// The places in the code.
    pub locations: Vec<Location>,
    /// What was seen, and how often.
    pub stacks: Vec<Stack>,
}

/// A part of memory that code was loaded to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Its first address.
    pub start: u64,
    /// The address behind its last.
    pub limit: u64,
    /// Where it begins in the file.
    pub file_offset: u64,
    /// The file.
    pub file: String,
    /// What the linker named the file's content, in hex.
    pub build_id: String,
}

/// A function.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Function {
    /// As a person writes it.
    pub name: String,
    /// Its source file, if known.
    pub file: String,
}

/// A place in the code: an address, and the functions that it is in, the innermost inlined one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The address; 0 if the sampler does not tell.
    pub address: u64,
    /// Index of the mapping that it lies in.
    pub mapping: Option<usize>,
    /// The functions; empty if no name is known.
    pub lines: Vec<Line>,
}

/// A line of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Index of the function.
    pub function: usize,
    /// The line; 0 if unknown.
    pub line: u32,
}

/// A stack that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stack {
    /// Indices of its locations, the innermost first.
    pub locations: Vec<usize>,
    /// The thread.
    pub thread: String,
    /// The span that the thread was in.
    pub span: Option<(TraceId, SpanId)>,
    /// The stage that this span belongs to.
    pub stage: Option<String>,
    /// How often it was seen.
    pub samples: u64,
    /// The CPU time that these samples stand for, in nanoseconds.
    pub cpu_ns: u64,
}

impl CpuProfile {
    /// How many samples there are.
    pub fn samples(&self) -> u64 {
        self.stacks.iter().map(|stack| stack.samples).sum()
    }

    /// The names of the functions of a stack, from the outermost to the innermost.
    pub fn names(&self, stack: &Stack) -> Vec<String> {
        let outermost_first = stack.locations.iter().rev();
        let mut names = Vec::with_capacity(stack.locations.len());
        for location in outermost_first.filter_map(|index| self.locations.get(*index)) {
            match location.lines.as_slice() {
                [] => names.push(self.nameless(location)),
                lines => names.extend(lines.iter().rev().filter_map(|line| {
                    let function = self.functions.get(line.function)?;
                    Some(function.name.clone())
                })),
            }
        }
        names
    }

    /// What stands for a function without a name: the file that it is in.
    fn nameless(&self, location: &Location) -> String {
        let mapping = location.mapping.and_then(|index| self.mappings.get(index));
        match mapping {
            Some(mapping) => {
                let file = mapping.file.rsplit('/').next().unwrap_or(&mapping.file);
                format!("[{file}]")
            }
            None => "[unknown]".to_owned(),
        }
    }
}
