//! Example secrets and ordinary values, for the tests of this and other crates (feature `corpus`).
//!
//! Invariant: no secret stands in the source. Each is drawn from a template by a generator with a fixed seed, so the
//! repository holds nothing that a secret scanner would stop, and every run sees the same values.

mod named;
mod ordinary;
mod tokens;

pub use ordinary::ordinary_values;

/// A text and the secret inside it.
#[derive(Clone, Debug)]
pub struct Example {
    /// The rule it is an example of, named after the public lists where they have it.
    pub rule: &'static str,
    /// The text around and including the secret.
    pub text: String,
    /// The part that must not survive.
    pub secret: String,
    /// Whether the text is the key alone, known by its own format: it may stand anywhere.
    pub alone: bool,
}

/// A line of the tables: rule, what comes before, the secret's template, what comes after.
type Row = (&'static str, &'static str, &'static str, &'static str);

/// All examples, `variants` of each.
pub fn secrets(variants: u64) -> Vec<Example> {
    let alone = tokens::ROWS.iter().map(|row| (row, true));
    let named = named::ROWS.iter().map(|row| (row, false));
    let drawn = alone.chain(named).enumerate();
    drawn
        .flat_map(|(line, (row, alone))| {
            (0..variants).map(move |variant| draw(row, alone, line as u64 * 1000 + variant))
        })
        .collect()
}

/// How many lines the tables have.
pub fn rows() -> usize {
    tokens::ROWS.len() + named::ROWS.len()
}

fn draw(row: &Row, alone: bool, seed: u64) -> Example {
    let (rule, before, template, after) = *row;
    let secret = fill(template, seed);
    Example {
        rule,
        text: format!("{before}{secret}{after}"),
        secret,
        alone,
    }
}

/// Replaces each `{A36}` of a template by as many letters of the alphabet that the letter stands for.
pub fn fill(template: &str, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
    let mut out = String::new();
    let mut rest = template;
    while let Some((literal, group)) = rest.split_once('{') {
        out.push_str(literal);
        let (spec, tail) = group.split_once('}').unwrap_or((group, ""));
        let (name, count) = spec.split_at(1);
        draw_letters(alphabet(name), count.parse().unwrap_or(0), &mut state, &mut out);
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// Appends `count` letters, two of the first three digits where the alphabet has any: a real key has digits too.
fn draw_letters(alphabet: &[u8], count: usize, state: &mut u64, out: &mut String) {
    let digits = alphabet.iter().filter(|letter| letter.is_ascii_digit()).count();
    for at in 0..count {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let choices = if (at == 1 || at == 4) && digits > 0 {
            digits
        } else {
            alphabet.len()
        };
        // Digits come first in every alphabet that has them.
        out.push(char::from(alphabet[(mixed % choices as u64) as usize]));
    }
}

fn alphabet(name: &str) -> &'static [u8] {
    match name {
        "d" => b"0123456789",
        "h" => b"0123456789abcdef",
        "H" => b"0123456789abcdefABCDEF",
        "l" => b"abcdefghijklmnopqrstuvwxyz",
        "L" => b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "a" => b"0123456789abcdefghijklmnopqrstuvwxyz",
        "U" => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "B" => b"234567ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "w" => b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-",
        "b" => b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+/",
        "s" => b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#%()*+-./?@[]^_|~",
        _ => b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    }
}
