//! Any bytes whatever, read as a tape.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../src/memory_file.rs"]
mod memory_file;
#[path = "../src/read_tape.rs"]
mod read_tape;

fuzz_target!(|bytes: &[u8]| memory_file::with_file(bytes, read_tape::read_everything));
