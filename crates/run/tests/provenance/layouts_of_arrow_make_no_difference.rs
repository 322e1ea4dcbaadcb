use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Float64Array, Int64Array, LargeStringArray, ListArray, RecordBatch,
    StringArray, StringViewArray, TimestampNanosecondArray,
};
use arrow_schema::{DataType, Field, Schema};
use telensic_run::{ColumnFingerprint, Scalar, TableFingerprint, compare_tables, fingerprint_batches};

fn table(columns: Vec<ArrayRef>, rows_in_a_batch: usize) -> TableFingerprint {
    let fields: Vec<Field> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| Field::new(format!("c{at}"), column.data_type().clone(), true))
        .collect();
    let schema = Arc::new(Schema::new(fields));
    let whole = RecordBatch::try_new(Arc::clone(&schema), columns).unwrap();
    let starts = (0..whole.num_rows()).step_by(rows_in_a_batch);
    let batches: Vec<RecordBatch> = starts
        .map(|start| whole.slice(start, rows_in_a_batch.min(whole.num_rows() - start)))
        .collect();
    fingerprint_batches("t", &schema, &batches).unwrap()
}

fn column(array: impl Array + 'static) -> ColumnFingerprint {
    table(vec![Arc::new(array)], usize::MAX)
        .table
        .columns
        .unwrap()
        .remove(0)
}

#[test]
fn batches_may_end_anywhere() {
    let columns = || -> Vec<ArrayRef> {
        vec![
            Arc::new(Float64Array::from_iter(
                (0..5_000).map(|n| (n % 7 != 0).then_some(f64::from(n))),
            )),
            Arc::new(StringArray::from_iter(
                (0..5_000).map(|n| (n % 5 != 0).then(|| n.to_string())),
            )),
        ]
    };
    let whole = table(columns(), 5_000);
    for rows in [1, 7, 999, 1_000, 1_001] {
        assert_eq!(table(columns(), rows), whole, "{rows}");
    }
}

#[test]
fn texts_and_dictionaries_of_the_same_values_are_the_same() {
    let texts = ["a", "bc", "a", ""];
    let plain = column(StringArray::from_iter_values(texts));
    assert_eq!(plain, column(LargeStringArray::from_iter_values(texts)));
    assert_eq!(plain, column(StringViewArray::from_iter_values(texts)));
    assert_eq!(
        plain,
        column(texts.into_iter().collect::<DictionaryArray<Int32Type>>())
    );
    assert_ne!(
        plain.blake3,
        column(StringArray::from_iter_values(["ab", "c", "a", ""])).blake3
    );
}

#[test]
fn nulls_are_neither_nan_nor_zero_nor_empty() {
    let hash = |value: Option<f64>| column(Float64Array::from(vec![Some(1.0), value])).blake3;
    let all = [
        hash(None),
        hash(Some(f64::NAN)),
        hash(Some(0.0)),
        hash(Some(-0.0)),
    ];
    for (at, one) in all.iter().enumerate() {
        assert!(!all[..at].contains(one), "{at}");
    }
    let texts = |value| column(StringArray::from(vec![value])).blake3;
    assert_ne!(texts(None), texts(Some("")));
    let other_nan = f64::from_bits(0xfff8_0000_0000_0001);
    assert_eq!(hash(Some(f64::NAN)), hash(Some(other_nan)));
}

#[test]
fn what_lies_under_a_null_counts_for_nothing() {
    let nulls = arrow_buffer::NullBuffer::from(vec![true, false]);
    let of = |hidden: i64| column(Int64Array::new(vec![5, hidden].into(), Some(nulls.clone())));
    assert_eq!(of(0), of(99));
    assert_eq!((of(99).max, of(99).null_count), (Some(Scalar::Int(5)), 1));
}

#[test]
fn instants_keep_their_nanoseconds_and_their_zone() {
    let of = |nanos| column(TimestampNanosecondArray::from(vec![nanos]).with_timezone("UTC"));
    assert_ne!(
        of(1_769_342_400_123_456_789).blake3,
        of(1_769_342_400_123_456_788).blake3
    );
    assert_eq!(of(1).dtype, "timestamp[ns, UTC]");
}

#[test]
fn lists_are_hashed_by_their_values() {
    let of =
        |rows: Vec<Option<Vec<Option<i32>>>>| column(ListArray::from_iter_primitive::<Int32Type, _, _>(rows));
    let plain = of(vec![Some(vec![Some(1), None]), Some(vec![])]);
    assert_eq!(plain.dtype, "list<int32>");
    assert_eq!(plain, of(vec![Some(vec![Some(1), None]), Some(vec![])]));
    assert_ne!(
        plain.blake3,
        of(vec![Some(vec![Some(1)]), Some(vec![None])]).blake3
    );
    assert_ne!(plain.blake3, of(vec![Some(vec![Some(1), None]), None]).blake3);
}

#[test]
fn a_changed_value_is_found_and_a_foreign_batch_refused() {
    let numbers = |odd: i64| -> Vec<ArrayRef> {
        vec![Arc::new(Int64Array::from_iter_values(
            (0..10_000).map(|n| if n == 4_321 { odd } else { n }),
        ))]
    };
    let (before, after) = (table(numbers(1), 4_096), table(numbers(2), 10_000));
    assert_eq!(
        compare_tables(&before, &after).to_string(),
        "column c0, rows 4,000-4,999 changed"
    );
    let schema = Schema::new(vec![
        Field::new("a", DataType::Int64, true),
        Field::new("b", DataType::Int64, true),
    ]);
    let batch = RecordBatch::try_from_iter([("a", numbers(1).remove(0))]).unwrap();
    let error = fingerprint_batches("t", &schema, [&batch]).unwrap_err();
    assert!(
        error.to_string().contains("1 columns, its schema has 2"),
        "{error}"
    );
}
