//! A flamegraph as one SVG file: it opens in any browser, offline, in light and dark.
//!
//! The outermost function is at the top; a bar is as wide as its share of the samples, and its callees hang below it, sorted by
//! name. Each bar has a tooltip, and its full name in the file, so that a search in the browser finds it. A click goes into a
//! bar, a click on the top one goes back.

use std::fmt::Write;

use super::tree::Call;

/// The width of the drawing; it scales with the window.
const WIDTH: f64 = 1200.0;
/// The height of a bar.
const BAR: usize = 18;
/// What lies above the bars.
const HEAD: usize = 48;
/// Narrower bars are left out.
const NARROWEST: f64 = 0.3;
/// The width of a character.
const CHARACTER: f64 = 6.6;

const STYLE: &str = include_str!("flamegraph/style.css");
const SCRIPT: &str = include_str!("flamegraph/zoom.js");

/// Draws stacks: names from the outermost function to the innermost, and how many samples each stands for.
pub fn flamegraph(title: &str, stacks: impl IntoIterator<Item = (Vec<String>, u64)>) -> String {
    let mut root = Call::default();
    for (names, samples) in stacks {
        root.add(names, samples);
    }
    let height = HEAD + (root.depth() + 1) * (BAR + 1) + 8;
    let mut svg = String::new();
    // Writing into a String cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"100%\" role=\"img\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n\
         <text class=\"title\" x=\"4\" y=\"20\">{title}</text>\n\
         <text class=\"detail\" id=\"detail\" x=\"4\" y=\"38\">{samples} samples</text>\n",
        title = escaped(title),
        samples = root.samples,
    );
    draw(&mut svg, &root);
    let _ = write!(svg, "<script><![CDATA[\n{SCRIPT}]]></script>\n</svg>\n");
    svg
}

/// A bar that is still to be drawn.
struct Bar<'a> {
    name: &'a str,
    call: &'a Call,
    x: f64,
    level: usize,
}

fn draw(svg: &mut String, root: &Call) {
    let scale = WIDTH / root.samples.max(1) as f64;
    let mut left = vec![Bar {
        name: "all",
        call: root,
        x: 0.0,
        level: 0,
    }];
    while let Some(bar) = left.pop() {
        let width = bar.call.samples as f64 * scale;
        if width < NARROWEST {
            continue;
        }
        bar.put(svg, width, root.samples);
        let mut x = bar.x;
        for (name, call) in &bar.call.calls {
            let level = bar.level + 1;
            left.push(Bar { name, call, x, level });
            x += call.samples as f64 * scale;
        }
    }
}

impl Bar<'_> {
    fn put(&self, svg: &mut String, width: f64, total: u64) {
        let y = HEAD + self.level * (BAR + 1);
        let samples = self.call.samples;
        let share = samples as f64 / total.max(1) as f64 * 100.0;
        let name = escaped(self.name);
        let class = format!("c{}", colour(self.name));
        let _ = write!(
            svg,
            "<g class=\"bar {class}\" data-x=\"{x:.2}\" data-w=\"{width:.2}\" data-l=\"{level}\">\
             <title>{name} ({samples} samples, {share:.1} %)</title>\
             <rect x=\"{x:.2}\" y=\"{y}\" width=\"{width:.2}\" height=\"{BAR}\"/>",
            x = self.x,
            level = self.level,
        );
        // Without an entity being cut in two: the text is cut first and escaped then.
        let fits = ((width - 6.0) / CHARACTER).max(0.0) as usize;
        let _ = writeln!(
            svg,
            "<text x=\"{:.2}\" y=\"{}\" data-n=\"{name}\">{}</text></g>",
            self.x + 3.0,
            y + BAR - 5,
            escaped(&cut(self.name, fits)),
        );
    }
}

/// As much of a name as fits; nothing if that is next to nothing.
fn cut(name: &str, fits: usize) -> String {
    if name.chars().count() <= fits {
        return name.to_owned();
    }
    if fits < 3 {
        return String::new();
    }
    let mut cut: String = name.chars().take(fits - 2).collect();
    cut.push_str("..");
    cut
}

/// One of the warm colours, always the same for a name.
fn colour(name: &str) -> u8 {
    if name.starts_with('[') || name == "all" {
        return 0;
    }
    // The crate or module tells it apart, so that what belongs together looks alike.
    let start = name.split("::").next().unwrap_or(name);
    let sum = start
        .bytes()
        .fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    sum % 7 + 1
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // Not allowed in XML, not even as an entity.
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {
                escaped.push('?')
            }
            character => escaped.push(character),
        }
    }
    escaped
}
