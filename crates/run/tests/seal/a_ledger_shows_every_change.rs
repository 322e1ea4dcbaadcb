use std::fs;

use telensic_run::{DataRoot, Ledger, RunDir, verify_all};

use crate::support::{Office, assert_names};

fn office_with_runs(count: u16) -> (Office, Vec<RunDir>) {
    let office = Office::open();
    let runs = (1..=count).map(|number| office.sealed(number)).collect();
    (office, runs)
}

/// Everything that is wrong in the root, in words.
fn all(office: &Office) -> Vec<String> {
    let all = verify_all(&office.root, Some(office.key.public_key())).unwrap();
    let mut words: Vec<String> = all.ledger.iter().map(ToString::to_string).collect();
    for (_, run) in &all.runs {
        words.extend(run.as_ref().unwrap().findings.iter().map(ToString::to_string));
    }
    assert_eq!(all.is_whole(), words.is_empty());
    words
}

fn lines(root: &DataRoot) -> Vec<String> {
    let text = fs::read_to_string(root.ledger()).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn write(root: &DataRoot, lines: &[String]) {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    fs::write(root.ledger(), text).unwrap();
}

#[test]
fn a_line_dropped_swapped_doubled_or_put_in_is_named() {
    let (office, runs) = office_with_runs(4);
    assert_eq!(all(&office), Vec::<String>::new());
    let good = lines(&office.root);
    assert_eq!(good.len(), 4);

    for (dropped, run) in runs.iter().enumerate() {
        let mut rest = good.clone();
        rest.remove(dropped);
        write(&office.root, &rest);
        let words = format!(
            "has no line of run {}, which was sealed as number {}",
            run.id(),
            dropped + 1
        );
        assert_names(&all(&office), &["LEDGER.jsonl", &words]);
        assert_names(&office.findings(run), &["LEDGER.jsonl", &words]);
        if dropped < 3 {
            assert_names(&all(&office), &[&format!("line {} has number", dropped + 1)]);
        }
    }
    for first in 0..3 {
        let mut swapped = good.clone();
        swapped.swap(first, first + 1);
        write(&office.root, &swapped);
        assert_names(
            &all(&office),
            &[&format!("line {} has number {}", first + 1, first + 2)],
        );
    }
    let mut doubled = good.clone();
    doubled.push(good[3].clone());
    write(&office.root, &doubled);
    assert_names(&all(&office), &["line 5 lists run", "sealed twice"]);

    let mut foreign = good.clone();
    foreign.insert(2, "{}".to_owned());
    write(&office.root, &foreign);
    assert_names(&all(&office), &["line 3 was altered"]);

    fs::remove_file(office.root.ledger()).unwrap();
    assert_names(&office.findings(&runs[0]), &["LEDGER.jsonl is missing"]);

    write(&office.root, &good);
    assert_eq!(all(&office), Vec::<String>::new());
    fs::remove_dir_all(runs[1].path()).unwrap();
    assert_names(&all(&office), &["line 2 lists run", "whose directory is missing"]);
}

#[test]
fn a_chain_that_another_key_forged_is_named_once_the_key_is_given() {
    let (office, _) = office_with_runs(1);
    let forger = telensic_run::SigningKey::load_or_create_at(&office.path().join("forger.key")).unwrap();
    let run = office.finished(2);
    telensic_run::seal(&run, Some(&office.root), &forger).unwrap();
    let found = forger.public_key();
    assert_names(
        &all(&office),
        &[&format!("LEDGER.jsonl line 2 was signed by {found}")],
    );
    assert!(verify_all(&office.root, None).unwrap().is_whole());
}

fn tear(stride: usize) {
    let (office, _) = office_with_runs(2);
    let good = fs::read(office.root.ledger()).unwrap();
    let first = good.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let torn_file = office.root.ledger().with_extension("torn");
    let run = office.finished(3);
    // The last lengths lack no more than the line's end.
    let lengths = (first..good.len()).filter(|len| (len - first) % stride == 0 || len + 3 > good.len());
    for len in lengths {
        fs::write(office.root.ledger(), &good[..len]).unwrap();
        let torn = &good[first..len];
        let _ = fs::remove_file(run.seal());
        let _ = fs::remove_file(&torn_file);
        if len > first {
            assert_names(
                &office.findings(&run),
                &["LEDGER.jsonl ends in the middle of line 2"],
            );
        }
        // What verifies writes nothing.
        assert_eq!(fs::read(office.root.ledger()).unwrap(), &good[..len]);
        let sealed = office.seal(&run).unwrap();

        let ledger = Ledger::read(&office.root).unwrap();
        assert_eq!(ledger.check_chain(), [], "torn to {} bytes", torn.len());
        assert_eq!(ledger.of_run(run.id()).unwrap().1.link.seal, sealed.digest());
        let is_whole = len + 1 == good.len();
        assert_eq!(ledger.len(), if is_whole { 3 } else { 2 });
        if is_whole {
            assert!(!torn_file.exists(), "only its end was missing");
        } else if !torn.is_empty() {
            assert_eq!(fs::read(&torn_file).unwrap().strip_suffix(b"\n").unwrap(), torn);
        }
    }
}

#[test]
fn a_torn_last_line_is_put_aside_and_the_chain_goes_on() {
    tear(23);
}

#[test]
#[ignore = "every length: thousands of syncs of the disk"]
fn a_last_line_torn_at_every_length_is_put_aside() {
    tear(1);
}

#[test]
fn an_altered_last_line_stops_nobody_and_stays_named() {
    let (office, runs) = office_with_runs(2);
    let text = fs::read_to_string(office.root.ledger()).unwrap();
    let altered = text.replace(&format!("\"run_id\":\"{}\"", runs[1].id()), "\"run_id\":\"x\"");
    fs::write(office.root.ledger(), altered).unwrap();
    let run = office.sealed(3);
    let words = all(&office);
    assert_names(&words, &["LEDGER.jsonl line 2 was altered"]);
    assert_names(&words, &["has no line of run", runs[1].id().as_str()]);
    assert_eq!(words.len(), 2, "{words:?}");
    assert!(lines(&office.root)[2].contains(run.id().as_str()));
}
