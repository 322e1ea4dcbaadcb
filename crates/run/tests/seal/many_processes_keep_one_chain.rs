use std::process::{Child, Command, Stdio};

use telensic_run::{DataRoot, Ledger, SigningKey, seal, verify_all};

use crate::support::{begun, finish};

const ROOT: &str = "TELENSIC_SEAL_TEST_ROOT";
const NUMBER: &str = "TELENSIC_SEAL_TEST_NUMBER";
const RUNS: &str = "TELENSIC_SEAL_TEST_RUNS";
const PROCESSES: u16 = 8;

/// This program again, to run just the test `finishes_runs` in the other role.
fn child(root: &DataRoot, number: u16, runs: u16) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "many_processes_keep_one_chain::finishes_runs",
            "--exact",
            "--ignored",
        ])
        .env(ROOT, root.path())
        .env(NUMBER, number.to_string())
        .env(RUNS, runs.to_string())
        // Nobody has made it yet: all of them need it at once.
        .env("TELENSIC_KEY", root.path().join("keys/seal.key"))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "the other role of the test below"]
fn finishes_runs() {
    let Some(root) = std::env::var_os(ROOT) else {
        return;
    };
    let root = DataRoot::new(root);
    let [number, runs] = [NUMBER, RUNS].map(|name| std::env::var(name).unwrap().parse::<u16>().unwrap());
    let key = SigningKey::load_or_create().unwrap();
    for run in 0..runs {
        let run = begun(&root, number * runs + run);
        finish(&run);
        seal(&run, Some(&root), &key).unwrap();
    }
}

#[test]
fn eight_processes_finishing_runs_at_once_leave_one_chain_and_one_key() {
    finish_at_once(13);
}

#[test]
#[ignore = "a hundred runs each: a minute of syncs of the disk"]
fn eight_processes_finishing_a_hundred_runs_each_leave_one_chain() {
    finish_at_once(100);
}

fn finish_at_once(runs: u16) {
    let dir = tempfile::tempdir().unwrap();
    let root = DataRoot::new(dir.path().join("data"));
    let children: Vec<Child> = (0..PROCESSES).map(|number| child(&root, number, runs)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let key = SigningKey::load_or_create_at(&root.path().join("keys/seal.key")).unwrap();
    let ledger = Ledger::read(&root).unwrap();
    assert_eq!(ledger.check_chain(), []);
    assert_eq!(ledger.check_signatures(Some(key.public_key())), []);
    let sequences: Vec<u64> = ledger.lines().map(|line| line.link.sequence).collect();
    let expected: Vec<u64> = (1..=u64::from(PROCESSES * runs)).collect();
    assert_eq!(sequences, expected);
    let some = root.list().unwrap();
    assert_eq!(some.len(), expected.len());
    assert!(verify_all(&root, Some(key.public_key())).unwrap().is_whole());
}
