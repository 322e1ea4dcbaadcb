use std::fmt::Write;

use telensic_run::{ColumnDifference, FileDifference, FileFingerprint, RowRange, SchemaChange, compare};

fn csv(header: &str, rows: u64, close: impl Fn(u64) -> String) -> FileFingerprint {
    let mut text = format!("{header}\n");
    for row in 0..rows {
        writeln!(text, "{row},{},{}", row % 7, close(row)).unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bars.csv");
    std::fs::write(&path, text).unwrap();
    FileFingerprint::of(&path)
}

fn plain(row: u64) -> String {
    format!("{}.5", row % 100)
}

fn plain_csv(rows: u64) -> FileFingerprint {
    csv("time,volume,close", rows, plain)
}

#[test]
fn one_cell_of_a_million_rows_is_found() {
    let before = plain_csv(1_000_000);
    let after = csv("time,volume,close", 1_000_000, |row| match row {
        40_123 => "1.25".to_owned(),
        row => plain(row),
    });
    assert_eq!(before.table.as_ref().unwrap().row_count, 1_000_000);
    assert_eq!(compare(&before, &before), FileDifference::Same);
    assert_eq!(
        compare(&before, &after).to_string(),
        "column close, rows 40,000-40,999 changed"
    );
    let stored: FileFingerprint = serde_json::from_str(&serde_json::to_string(&before).unwrap()).unwrap();
    assert_eq!(stored, before, "it reads back from JSON");
}

#[test]
fn neighbouring_changes_are_one_range() {
    let after = csv("time,volume,close", 9_000, |row| match row {
        2_999..=4_000 | 8_000 => "0".to_owned(),
        row => plain(row),
    });
    let FileDifference::Changed { columns, .. } = compare(&plain_csv(9_000), &after) else {
        panic!("it changed");
    };
    assert_eq!(
        columns[0].rows,
        [
            RowRange {
                start: 2_000,
                end: 5_000
            },
            RowRange {
                start: 8_000,
                end: 9_000
            }
        ]
    );
}

#[test]
fn appended_rows_are_no_change_of_the_earlier_ones() {
    assert_eq!(
        compare(&plain_csv(4_000), &plain_csv(5_500)).to_string(),
        "1,500 rows added"
    );
    assert_eq!(
        compare(&plain_csv(5_500), &plain_csv(4_500)).to_string(),
        "1,000 rows removed; rows 4,000-4,499 perhaps changed"
    );
}

#[test]
fn what_became_of_the_columns_is_named() {
    let after = csv("time,qty,close", 100, |row| match row {
        5 => "none".to_owned(),
        row => plain(row),
    });
    let FileDifference::Changed { schema, .. } = compare(&plain_csv(100), &after) else {
        panic!("it changed");
    };
    assert_eq!(
        schema,
        [
            SchemaChange::Removed {
                name: "volume".to_owned()
            },
            SchemaChange::Added {
                name: "qty".to_owned()
            },
            SchemaChange::Retyped {
                name: "close".to_owned(),
                before: "float64".to_owned(),
                after: "string".to_owned()
            },
        ]
    );
}

#[test]
fn other_bytes_of_the_same_values_are_the_same_values() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        FileFingerprint::of(&path)
    };
    let (unix, windows) = (write("a.csv", "a,b\n1,2\n"), write("b.csv", "a,b\r\n1,2\r\n"));
    assert_eq!(compare(&unix, &windows), FileDifference::SameValues);
    let extra = write("c.csv", "a,b\n1,2,3\n");
    assert!(matches!(
        compare(&unix, &extra),
        FileDifference::BytesChanged { .. }
    ));
    let missing = FileFingerprint::of(dir.path().join("none.csv"));
    assert!(matches!(compare(&unix, &missing), FileDifference::Unknown { .. }));
}

#[test]
fn a_column_of_any_name_is_told_in_one_line() {
    let name = "close\n\u{1b}[2J\u{202e}".to_owned();
    let retyped = SchemaChange::Retyped {
        name: name.clone(),
        before: "a\rb".to_owned(),
        after: "c".to_owned(),
    };
    let difference = FileDifference::Changed {
        schema: vec![SchemaChange::Added { name: name.clone() }, retyped],
        rows: (1, 1),
        columns: vec![ColumnDifference {
            name,
            rows: Vec::new(),
        }],
        unsure: None,
    };
    let shown = r"close\n\u{1b}[2J\u{202e}";
    assert_eq!(
        difference.to_string(),
        format!(r"column {shown} added; column {shown} was a\rb, is c; column {shown} changed")
    );
}
