//! A real tape with changes at the places that matter, read as a tape.
//!
//! The input is a list of changes of six bytes each: what, where (three bytes) and how much.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../src/memory_file.rs"]
mod memory_file;
#[path = "../src/read_tape.rs"]
mod read_tape;

const REAL: &[u8] = include_bytes!("../../crates/tape/tests/golden/v1.tape");

/// Where the open-span table, the two chunks and a third cell begin.
const PLACES: [usize; 5] = [0, 4096, 65_536, 65_536 + 65_536, 65_536 + 2 * 65_536];

fuzz_target!(|changes: &[u8]| {
    let mut bytes = REAL.to_vec();
    for change in changes.chunks_exact(6).take(64) {
        let offset = usize::from(u16::from_le_bytes([change[2], change[3]]));
        let at = PLACES[usize::from(change[1]) % PLACES.len()] + offset % if change[0] & 0x80 == 0 { 512 } else { 65_536 };
        let value = u16::from_le_bytes([change[4], change[5]]);
        apply(&mut bytes, change[0] & 0x7f, at, value);
    }
    memory_file::with_file(&bytes, read_tape::read_everything);
});

fn apply(bytes: &mut Vec<u8>, what: u8, at: usize, value: u16) {
    match what % 7 {
        0 => put(bytes, at, &[value as u8]),
        1 => put(bytes, at & !3, &u32::from(value).to_le_bytes()),
        2 => put(bytes, at & !7, &u64::from(value).to_le_bytes()),
        // From the other end of the range.
        3 => put(bytes, at & !7, &(u64::MAX - u64::from(value)).to_le_bytes()),
        4 => put(bytes, at & !3, &(u32::MAX - u32::from(value)).to_le_bytes()),
        // A copy of what lies elsewhere, as far as a header with a short body.
        5 => {
            let from = PLACES[usize::from(value) % PLACES.len()].min(bytes.len());
            let copy = bytes[from..(from + 512).min(bytes.len())].to_vec();
            put(bytes, at & !0xfff, &copy);
        }
        _ => bytes.truncate(at.max(1)),
    }
}

fn put(bytes: &mut Vec<u8>, at: usize, value: &[u8]) {
    if bytes.len() < at + value.len() {
        bytes.resize(at + value.len(), 0);
    }
    bytes[at..at + value.len()].copy_from_slice(value);
}
