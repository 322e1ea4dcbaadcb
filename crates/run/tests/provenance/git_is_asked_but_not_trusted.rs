use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use telensic_redact::Redactor;
use telensic_run::{GitProgram, GitState};

struct Repository {
    _dir: tempfile::TempDir,
    path: PathBuf,
}

fn git(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(directory)
        .args([
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.org",
            "-c",
            "protocol.file.allow=always",
        ])
        .args(["-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn empty() -> Repository {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().canonicalize().unwrap().join("repo");
    fs::create_dir_all(path.join("sub")).unwrap();
    git(&path, &["init", "--quiet"]);
    Repository { _dir: dir, path }
}

fn committed() -> Repository {
    let repository = empty();
    fs::write(repository.path.join("a.txt"), "1\n").unwrap();
    git(&repository.path, &["add", "a.txt"]);
    git(&repository.path, &["commit", "--quiet", "-m", "one"]);
    repository
}

fn head(directory: &Path) -> Option<String> {
    Some(git(directory, &["rev-parse", "HEAD"]))
}

fn capture(directory: &Path) -> GitState {
    capture_by(directory, &GitProgram::default().timeout(Duration::from_secs(60)))
}

fn capture_by(directory: &Path, program: &GitProgram) -> GitState {
    GitState::capture(directory, program, &Redactor::default()).unwrap()
}

/// A program in the place of git.
#[cfg(unix)]
fn script(repository: &Repository, body: &str) -> GitProgram {
    use std::os::unix::fs::PermissionsExt;
    let path = repository.path.parent().unwrap().join("git.sh");
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    GitProgram::new(path).timeout(Duration::from_secs(60))
}

#[test]
fn outside_a_repository_there_is_none() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(
        GitState::capture(dir.path(), &GitProgram::default(), &Redactor::default()),
        None
    );
}

#[test]
fn a_clean_tree_is_clean_and_a_changed_one_has_a_hash() {
    let repository = committed();
    let path = &repository.path;
    let clean = capture(&path.join("sub"));
    assert_eq!(
        (clean.sha.clone(), clean.branch.as_deref()),
        (head(path), Some("main"))
    );
    assert_eq!(
        (clean.dirty, clean.diff_hash, clean.note),
        (Some(false), None, None)
    );
    assert_eq!(clean.root, path.to_str().unwrap());

    fs::write(path.join("a.txt"), "2\n").unwrap();
    fs::write(path.join("new.txt"), "x").unwrap();
    let dirty = capture(path);
    assert_eq!(dirty.dirty, Some(true));
    assert_eq!(
        (dirty.changed, dirty.untracked_count),
        (vec!["a.txt".to_owned()], 1)
    );
    fs::write(path.join("a.txt"), "3\n").unwrap();
    assert_ne!(capture(path).diff_hash, dirty.diff_hash, "another change");
    fs::write(path.join("a.txt"), "2\n").unwrap();
    assert_eq!(capture(path).diff_hash, dirty.diff_hash, "the same change");
}

#[test]
fn a_repository_without_a_commit_has_a_branch_and_no_commit() {
    let state = capture(&empty().path);
    assert_eq!((state.sha, state.branch.as_deref()), (None, Some("main")));
    assert_eq!((state.dirty, state.note), (Some(false), None));
}

#[test]
fn a_detached_head_has_a_commit_and_no_branch() {
    let repository = committed();
    git(&repository.path, &["checkout", "--quiet", "--detach"]);
    let state = capture(&repository.path);
    assert_eq!((state.sha, state.branch), (head(&repository.path), None));
}

#[test]
fn a_bare_repository_has_a_commit_and_no_tree() {
    let repository = committed();
    let bare = repository.path.parent().unwrap().join("bare.git");
    git(
        &repository.path,
        &["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()],
    );
    let state = capture(&bare);
    assert_eq!(state.sha, head(&repository.path));
    assert_eq!((state.is_bare, state.dirty, state.note), (true, None, None));
}

#[test]
fn a_worktree_a_submodule_and_a_shallow_clone_have_their_own_heads() {
    let repository = committed();
    let parent = repository.path.parent().unwrap().to_owned();
    let source = repository.path.to_str().unwrap();
    git(
        &repository.path,
        &["worktree", "add", "--quiet", "-b", "side", "../tree"],
    );
    git(
        &parent.join("tree"),
        &["commit", "--quiet", "--allow-empty", "-m", "two"],
    );
    git(
        &parent,
        &[
            "clone",
            "--quiet",
            "--depth",
            "1",
            &format!("file://{source}"),
            "shallow",
        ],
    );
    git(&parent, &["init", "--quiet", "super"]);
    git(
        &parent.join("super"),
        &["submodule", "--quiet", "add", source, "module"],
    );
    let missing = GitProgram::new(parent.join("no-such-git"));
    for (place, branch, is_shallow) in [
        ("tree", "side", false),
        ("shallow", "main", true),
        ("super/module", "main", false),
    ] {
        let path = parent.join(place);
        for program in [
            GitProgram::default().timeout(Duration::from_secs(60)),
            missing.clone(),
        ] {
            let state = capture_by(&path, &program);
            assert_eq!(state.sha, head(&path), "{place}");
            assert_eq!(state.branch.as_deref(), Some(branch), "{place}");
            assert_eq!(state.is_shallow, is_shallow, "{place}");
        }
    }
}

#[test]
fn without_git_the_commit_is_read_from_the_files() {
    let repository = committed();
    let missing = GitProgram::new(repository.path.join("no-such-git"));
    let state = capture_by(&repository.path, &missing);
    assert_eq!(
        (state.sha, state.branch.as_deref()),
        (head(&repository.path), Some("main"))
    );
    assert_eq!(state.dirty, None, "not known");
    assert!(state.note.unwrap().starts_with("git cannot be started"));
    git(&repository.path, &["pack-refs", "--all"]);
    assert_eq!(capture_by(&repository.path, &missing).sha, head(&repository.path));
}

#[cfg(unix)]
#[test]
fn a_git_that_hangs_is_killed_with_what_it_started() {
    let repository = committed();
    let hanging = script(&repository, "sleep 600 & wait").timeout(Duration::from_millis(200));
    let state = capture_by(&repository.path, &hanging);
    assert_eq!((state.sha, state.dirty), (head(&repository.path), None));
    assert_eq!(state.note.as_deref(), Some("git did not answer within 0.2 s"));
}

#[cfg(unix)]
#[test]
fn a_repository_of_another_user_is_not_looked_into_by_git() {
    let repository = committed();
    let refusing = script(&repository, "GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec git \"$@\"");
    let state = capture_by(&repository.path, &refusing);
    assert_eq!((state.sha, state.dirty), (head(&repository.path), None));
    assert!(state.note.unwrap().contains("belongs to another user"));
}

#[cfg(unix)]
#[test]
fn a_git_that_fails_or_talks_nonsense_costs_nothing_but_its_answers() {
    let repository = committed();
    let failing = capture_by(&repository.path, &script(&repository, "echo broken >&2; exit 3"));
    assert_eq!(
        (failing.sha, failing.note.as_deref()),
        (head(&repository.path), Some("git failed: broken"))
    );
    let babbling = capture_by(
        &repository.path,
        &script(&repository, "head -c 100000 /dev/urandom"),
    );
    assert_eq!(babbling.sha, head(&repository.path));
}

#[test]
fn a_remote_loses_its_credentials() {
    let repository = committed();
    for (url, kept) in [
        (
            "https://bob:hunter2@example.org/q/r.git",
            "https://example.org/q/r.git",
        ),
        ("https://token123@example.org", "https://example.org"),
        ("git@example.org:q/r.git", "git@example.org:q/r.git"),
    ] {
        git(&repository.path, &["config", "remote.origin.url", url]);
        assert_eq!(capture(&repository.path).remote.as_deref(), Some(kept));
    }
}

#[test]
fn a_head_that_points_outside_is_not_followed() {
    let repository = committed();
    let missing = GitProgram::new(repository.path.join("no-such-git"));
    let outside = repository.path.parent().unwrap().join("outside");
    fs::write(&outside, "0123456789012345678901234567890123456789").unwrap();
    for reference in [
        "ref: refs/../../../outside",
        "ref: ../../outside",
        "ref: refs/heads/none",
        "nonsense",
    ] {
        fs::write(repository.path.join(".git/HEAD"), reference).unwrap();
        assert_eq!(capture_by(&repository.path, &missing).sha, None, "{reference}");
    }
}
