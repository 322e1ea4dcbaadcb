//! `telensic verify` and `telensic pack`.

use std::fs;
use std::path::Path;

use crate::support::{Plan, Ran, Runs, copy, json, run};

/// Something was found wrong, and stderr is quiet.
#[track_caller]
fn wrong(ran: Ran) -> String {
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""), "{}", ran.stdout);
    assert!(ran.stdout.contains("NOT VERIFIED"), "{}", ran.stdout);
    ran.stdout
}

/// Changes a byte in the middle of a file.
fn change(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_run_as_it_was_sealed_is_verified_here_and_as_a_copy_elsewhere() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    let text = runs.telensic(&["verify"]).well();
    assert!(text.starts_with("verified  "), "{text}");
    assert!(
        text.contains("this machine's") && text.contains("number 1 in the ledger"),
        "{text}"
    );

    copy(&place, &runs.path().join("elsewhere"));
    let text = runs.telensic(&["verify", "./elsewhere"]).well();
    assert!(
        text.contains("number 1 in a ledger, which was not looked at"),
        "{text}"
    );

    let mut of_another_machine = runs.command(&["verify", "./elsewhere"]);
    of_another_machine.env("TELENSIC_KEY", runs.path().join("none.key"));
    let text = run(&mut of_another_machine).well();
    assert!(text.contains("one that only the seal vouches for"), "{text}");

    let key = runs.path().join("seal.pub");
    let document = json(
        &runs
            .telensic(&["verify", "--json", "--public-key", key.to_str().unwrap()])
            .well(),
    );
    assert_eq!(document["is_verified"], true);
    assert_eq!(document["runs"][0]["key"], "given");
    assert_eq!(document["runs"][0]["findings"], serde_json::json!([]));
}

#[test]
fn whatever_was_changed_is_named_with_its_place() {
    let (runs, [place, other]) = Runs::with([Plan::Trade, Plan::TradeOtherwise]);
    let events = place.join("events.jsonl");
    change(&events);
    let text = wrong(runs.telensic(&["verify", place.to_str().unwrap()]));
    assert!(text.contains("events.jsonl was altered in line"), "{text}");
    let all = runs.telensic(&["verify", "--all"]);
    assert_eq!(all.code, 1);
    assert!(
        all.stdout.contains("NOT VERIFIED") && all.stdout.contains("verified  ledger: 2 lines"),
        "{}",
        all.stdout
    );
    change(&events);

    // A manifest that is none hides the run from everything but its verification.
    fs::write(other.join("run.json"), "{").unwrap();
    let id = other.file_name().unwrap().to_str().unwrap();
    for named in [id, other.to_str().unwrap()] {
        let text = wrong(runs.telensic(&["verify", named]));
        assert!(text.contains("run.json"), "{text}");
    }

    let ledger = place.with_file_name("LEDGER.jsonl");
    let lines = fs::read_to_string(&ledger).unwrap();
    fs::write(
        &ledger,
        lines
            .lines()
            .skip(1)
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    )
    .unwrap();
    let text = wrong(runs.telensic(&["verify", place.to_str().unwrap()]));
    assert!(text.contains("LEDGER.jsonl"), "{text}");
    assert!(
        runs.telensic(&["verify", "--no-ledger", place.to_str().unwrap()])
            .well()
            .starts_with("verified")
    );
}

#[test]
fn another_key_than_the_given_one_is_found_wrong_and_so_is_none() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    let key = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let text = wrong(runs.telensic(&["verify", "--public-key", key]));
    assert!(text.contains("not by the given key"), "{text}");
    let complaint = runs.telensic(&["verify", "--public-key", "nonsense"]).refusal();
    assert!(
        complaint.contains("cannot read the public key nonsense"),
        "{complaint}"
    );

    let killed = runs.kill();
    let text = runs.telensic(&["verify", killed.to_str().unwrap()]).well();
    assert!(text.starts_with("not sealed"), "{text}");
    let document = json(
        &runs
            .telensic(&["verify", "--json", killed.to_str().unwrap()])
            .well(),
    );
    assert_eq!(
        document["is_verified"], false,
        "that nothing is wrong is no proof"
    );
    let text = wrong(runs.telensic(&["verify", "--public-key", key, killed.to_str().unwrap()]));
    assert!(
        text.contains("it is not sealed, so no key has signed it"),
        "{text}"
    );
    drop(place);
}

#[test]
fn a_pack_is_one_file_that_verifies_by_itself() {
    let (runs, [_]) = Runs::with([Plan::Trade]);
    let document = json(&runs.telensic(&["pack", "-o", "evidence.html", "--json"]).well());
    assert_eq!(document["is_whole"], true);
    let text = runs.telensic(&["verify", "evidence.html"]).well();
    assert!(
        text.starts_with("verified") && text.contains("evidence.html"),
        "{text}"
    );

    let pack = runs.path().join("evidence.html");
    let page = fs::read_to_string(&pack).unwrap();
    let (head, tail) = page.split_once("id=\"pack-0\">\n").unwrap();
    let (block, rest) = tail.split_once('\n').unwrap();
    fs::write(
        &pack,
        format!("{head}id=\"pack-0\">\n{}\n{rest}", &block[..block.len() / 2]),
    )
    .unwrap();
    let complaint = runs.telensic(&["verify", "evidence.html"]).refusal();
    assert!(complaint.contains("is no whole evidence pack"), "{complaint}");

    runs.telensic(&["report", "--html", "report.html"]).well();
    let complaint = runs.telensic(&["verify", "report.html"]).refusal();
    assert!(
        complaint.contains("it is a report or some other page, not an evidence pack"),
        "{complaint}"
    );
}

#[test]
fn what_does_not_verify_is_packed_but_not_in_silence() {
    let (runs, [place]) = Runs::with([Plan::Trade]);
    change(&place.join("events.jsonl"));
    let ran = runs.telensic(&["pack", "-o", "evidence.html"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr
            .contains("what was packed does not verify: events.jsonl was altered"),
        "{}",
        ran.stderr
    );
    let text = wrong(runs.telensic(&["verify", "evidence.html"]));
    assert!(text.contains("events.jsonl was altered in line"), "{text}");
}

#[test]
fn a_run_that_is_not_sealed_cannot_be_packed() {
    let runs = Runs::new();
    let killed = runs.kill();
    let complaint = runs
        .telensic(&["pack", killed.to_str().unwrap(), "-o", "evidence.html"])
        .refusal();
    assert!(
        complaint.contains("is not sealed") && complaint.contains("`telensic recover "),
        "{complaint}"
    );
    assert!(!runs.path().join("evidence.html").exists());
}
