//! The clock: what it counts, what a reading costs, and whether the wall clock is sane.

use std::time::Instant;

use telensic_tape::{Clock, ClockSource};

use super::Finding;
use crate::{platform, units};

/// Clocks that a kernel takes when it has found the CPU's counter to be unreliable.
const LAST_RESORTS: [&str; 3] = ["hpet", "acpi_pm", "jiffies"];

/// 2025-01-01: a wall clock before it was never set.
const LONG_AGO: u64 = 1_735_689_600_000_000_000;

pub(super) fn look() -> Vec<Finding> {
    vec![counter(Clock::get()), wall(Clock::get())]
}

fn counter(clock: &Clock) -> Finding {
    const TOPIC: &str = "clock";
    const READINGS: u32 = 10_000;
    let begin = Instant::now();
    for _ in 0..READINGS {
        std::hint::black_box(clock.now());
    }
    let nanos = begin.elapsed().as_nanos() as f64 / f64::from(READINGS);
    let kernel = platform::kernel_clock();
    let distrusted = kernel.as_deref().filter(|name| LAST_RESORTS.contains(name));
    let finding = match (clock.source(), distrusted) {
        (ClockSource::Tsc, None) => {
            let gigahertz = (1u64 << 32) as f64 / clock.anchor().rate as f64;
            let text = format!("the CPU's invariant counter at {gigahertz:.3} GHz, {nanos:.0} ns a reading");
            Finding::ok(TOPIC, text).with("gigahertz", gigahertz)
        }
        (ClockSource::Tsc, Some(kernel)) => Finding::warn(
            TOPIC,
            format!("the kernel counts by {kernel}: it has found the CPU's counter to be unreliable"),
            "see the kernel's log for tsc, and update firmware or hypervisor",
        ),
        (ClockSource::Monotonic, _) => Finding::warn(
            TOPIC,
            format!("the CPU has no invariant counter: the system's clock is used, {nanos:.0} ns a reading"),
            "nothing is lost but speed; another CPU or hypervisor setting gives a counter",
        ),
    };
    finding
        .with("nanoseconds", nanos)
        .with("kernel", kernel.unwrap_or_default())
}

fn wall(clock: &Clock) -> Finding {
    const TOPIC: &str = "wall-clock";
    const WORTH_A_WORD: u64 = 1_000_000;
    let now = clock.now();
    if now.0 < LONG_AGO {
        return Finding::warn(
            TOPIC,
            format!("it says {}: it was never set", now),
            "set it, or run an NTP client",
        );
    }
    // The two clocks are not read at once: a pause between them is no step, so the least of some counts.
    let step = (0..16)
        .map(|_| clock.wall_step())
        .min_by_key(|step| step.unsigned_abs());
    let step = step.unwrap_or(0);
    let finding = if step.unsigned_abs() > WORTH_A_WORD {
        Finding::warn(
            TOPIC,
            format!(
                "it was set by {} while this program ran",
                units::duration(step.unsigned_abs())
            ),
            "find out who sets it; times of one process stay consistent, those of several may not",
        )
    } else {
        Finding::ok(TOPIC, format!("{}, steady", now))
    };
    finding.with("step_nanoseconds", step)
}
