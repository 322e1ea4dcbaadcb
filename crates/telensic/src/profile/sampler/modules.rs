//! The files that this process's code was loaded from: where they lie in memory, and how to unwind them.

use std::fs::{self, File};
use std::ops::Range;

use framehop::{ExplicitModuleSectionInfo, Module};
use object::{Object, ObjectSection, ObjectSegment, ReadCache, ReadRef, SegmentFlags};

use super::own_memory;

/// The smallest page; with larger ones a mapping begins further in front of its segment, never behind.
const PAGE: u64 = 4096;

/// A file that code was loaded from.
pub(super) struct LoadedFile {
    /// Where the code lies in memory.
    pub(super) range: Range<u64>,
    /// Where that begins in the file.
    pub(super) offset: u64,
    pub(super) path: String,
    /// What is added to the file's addresses to have those in memory.
    pub(super) bias: u64,
    pub(super) build_id: String,
}

/// A line of the process's map that code lies in.
struct Mapped<'m> {
    range: Range<u64>,
    offset: u64,
    path: &'m str,
}

/// All of them, each with what unwinding it takes. What cannot be read is left out: its frames are guessed by frame pointers.
pub(super) fn read() -> Vec<(LoadedFile, Module<Vec<u8>>)> {
    let map = fs::read_to_string("/proc/self/maps").unwrap_or_default();
    map.lines()
        .filter_map(executable)
        .filter_map(|mapped| load(&mapped))
        .collect()
}

/// `55e0-55f0 r-xp 00001000 08:01 1234   /usr/bin/program`
fn executable(line: &str) -> Option<Mapped<'_>> {
    let mut words = line.splitn(6, ' ');
    let (start, end) = words.next()?.split_once('-')?;
    let is_code = words.next()?.contains('x');
    let offset = words.next()?;
    let path = words.nth(2)?.trim_start();
    let number = |hex: &str| u64::from_str_radix(hex, 16).ok();
    let mapped = Mapped {
        range: number(start)?..number(end)?,
        offset: number(offset)?,
        path,
    };
    (is_code && !path.is_empty()).then_some(mapped)
}

fn load(mapped: &Mapped<'_>) -> Option<(LoadedFile, Module<Vec<u8>>)> {
    if mapped.path == "[vdso]" {
        // The kernel's, and in no file.
        let mut image = vec![0; usize::try_from(mapped.range.end - mapped.range.start).ok()?];
        let read = own_memory::read(mapped.range.start, &mut image);
        image.truncate(read);
        return describe(mapped, image.as_slice());
    }
    let file = ReadCache::new(File::open(mapped.path).ok()?);
    describe(mapped, &file)
}

fn describe<'d>(mapped: &Mapped<'_>, file: impl ReadRef<'d>) -> Option<(LoadedFile, Module<Vec<u8>>)> {
    let object = object::File::parse(file).ok()?;
    let segment = object.segments().find(|segment| {
        let (offset, size) = segment.file_range();
        // A mapping begins with the page that its segment begins in.
        let pages = offset - offset % PAGE..offset.saturating_add(size);
        is_code(segment.flags()) && pages.contains(&mapped.offset)
    })?;
    let (segment_offset, _) = segment.file_range();
    let start_of_file = mapped.range.start.wrapping_sub(mapped.offset);
    let bias = start_of_file
        .wrapping_add(segment_offset)
        .wrapping_sub(segment.address());
    let build_id = object.build_id().ok().flatten().unwrap_or_default();
    let loaded = LoadedFile {
        range: mapped.range.clone(),
        offset: mapped.offset,
        path: mapped.path.to_owned(),
        bias,
        build_id: build_id.iter().map(|byte| format!("{byte:02x}")).collect(),
    };
    let range_of = |name: &str| {
        let section = object.section_by_name(name)?;
        Some(section.address()..section.address().checked_add(section.size())?)
    };
    let section = |name: &str| {
        let data = object.section_by_name(name)?.data().ok()?.to_vec();
        Some((range_of(name)?, data))
    };
    let text_svma = range_of(".text");
    let (eh_frame_svma, eh_frame) = section(".eh_frame").unzip();
    let (eh_frame_hdr_svma, eh_frame_hdr) = section(".eh_frame_hdr").unzip();
    let got_svma = range_of(".got");
    let sections = ExplicitModuleSectionInfo {
        base_svma: 0,
        text_svma,
        got_svma,
        eh_frame_svma,
        eh_frame,
        eh_frame_hdr_svma,
        eh_frame_hdr,
        ..ExplicitModuleSectionInfo::default()
    };
    let module = Module::new(mapped.path.to_owned(), mapped.range.clone(), bias, sections);
    Some((loaded, module))
}

fn is_code(flags: SegmentFlags) -> bool {
    matches!(flags, SegmentFlags::Elf { p_flags, .. } if p_flags & object::elf::PF_X != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_program_and_the_c_library_are_found_where_they_lie() {
        let loaded = read();
        let here = executable as fn(_) -> _ as *const () as u64;
        let own = loaded
            .iter()
            .find(|(file, _)| file.range.contains(&here))
            .unwrap();
        assert_eq!(own.0.path, std::env::current_exe().unwrap().to_str().unwrap());
        let c_library = libc::getpid as *const () as u64;
        let (file, _) = loaded
            .iter()
            .find(|(file, _)| file.range.contains(&c_library))
            .unwrap();
        assert!(file.path.contains("libc"), "{}", file.path);
        assert!(!file.build_id.is_empty());
    }

    #[test]
    fn a_path_may_have_spaces_and_a_mapping_no_path() {
        let line = "7f00-8000 r-xp 00001000 08:01 1234                       /opt/my tools/lib.so";
        let mapped = executable(line).unwrap();
        assert_eq!(
            (mapped.range, mapped.offset, mapped.path),
            (0x7f00..0x8000, 0x1000, "/opt/my tools/lib.so")
        );
        assert!(executable("7f00-8000 r-xp 00000000 00:00 0 ").is_none());
        assert!(executable("7f00-8000 rw-p 00001000 08:01 1234 /opt/lib.so").is_none());
        assert!(executable("").is_none());
    }
}
