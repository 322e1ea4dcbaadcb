//! From a copied stack to the addresses of its frames.

use std::time::{Duration, Instant};

use framehop::{CacheNative, MayAllocateDuringUnwind, Unwinder, UnwinderNative};

use super::modules::{self, LoadedFile};
use super::shelf::{Registers, Sample};

/// Deeper stacks are cut.
const DEEPEST: usize = 512;

/// Between two readings of what is loaded, should code be met that is not known.
const RELOAD: Duration = Duration::from_secs(1);

/// Stands for what lies further out than was copied.
pub(super) const CUT: u64 = 0;

pub(super) struct Unwinding {
    unwinder: UnwinderNative<Vec<u8>, MayAllocateDuringUnwind>,
    cache: CacheNative<MayAllocateDuringUnwind>,
    pub(super) files: Vec<LoadedFile>,
    read_at: Instant,
}

impl Unwinding {
    pub(super) fn new() -> Self {
        let mut unwinding = Self {
            unwinder: UnwinderNative::new(),
            cache: CacheNative::new(),
            files: Vec::new(),
            read_at: Instant::now(),
        };
        unwinding.load();
        unwinding
    }

    /// Reads what is loaded; what was known already stays, also if it is gone by now.
    fn load(&mut self) {
        self.read_at = Instant::now();
        for (file, module) in modules::read() {
            if !self
                .files
                .iter()
                .any(|known| known.range == file.range && known.path == file.path)
            {
                self.unwinder.add_module(module);
                self.files.push(file);
            }
        }
    }

    /// The addresses of a sample's frames, the innermost first: each within the instruction that was at work.
    pub(super) fn frames(&mut self, sample: &Sample) -> Vec<u64> {
        let instruction = sample.registers.instruction;
        let is_known = self.files.iter().any(|file| file.range.contains(&instruction));
        if !is_known && self.read_at.elapsed() >= RELOAD {
            self.load();
        }
        let mut read = |address| sample.word(address).ok_or(());
        let registers = native(sample.registers);
        let mut iterator = self
            .unwinder
            .iter_frames(instruction, registers, &mut self.cache, &mut read);
        let mut frames = Vec::with_capacity(32);
        let mut is_whole = false;
        while frames.len() < DEEPEST {
            match iterator.next() {
                Ok(Some(frame)) => frames.push(frame.address_for_lookup()),
                Ok(None) => {
                    is_whole = true;
                    break;
                }
                Err(_) => break,
            }
        }
        if !is_whole && (sample.is_cut() || frames.len() == DEEPEST) {
            frames.push(CUT);
        }
        frames
    }
}

#[cfg(target_arch = "x86_64")]
fn native(registers: Registers) -> framehop::x86_64::UnwindRegsX86_64 {
    framehop::x86_64::UnwindRegsX86_64::new(registers.instruction, registers.stack, registers.frame)
}

#[cfg(target_arch = "aarch64")]
fn native(registers: Registers) -> framehop::aarch64::UnwindRegsAarch64 {
    framehop::aarch64::UnwindRegsAarch64::new(registers.link, registers.stack, registers.frame)
}
