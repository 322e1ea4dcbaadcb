//! Puts the page together: markup, style, data, code, and of an evidence pack the files.

use std::io::{self, Write};
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::core::{Core, Extent};
use super::details::Details;
use super::dictionary::Dictionary;
use super::records::Records;
use super::thinning::Shown;
use super::{ReportInput, json};

/// The page's code, in the order in which it runs.
const MODULES: &[&str] = &[
    include_str!("page/format.js"),
    include_str!("page/dom.js"),
    include_str!("page/data.js"),
    include_str!("page/route.js"),
    include_str!("page/list.js"),
    include_str!("page/palette.js"),
    include_str!("page/overview.js"),
    include_str!("page/tree.js"),
    include_str!("page/waterfall.js"),
    include_str!("page/panel.js"),
    include_str!("page/flame.js"),
    include_str!("page/nav.js"),
    include_str!("page/records.js"),
    include_str!("page/facts.js"),
    include_str!("page/inflate.js"),
    include_str!("page/blake3.js"),
    include_str!("page/sha512.js"),
    include_str!("page/ed25519.js"),
    include_str!("page/pack.js"),
    include_str!("page/seal.js"),
    include_str!("page/verify.js"),
    include_str!("page/main.js"),
];

const STYLES: &[&str] = &[
    include_str!("page/theme.css"),
    include_str!("page/layout.css"),
    include_str!("page/parts.css"),
];

static STYLE: LazyLock<String> = LazyLock::new(|| STYLES.concat());

/// One scope, in strict mode: the modules share names with one another and with nobody else.
static SCRIPT: LazyLock<String> =
    LazyLock::new(|| format!("(() => {{\n'use strict';\n{}}})();", MODULES.concat()));

/// The page before its style, with places for the policy and the title.
const HEAD: &str = include_str!("page/head.html");
/// The page from its style to its data.
const BODY: &str = include_str!("page/body.html");

/// Writes a report as one HTML file.
pub fn write(out: &mut impl Write, input: &ReportInput<'_>) -> io::Result<()> {
    let run = input.manifest;
    let head = HEAD.replace("{policy}", &policy()).replace(
        "{title}",
        &text(&format!("{} - {}", run.run_id.as_str(), run.profile)),
    );
    write!(out, "{head}<style>{}</style>\n{BODY}", *STYLE)?;
    put_data(out, input)?;
    writeln!(out, "<script>{}</script>", *SCRIPT)?;
    if let Some(pack) = input.pack {
        pack.put(out)?;
    }
    out.write_all(b"</body>\n</html>\n")
}

fn put_data(out: &mut impl Write, input: &ReportInput<'_>) -> io::Result<()> {
    let timeline = input.timeline;
    let shown = Shown::of(timeline, input.critical_path, input.thinning.spans);
    let records = Records::of(timeline, input.thinning.logs);
    let extent = Extent::of(timeline, input.manifest);
    let dictionary = Dictionary::default();

    open(out, "application/x-ndjson", "details")?;
    for index in shown.spans() {
        let view = timeline.span_view(*index);
        json::put(
            out,
            &Details {
                view,
                dictionary: &dictionary,
            },
        )?;
        out.write_all(b"\n")?;
    }
    close(out)?;
    open(out, "application/x-ndjson", "events")?;
    records.put_events(out, timeline, &shown, &dictionary, extent.from)?;
    close(out)?;
    open(out, "application/x-ndjson", "logs")?;
    records.put_logs(out, timeline, &shown, &dictionary, extent.from)?;
    close(out)?;
    open(out, "application/json", "core")?;
    json::put(out, &Core::of(input, &shown, &records, &dictionary, &extent))?;
    close(out)?;
    // The last: by now it is known which texts are used.
    open(out, "application/json", "dictionary")?;
    json::put(out, &dictionary.into_texts())?;
    close(out)
}

fn open(out: &mut impl Write, kind: &str, id: &str) -> io::Result<()> {
    writeln!(out, "<script type=\"{kind}\" id=\"{id}\">")
}

fn close(out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"</script>\n")
}

/// Nothing but this very code and style, and no address at all.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text.as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(&SCRIPT),
        hash(&STYLE),
    )
}

/// Text as it stands in markup.
fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // A parser replaces it anyway.
            '\0' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}
