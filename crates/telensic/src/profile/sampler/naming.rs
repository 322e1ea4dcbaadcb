//! From addresses to functions, files and lines: by debug information where there is some, else by the symbol table.

use std::collections::HashMap;

use addr2line::Loader;
use telensic_forensics::profile::{Function, Line, Location, Mapping};

use super::modules::LoadedFile;
use super::unwinding::CUT;

/// Names addresses, each once.
pub(super) struct Naming<'f> {
    files: &'f [LoadedFile],
    loaders: HashMap<usize, Option<Loader>>,
    places: HashMap<u64, usize>,
    functions: HashMap<Function, usize>,
    pub(super) named: Named,
}

/// What was named.
#[derive(Default)]
pub(super) struct Named {
    pub(super) functions: Vec<Function>,
    pub(super) locations: Vec<Location>,
}

impl<'f> Naming<'f> {
    pub(super) fn new(files: &'f [LoadedFile]) -> Self {
        Self {
            files,
            loaders: HashMap::new(),
            places: HashMap::new(),
            functions: HashMap::new(),
            named: Named::default(),
        }
    }

    /// The files as pprof has them.
    pub(super) fn mappings(&self) -> Vec<Mapping> {
        let mapping = |file: &LoadedFile| Mapping {
            start: file.range.start,
            limit: file.range.end,
            file_offset: file.offset,
            file: file.path.clone(),
            build_id: file.build_id.clone(),
        };
        self.files.iter().map(mapping).collect()
    }

    /// The index of the location of this address.
    pub(super) fn location(&mut self, address: u64) -> usize {
        if let Some(index) = self.places.get(&address) {
            return *index;
        }
        let mapping = self.files.iter().position(|file| file.range.contains(&address));
        let lines = match mapping {
            _ if address == CUT => vec![self.line("[cut off]", "", 0)],
            Some(file) => self.lines(file, address),
            None => Vec::new(),
        };
        self.named.locations.push(Location {
            address,
            mapping,
            lines,
        });
        let index = self.named.locations.len() - 1;
        self.places.insert(address, index);
        index
    }

    fn lines(&mut self, file: usize, address: u64) -> Vec<Line> {
        let found = {
            let LoadedFile { path, bias, .. } = &self.files[file];
            let loader = self.loaders.entry(file).or_insert_with(|| Loader::new(path).ok());
            loader
                .as_ref()
                .map(|loader| names(loader, address.wrapping_sub(*bias)))
        };
        let found = found.unwrap_or_default();
        found
            .iter()
            .map(|(name, source, line)| self.line(name, source, *line))
            .collect()
    }

    fn line(&mut self, name: &str, file: &str, line: u32) -> Line {
        let function = Function {
            name: name.to_owned(),
            file: file.to_owned(),
        };
        let next = self.named.functions.len();
        let index = *self.functions.entry(function.clone()).or_insert(next);
        if index == next {
            self.named.functions.push(function);
        }
        Line {
            function: index,
            line,
        }
    }
}

/// Name, source file and line of the functions at this address, the innermost inlined one first; those without a name are
/// left out.
fn names(loader: &Loader, address: u64) -> Vec<(String, String, u32)> {
    let mut names = Vec::new();
    if let Ok(mut frames) = loader.find_frames(address) {
        while let Ok(Some(frame)) = frames.next() {
            let Some(function) = frame.function else { continue };
            let Ok(name) = function.demangle() else { continue };
            let (file, line) = frame.location.map_or(("", 0), |location| {
                (
                    location.file.unwrap_or_default(),
                    location.line.unwrap_or_default(),
                )
            });
            names.push((name.into_owned(), file.to_owned(), line));
        }
    }
    if names.is_empty()
        && let Some(symbol) = loader.find_symbol(address)
    {
        let name = addr2line::demangle_auto(symbol.into(), None);
        names.push((name.into_owned(), String::new(), 0));
    }
    names
}
