use telensic_run::{FileFingerprint, FileFormat};

fn read(name: &str, text: &str) -> FileFingerprint {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, text).unwrap();
    FileFingerprint::of(&path)
}

fn told(file: &FileFingerprint) -> (u64, String) {
    let table = file.table.as_ref().unwrap();
    let schema: Vec<String> = table
        .schema
        .iter()
        .map(|column| format!("{}:{}", column.name, column.dtype))
        .collect();
    (table.row_count, schema.join(" "))
}

#[test]
fn the_schema_is_the_union_of_all_keys() {
    let expected = (3, "a:float64 b:string c:array d:object f:mixed e:null".to_owned());
    let rows = [
        r#"{"a":1,"b":"x","c":[1,{"z":2}]}"#,
        r#"{"b":null,"a":1.5,"d":{"k":[]},"f":true}"#,
        r#"{"e":null,"f":1}"#,
    ];
    let lines = read("a.jsonl", &rows.join("\n"));
    let array = read("a.json", &format!("[{}]\n", rows.join(",\n")));
    assert_eq!((told(&lines), lines.error), (expected.clone(), None));
    assert_eq!((told(&array), array.error), (expected, None));
}

#[test]
fn a_single_object_is_one_row() {
    let file = read("config.json", "{\n  \"lookback\": 250\n}");
    assert_eq!(told(&file), (1, "lookback:int64".to_owned()));
}

#[test]
fn a_broken_line_is_named_by_number_and_the_rest_is_read() {
    let file = read("a.ndjson", "{\"a\":1}\n\nsecret\n{\"a\":2}\n{\"a\":");
    assert_eq!(file.format, FileFormat::Jsonl);
    assert_eq!(file.error.as_deref(), Some("is no JSON at line 3, column 1"));
    let table = file.table.unwrap();
    assert_eq!((table.row_count, table.ragged_rows), (4, 2));
}

#[test]
fn a_document_that_ends_too_early_or_too_late_is_named_without_its_text() {
    for text in [
        "[{\"a\":1},{\"a\":\"secret",
        "[{\"a\":1}] secret",
        "secret",
        "",
        &"[".repeat(5_000),
    ] {
        let file = read("a.json", text);
        let error = file.error.unwrap();
        assert!(!error.contains("secret"), "{error}");
        assert!(file.sha256.is_some());
    }
}
