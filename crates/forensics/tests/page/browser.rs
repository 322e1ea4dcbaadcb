//! A real browser, without a window.

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The browser on this machine's search path.
fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&path)
        .flat_map(|directory| names.map(|name| directory.join(name)))
        .find(|program| program.is_file())
}

/// The document of a page, after its script has run; none, said in a line, on a machine without a browser.
pub(crate) fn document(page: &Path, fragment: &str) -> Option<String> {
    documents(&[(page, fragment)])?.pop()
}

/// The documents of several pages, as they are once each has drawn itself and, if asked to, verified itself.
///
/// One browser shows them all, each in a frame: to start one takes longer than all that a page does.
pub(crate) fn documents(pages: &[(&Path, &str)]) -> Option<Vec<String>> {
    let home = tempfile::tempdir().expect("a directory");
    let host = home.path().join("host.html");
    let frames: String = pages
        .iter()
        .map(|(page, fragment)| {
            let fragment = fragment.replace('&', "&amp;");
            format!("<iframe src=\"file://{}{fragment}\"></iframe>", page.display())
        })
        .collect();
    std::fs::write(&host, format!("{HOST}{frames}")).expect("written");
    let document = dumped(&host)?;
    let (_, gathered) = document.split_once("<pre>").expect("what the frames show");
    let gathered = gathered.split_once("</pre>").expect("its end").0;
    let documents = gathered.split_whitespace().map(|document| {
        let document = STANDARD.decode(document).expect("base64");
        String::from_utf8(document).expect("text")
    });
    Some(documents.collect())
}

/// Frames one upon the other, all of them in sight, and what they show once they are done.
const HOST: &str = "<!DOCTYPE html><meta charset=\"utf-8\"><style>iframe { position: fixed; inset: 0; width: 100%; height: 100%; }</style>
<script>
addEventListener('load', () => {
  const frames = [...document.querySelectorAll('iframe')].map((frame) => frame.contentWindow);
  const isDone = ({ document, location }) => {
    const { drawn, verdict } = document.documentElement.dataset;
    return drawn && (verdict || !location.hash.includes('&now'));
  };
  const timer = setInterval(() => {
    if (!frames.every(isDone)) return;
    clearInterval(timer);
    const gathered = document.createElement('pre');
    for (const { document } of frames) {
      let bytes = '';
      for (const byte of new TextEncoder().encode(document.documentElement.outerHTML)) bytes += String.fromCharCode(byte);
      gathered.append(btoa(bytes), ' ');
    }
    document.body.append(gathered);
  }, 50);
});
</script>
";

fn dumped(page: &Path) -> Option<String> {
    let Some(program) = browser() else {
        eprintln!("skipped: there is no chromium on the search path to show the page");
        return None;
    };
    let profile = tempfile::tempdir().expect("a directory");
    let output = Command::new(program)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--dump-dom",
            "--window-size=1280,900",
        ])
        .args([
            "--virtual-time-budget=60000",
            "--no-first-run",
            "--disable-dev-shm-usage",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg("--allow-file-access-from-files")
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("a browser that starts");
    let document = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        document.contains("</html>"),
        "no document: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(document)
}

/// The document without its scripts: what a person can see.
pub(crate) fn visible(document: &str) -> String {
    let mut seen = String::new();
    let mut rest = document;
    while let Some((before, script)) = rest.split_once("<script") {
        seen.push_str(before);
        rest = script.split_once("</script>").map_or("", |(_, after)| after);
    }
    seen + rest
}
