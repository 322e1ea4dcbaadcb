//! Two sequences of events, side by side: what is the same, what changed, and what only one of them has.
//!
//! Equal beginnings and ends are set aside; what is left is anchored at what both have exactly once, in the longest order
//! that both agree on (the heart of patience diff), first by all that an event says, then by what identifies it, then by its type
//! and turn. Takes `O(n log n)` whatever the sequences are.

use std::hash::Hash;
use std::ops::Range;

use hashbrown::HashMap;

/// A place where the two sequences stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The same in both.
    Same(usize, usize),
    /// The same event with other fields.
    Changed(usize, usize),
    /// Only the first has it.
    OnlyA(usize),
    /// Only the second has it.
    OnlyB(usize),
}

/// What events are matched by, most exact first.
pub(super) trait Keys {
    type Key: Hash + Eq + Copy;

    /// All that the event says.
    fn content(&self, at: usize) -> Self::Key;
    /// What tells it from others of its type.
    fn identity(&self, at: usize) -> Self::Key;
    /// Its type.
    fn kind(&self, at: usize) -> Self::Key;
    /// How many events there are.
    fn len(&self) -> usize;
}

/// Stretches that are still to be aligned.
type Gap = (Range<usize>, Range<usize>);

/// Lays the two sequences side by side, in the order of the first.
pub(super) fn align<K: Keys>(a: &K, b: &K) -> Vec<Step> {
    let mut partner: Vec<Option<usize>> = vec![None; a.len()];
    let mut is_taken = vec![false; b.len()];
    let mut gaps: Vec<Gap> = vec![(0..a.len(), 0..b.len())];
    for key in [K::content, K::identity] {
        let mut left = Vec::new();
        for (mut in_a, mut in_b) in gaps {
            let mut pair = |left: usize, right: usize| {
                partner[left] = Some(right);
                is_taken[right] = true;
            };
            while !in_a.is_empty() && !in_b.is_empty() && key(a, in_a.start) == key(b, in_b.start) {
                pair(in_a.start, in_b.start);
                (in_a.start, in_b.start) = (in_a.start + 1, in_b.start + 1);
            }
            while !in_a.is_empty() && !in_b.is_empty() && key(a, in_a.end - 1) == key(b, in_b.end - 1) {
                (in_a.end, in_b.end) = (in_a.end - 1, in_b.end - 1);
                pair(in_a.end, in_b.end);
            }
            let (mut from_a, mut from_b) = (in_a.start, in_b.start);
            for (at_a, at_b) in anchors(a, in_a.clone(), b, in_b.clone(), key) {
                pair(at_a, at_b);
                left.push((from_a..at_a, from_b..at_b));
                (from_a, from_b) = (at_a + 1, at_b + 1);
            }
            left.push((from_a..in_a.end, from_b..in_b.end));
        }
        gaps = left;
        gaps.retain(|(in_a, in_b)| !in_a.is_empty() && !in_b.is_empty());
    }
    for (in_a, in_b) in gaps {
        for (at_a, at_b) in by_turn(a, in_a, b, in_b) {
            partner[at_a] = Some(at_b);
            is_taken[at_b] = true;
        }
    }
    in_order(a, b, &partner, &is_taken)
}

/// What each has once and both have, in the longest order that both agree on.
fn anchors<K: Keys>(
    a: &K,
    in_a: Range<usize>,
    b: &K,
    in_b: Range<usize>,
    key: fn(&K, usize) -> K::Key,
) -> Vec<(usize, usize)> {
    let mut places: HashMap<K::Key, (Option<usize>, Option<usize>, bool)> = HashMap::new();
    for at in in_a.clone() {
        let known = places.entry(key(a, at)).or_default();
        known.2 |= known.0.replace(at).is_some();
    }
    for at in in_b {
        let known = places.entry(key(b, at)).or_default();
        known.2 |= known.1.replace(at).is_some();
    }
    let unique: Vec<(usize, usize)> = in_a
        .filter_map(|at| match places.get(&key(a, at)) {
            Some((Some(at_a), Some(at_b), false)) => Some((*at_a, *at_b)),
            _ => None,
        })
        .collect();
    longest_rising(&unique)
}

/// The longest part of the pairs, which rise on the left, that rises on the right too.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The last pair of the best part of each length, and for each pair the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (_, right)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *right);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut rising = Vec::with_capacity(ends.len());
    let mut at = ends.last().copied();
    while let Some(index) = at {
        rising.push(pairs[index]);
        at = before[index];
    }
    rising.reverse();
    rising
}

/// The first of a type with the first of that type, and so on.
fn by_turn<K: Keys>(a: &K, in_a: Range<usize>, b: &K, in_b: Range<usize>) -> Vec<(usize, usize)> {
    let mut waiting: HashMap<K::Key, std::collections::VecDeque<usize>> = HashMap::new();
    for at in in_b {
        waiting.entry(b.kind(at)).or_default().push_back(at);
    }
    in_a.filter_map(|at| Some((at, waiting.get_mut(&a.kind(at))?.pop_front()?)))
        .collect()
}

fn in_order<K: Keys>(a: &K, b: &K, partner: &[Option<usize>], is_taken: &[bool]) -> Vec<Step> {
    let mut steps = Vec::with_capacity(a.len().max(b.len()));
    let mut next_b = 0;
    for (at_a, partner) in partner.iter().enumerate() {
        let Some(at_b) = *partner else {
            steps.push(Step::OnlyA(at_a));
            continue;
        };
        // What only the second has stands before what follows it there.
        while next_b < at_b {
            if !is_taken[next_b] {
                steps.push(Step::OnlyB(next_b));
            }
            next_b += 1;
        }
        next_b = next_b.max(at_b + 1);
        steps.push(if a.content(at_a) == b.content(at_b) {
            Step::Same(at_a, at_b)
        } else {
            Step::Changed(at_a, at_b)
        });
    }
    steps.extend((next_b..b.len()).filter(|at| !is_taken[*at]).map(Step::OnlyB));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each word is `kind.identity.content`.
    struct Words(Vec<&'static str>);

    impl Keys for Words {
        type Key = &'static str;

        fn content(&self, at: usize) -> &'static str {
            self.0[at]
        }

        fn identity(&self, at: usize) -> &'static str {
            self.0[at].rsplit_once('.').unwrap().0
        }

        fn kind(&self, at: usize) -> &'static str {
            self.0[at].split_once('.').unwrap().0
        }

        fn len(&self) -> usize {
            self.0.len()
        }
    }

    fn aligned(a: &str, b: &str) -> Vec<Step> {
        let words = |text: &str| Words(text.to_owned().leak().split_whitespace().collect());
        align(&words(a), &words(b))
    }

    #[test]
    fn what_is_missing_does_not_shift_the_rest() {
        use Step::{OnlyA, OnlyB, Same};
        assert_eq!(
            aligned("e.1.x e.2.x e.3.x", "e.1.x e.3.x"),
            [Same(0, 0), OnlyA(1), Same(2, 1)]
        );
        assert_eq!(
            aligned("e.1.x e.3.x", "e.1.x e.2.x e.3.x f.1.x"),
            [Same(0, 0), OnlyB(1), Same(1, 2), OnlyB(3)]
        );
        assert_eq!(aligned("", "e.1.x"), [OnlyB(0)]);
    }

    #[test]
    fn changed_events_are_matched_by_identity_then_by_type_and_turn() {
        use Step::{Changed, OnlyA, Same};
        assert_eq!(
            aligned("e.1.x e.2.x e.3.x", "e.2.y e.3.y"),
            [OnlyA(0), Changed(1, 0), Changed(2, 1)]
        );
        assert_eq!(
            aligned("l.a.x e.1.x e.2.x d.9.x", "l.a.x e.7.x e.8.x d.9.x"),
            [Same(0, 0), Changed(1, 1), Changed(2, 2), Same(3, 3)]
        );
    }

    #[test]
    fn repeated_events_are_counted_not_confused() {
        use Step::{OnlyA, Same};
        assert_eq!(
            aligned("h.1.x h.1.x h.1.x", "h.1.x h.1.x"),
            [Same(0, 0), Same(1, 1), OnlyA(2)]
        );
    }

    #[test]
    fn every_event_of_both_appears_just_once() {
        let a = "a.1.x b.2.x a.1.x c.3.x d.4.x a.5.x";
        let b = "d.4.x a.1.x c.3.y c.3.x b.2.x q.1.x";
        let (mut in_a, mut in_b) = (Vec::new(), Vec::new());
        for step in aligned(a, b) {
            match step {
                Step::Same(left, right) | Step::Changed(left, right) => {
                    in_a.push(left);
                    in_b.push(right);
                }
                Step::OnlyA(left) => in_a.push(left),
                Step::OnlyB(right) => in_b.push(right),
            }
        }
        in_b.sort_unstable();
        assert_eq!(in_a, [0, 1, 2, 3, 4, 5]);
        assert_eq!(in_b, [0, 1, 2, 3, 4, 5]);
    }
}
