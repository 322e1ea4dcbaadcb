//! A real browser, without a window.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The browser on this machine's search path.
fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&path)
        .flat_map(|directory| names.map(|name| directory.join(name)))
        .find(|program| program.is_file())
}

/// The document of a page, after its script has run; none, said once a test, on a machine without a browser.
pub(crate) fn document(page: &Path, fragment: &str) -> Option<String> {
    let Some(program) = browser() else {
        eprintln!("skipped: there is no chromium on the search path to show the page");
        return None;
    };
    let profile = tempfile::tempdir().expect("a directory");
    let output = Command::new(program)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "--window-size=1280,900"])
        .args(["--virtual-time-budget=60000", "--no-first-run", "--disable-dev-shm-usage"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}{fragment}", page.display()))
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
