use proptest::prelude::*;
use telensic_run::{FileFingerprint, Scalar, Table};

fn read(text: impl AsRef<[u8]>) -> FileFingerprint {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("table.csv");
    std::fs::write(&path, text).unwrap();
    FileFingerprint::of(&path)
}

fn table(text: impl AsRef<[u8]>) -> Table {
    let file = read(text);
    assert_eq!(file.error, None);
    file.table.unwrap()
}

fn schema(table: &Table) -> Vec<(&str, &str)> {
    let columns = table.schema.iter();
    columns
        .map(|column| (column.name.as_str(), column.dtype.as_str()))
        .collect()
}

#[test]
fn rows_and_types_are_those_of_the_cells() {
    let table = table(
        "time,symbol,close,volume,open\n\
         2026-01-02T09:30:00.000001Z,BTC,101.5,10,true\n\
         2026-01-02T09:30:00.000000001Z,\"a \"\"b\"\", c\nd\",nan,-3,false\n",
    );
    assert_eq!(
        schema(&table),
        [
            ("time", "timestamp"),
            ("symbol", "string"),
            ("close", "float64"),
            ("volume", "int64"),
            ("open", "bool")
        ]
    );
    assert_eq!(table.row_count, 2);
    let columns = table.columns.unwrap();
    assert_eq!(
        columns[0].min,
        Some(Scalar::Instant("2026-01-02T09:30:00.000000001Z".to_owned()))
    );
    assert_eq!((columns[1].min.clone(), columns[2].nan_count), (None, 1));
    assert_eq!(
        (columns[3].min.clone(), columns[3].max.clone()),
        (Some(Scalar::Int(-3)), Some(Scalar::Int(10)))
    );
}

#[test]
fn the_way_of_writing_makes_no_difference_to_the_columns() {
    let plain = table("a,b\n1,x\n2,y\n");
    for other in [
        "a,b\r\n1,x\r\n2,y\r\n",
        "a,b\n1,x\n2,y",
        "\u{feff}a,b\n1,x\n2,y\n",
        "a;b\n1;x\n2;y\n",
        "a\tb\n1\tx\n2\ty\n",
        "a,b\r1,x\r2,y\r",
        "\"a\",\"b\"\n\"1\",\"x\"\n\n2,\"y\"\n\n",
    ] {
        assert_eq!(table(other), plain, "{other:?}");
    }
}

#[test]
fn a_decimal_comma_between_semicolons_parts_nothing() {
    let table = table("zeit;kurs\n2026-01-02;1,5\n2026-01-03;2,5\n");
    assert_eq!(schema(&table), [("zeit", "date"), ("kurs", "string")]);
}

#[test]
fn a_first_line_with_a_number_is_a_row() {
    let table = table("1,x\n2,y\n");
    assert_eq!(schema(&table), [("column_1", "int64"), ("column_2", "string")]);
    assert_eq!(table.row_count, 2);
}

#[test]
fn ragged_rows_are_counted_and_what_lacks_is_null() {
    let table = table("a,b,c\n1,2,3\n4\n5,6,7,8\n");
    assert_eq!((table.row_count, table.ragged_rows), (3, 2));
    let nulls: Vec<u64> = table
        .columns
        .unwrap()
        .iter()
        .map(|column| column.null_count)
        .collect();
    assert_eq!(nulls, [0, 1, 1]);
}

#[test]
fn an_empty_cell_and_a_cell_that_lacks_differ() {
    let empty = table("a,b\n1,\n").columns.unwrap();
    let lacking = table("a,b\n1\n").columns.unwrap();
    assert_eq!(empty[0], lacking[0]);
    assert_ne!(empty[1].blake3, lacking[1].blake3);
}

#[test]
fn nothing_and_a_header_alone_are_tables_without_rows() {
    assert_eq!(table("").row_count, 0);
    let header = table("a,b");
    assert_eq!((header.row_count, header.schema.len()), (0, 2));
}

#[test]
fn a_quote_that_is_never_closed_costs_the_table_not_the_hash() {
    let mut text = b"a,b\n1,2\n3,\"".to_vec();
    text.resize(18 << 20, b'x');
    let file = read(&text);
    assert!(file.error.unwrap().contains("row 1 is longer than 16 MiB"));
    assert_eq!(file.table.unwrap().row_count, 1);
    assert_eq!(file.sha256.unwrap(), telensic_run::Sha256Digest::of(&text));
}

#[test]
fn text_of_another_encoding_is_named() {
    let file = read(b"\xff\xfea\0,\0b\0\n\0");
    assert!(file.error.unwrap().contains("UTF-16"));
    assert!(file.sha256.is_some());
}

#[test]
fn no_text_of_a_cell_is_kept() {
    let file = read("user,pin\nalice-the-secret,1234\nbob-the-secret,99\n");
    let text = serde_json::to_string(&file).unwrap();
    assert!(!text.contains("the-secret"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_give_a_fingerprint(bytes in proptest::collection::vec(prop_oneof![Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..400)) {
        let file = read(&bytes);
        prop_assert_eq!(file.size, bytes.len() as u64);
        prop_assert!(file.sha256.is_some());
    }
}

/// A file of several blocks, so that cells, quotes and line ends are cut anywhere.
#[test]
fn blocks_end_anywhere_and_it_makes_no_difference() {
    let mut text = String::from("n,text\n");
    for row in 0..60_000 {
        text.push_str(&format!(
            "{row},\"line {row}\r\n with \"\"quotes\"\", and commas\"\r\n"
        ));
    }
    assert!(text.len() > 2 << 20, "more than two blocks");
    let shifted = table(format!(
        "n,text\n\n\n\n{}",
        text.strip_prefix("n,text\n").unwrap()
    ));
    let plain = table(&text);
    assert_eq!((plain.row_count, plain.ragged_rows), (60_000, 0));
    assert_eq!(
        plain, shifted,
        "three more bytes before them move every block's end"
    );
}
