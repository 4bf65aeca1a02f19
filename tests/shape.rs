//! What the parts may know of each other: the core decides and draws, and touches nothing.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

use std::fs;
use std::path::{Path, PathBuf};

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

#[test]
fn the_core_names_no_io_no_clock_and_no_runtime() {
    const FORBIDDEN: [&str; 13] = [
        "tokio",
        "reqwest",
        "axum",
        "rustix",
        "crossterm",
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::thread",
        "Instant::now",
        "SystemTime",
        "::now()",
    ];
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = vec![source.join("layout.rs")];
    for part in ["app", "view", "keymap", "model", "layout"] {
        files.extend(rust_files(&source.join(part)));
    }
    assert!(files.len() > 30, "the sources are where they are looked for");
    for file in files {
        let text = fs::read_to_string(&file).expect("a source file");
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for word in FORBIDDEN {
                assert!(!code.contains(word), "{}:{}: names {word}", file.display(), number + 1);
            }
        }
    }
}

/// One proves the other only as long as neither is made of the other.
#[test]
fn the_demo_and_the_dashboard_share_no_rule() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let dashboard =
        ["crate::app", "crate::view", "crate::api", "crate::client", "crate::keymap", "crate::layout"];
    let demo = ["crate::demo"];
    let parts = ["app", "view", "api", "client", "keymap", "model"];
    let mut looked_at = 0;
    for (part, forbidden) in
        std::iter::once(("demo", &dashboard[..])).chain(parts.into_iter().map(|part| (part, &demo[..])))
    {
        for file in rust_files(&source.join(part)) {
            // The tests compare the two, which is what they are apart for.
            if file.components().any(|c| c.as_os_str() == "tests") || file.ends_with("tests.rs") {
                continue;
            }
            looked_at += 1;
            let text = fs::read_to_string(&file).expect("a source file");
            for (number, line) in text.lines().enumerate().take_while(|(_, l)| !l.starts_with("#[cfg(test)]"))
            {
                let code = line.split("//").next().unwrap_or_default();
                for word in forbidden {
                    assert!(!code.contains(word), "{}:{}: names {word}", file.display(), number + 1);
                }
            }
        }
    }
    assert!(looked_at > 80, "the sources are where they are looked for");
}
