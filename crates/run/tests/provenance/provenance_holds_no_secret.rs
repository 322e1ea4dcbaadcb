use serde_json::json;
use telensic_redact::Redactor;
use telensic_run::{Configuration, DataRoot, Provenance, RunErrorKind, RunId, Seed, SessionId};
use telensic_tape::UnixNanos;

#[test]
fn a_session_is_named_by_its_second() {
    let session = SessionId::of(UnixNanos(1_769_342_400_123_456_789));
    assert_eq!(session.to_string(), "sess_20260125_120000");
    assert_eq!(session.to_string().parse::<SessionId>().unwrap(), session);
    for text in [
        "",
        "sess_20260125",
        "sess_2026012x_120000",
        "20260125_120000",
        "sess_20260125_12000+",
    ] {
        assert!(text.parse::<SessionId>().is_err(), "{text}");
    }
}

#[test]
fn the_hash_of_a_configuration_does_not_tell_its_secrets() {
    let config = |password: &str, lookback: u32| {
        let config = json!({"db": {"url": format!("postgres://bob:{password}@db/x")}, "api_key": [password, 7], "lookback": lookback});
        Configuration::of(config, &Redactor::default())
    };
    let (one, two) = (config("hunter2-hunter2", 250), config("other-password", 250));
    assert!(!serde_json::to_string(&one).unwrap().contains("hunter2"));
    assert_eq!(
        one.hash, two.hash,
        "masks differ with every redactor, the hash does not"
    );
    assert_ne!(one.hash, config("hunter2-hunter2", 251).hash);
}

#[test]
fn what_was_captured_is_of_this_machine_and_directory() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("Cargo.lock"), "x").unwrap();
    std::fs::write(dir.path().join("requirements-dev.txt"), "y").unwrap();
    std::fs::write(dir.path().join("notes.txt"), "z").unwrap();
    let provenance = Provenance::capture(dir.path());
    let environment = &provenance.environment;
    let locks: Vec<&str> = environment
        .lock_files
        .iter()
        .map(|file| file.path.as_str())
        .collect();
    assert_eq!(locks, ["Cargo.lock", "requirements-dev.txt"]);
    assert_eq!(environment.working_dir, dir.path().to_str().unwrap());
    assert!(environment.machine.cores > 0 && !environment.machine.hostname.is_empty());
    let others = environment.other_variables.iter();
    assert_eq!(
        others.filter(|name| *name == "PATH").count(),
        1,
        "a name, no value"
    );
}

#[test]
fn a_newer_or_broken_provenance_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let run = DataRoot::new(dir.path()).create_run(RunId::new()).unwrap();
    assert!(Provenance::read(&run).unwrap_err().is_missing_file());
    let mut provenance = Provenance::capture(dir.path());
    provenance.seeds.insert("model".to_owned(), Seed::from(u128::MAX));
    provenance.write(&run).unwrap();
    assert_eq!(Provenance::read(&run).unwrap(), provenance);

    std::fs::write(run.provenance(), r#"{"format_version": 2, "else": 1}"#).unwrap();
    let error = Provenance::read(&run).unwrap_err();
    assert_eq!(error.kind(), RunErrorKind::NewerFormat);
    assert!(error.to_string().contains("provenance format 2"), "{error}");
    std::fs::write(run.provenance(), "{").unwrap();
    assert_eq!(Provenance::read(&run).unwrap_err().kind(), RunErrorKind::NotARun);
}
