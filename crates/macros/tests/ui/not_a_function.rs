#![expect(unused, reason = "only errors are of interest")]

use telensic::trace_span;

#[trace_span]
struct Stage;

#[trace_span]
impl Stage {
    fn run(&self) {}
}

#[trace_span]
const fn at_compile_time() -> u32 {
    1
}

trait Runs {
    #[trace_span]
    fn run(&self);
}

fn main() {
    let _ = at_compile_time();
}
