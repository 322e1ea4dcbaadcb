//! A hurdle from the whole series is known only at its end: the record gives that away.

use crate::bench::{Bench, text};

#[test]
fn the_planted_one_is_flagged_and_the_clean_one_is_not() {
    let bench = Bench::new();
    for (workers, sleeves) in [("0", 4), ("2", 4)] {
        let (_, clean) = bench.run(&["--workers", workers]);
        let said = bench.telensic(&["lookahead", text(&clean)]);
        assert_eq!(said.code, Some(0), "{said:?}");
        let (_, planted) = bench.run(&["--workers", workers, "--lookahead"]);
        let said = bench.telensic(&["lookahead", text(&planted)]);
        assert_eq!(said.code, Some(1), "{said:?}");
        let found = bench.json(&["lookahead", text(&planted)]);
        assert_eq!(
            found["lookahead"]["flags"].as_array().unwrap().len(),
            sleeves,
            "{found}"
        );
    }
}
