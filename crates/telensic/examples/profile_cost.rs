//! What a CPU profile costs: the same work with and without, in turns, in CPU time of the whole process; and what entering a
//! span costs while nobody profiles and while somebody does.
//!
//! `cargo run --release -p telensic --features profile --example profile_cost [rate]`

#![expect(clippy::print_stdout, reason = "what it measured is what it is for")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use telensic::Builder;
use telensic::profile::{CpuProfileOptions, CpuProfiler};

const THREADS: usize = 2;
const PAIRS: usize = 15;

fn main() {
    let rate = std::env::args()
        .nth(1)
        .and_then(|rate| rate.parse().ok())
        .unwrap_or(100);
    let options = CpuProfileOptions::default().rate(rate);
    let dir = std::env::temp_dir().join(format!("telensic-profile-cost-{}", std::process::id()));
    let guard = Builder::new("cost").dir(&dir).log_files(false).init();

    let mut extra: Vec<f64> = Vec::new();
    let mut finishing: Vec<Duration> = Vec::new();
    let mut samples = 0;
    for _ in 0..PAIRS {
        let without = measured(work);
        let begun = process_cpu_time();
        let Ok(profiler) = CpuProfiler::start(options) else {
            return eprintln!("no profile can be taken here");
        };
        work();
        let with = process_cpu_time() - begun;
        let before = Instant::now();
        samples = profiler.finish().samples();
        finishing.push(before.elapsed());
        extra.push((with.as_secs_f64() / without.as_secs_f64() - 1.0) * 100.0);
    }
    extra.sort_by(f64::total_cmp);
    finishing.sort();
    println!("{rate} Hz, {THREADS} threads, {samples} samples a time");
    println!(
        "CPU time: {:+.2} % at the median of {PAIRS} pairs ({:+.2} to {:+.2} in the middle half)",
        extra[PAIRS / 2],
        extra[PAIRS / 4],
        extra[PAIRS * 3 / 4]
    );
    println!("naming at the end: {:?} at the median", finishing[PAIRS / 2]);

    let unwatched = entering();
    let Ok(profiler) = CpuProfiler::start(options) else {
        return;
    };
    let watched = entering();
    drop(profiler);
    println!("entering and leaving a context: {unwatched:.1} ns, {watched:.1} ns while profiled");
    drop(guard);
    let _ = std::fs::remove_dir_all(dir);
}

fn work() {
    let threads = [(); THREADS].map(|()| {
        std::thread::spawn(|| {
            for round in 0..400_u64 {
                let _span = telensic::span("round").entered();
                black_box(recursive(20, black_box(round)));
            }
        })
    });
    for thread in threads {
        let _ = thread.join();
    }
}

/// Stacks of some depth.
#[inline(never)]
fn recursive(depth: u32, seed: u64) -> u64 {
    if depth > 0 {
        return black_box(recursive(depth - 1, seed)).wrapping_add(1);
    }
    (0..1_000_000).fold(seed, |sum, round| {
        black_box(sum.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(round))
    })
}

/// Nanoseconds to attach a context and to leave it: the least of many.
fn entering() -> f64 {
    const ROUNDS: u32 = 100_000;
    let span = telensic::span("stage").entered();
    let context = span.context();
    let mut least = f64::MAX;
    for _ in 0..50 {
        let begun = Instant::now();
        for _ in 0..ROUNDS {
            drop(black_box(telensic::attach(context.clone())));
        }
        least = least.min(begun.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS));
    }
    least
}

fn measured(work: impl FnOnce()) -> Duration {
    let begun = process_cpu_time();
    work();
    process_cpu_time() - begun
}

/// The CPU time that all threads of this process have used.
fn process_cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
