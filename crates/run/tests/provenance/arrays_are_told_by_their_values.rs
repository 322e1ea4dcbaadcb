use proptest::prelude::*;
use telensic_run::{
    ArrayDtype, ArrayFingerprint, ArrayView, FileDifference, RowRange, Scalar, Sha256Digest, TimeUnit,
    compare_arrays,
};

fn bytes_of(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn of(values: &[f64]) -> ArrayFingerprint {
    let bytes = bytes_of(values);
    let view = ArrayView::contiguous(&bytes, &[values.len()], ArrayDtype::Float64).unwrap();
    ArrayFingerprint::of("a", &view)
}

#[test]
fn the_hashes_are_those_of_the_bytes() {
    let values: Vec<f64> = (0..200_000).map(f64::from).collect();
    let fingerprint = of(&values);
    assert_eq!(fingerprint.sha256, Sha256Digest::of(&bytes_of(&values)));
    assert_eq!(fingerprint.blake3, telensic_run::Digest::of(&bytes_of(&values)));
    assert_eq!(
        fingerprint.range,
        Some((Scalar::Float(0.0), Scalar::Float(199_999.0)))
    );
}

#[test]
fn every_nan_is_the_same_and_none_is_in_the_range() {
    let negative = f64::from_bits(0xfff8_0000_0000_0000);
    let loaded = f64::from_bits(0x7ff8_0000_dead_beef);
    let fingerprints = [f64::NAN, negative, loaded].map(|nan| of(&[1.0, nan, -2.0]));
    assert_eq!(fingerprints[0], fingerprints[1]);
    assert_eq!(fingerprints[0], fingerprints[2]);
    assert_eq!(fingerprints[0].nan_count, 1);
    assert_eq!(
        fingerprints[0].range,
        Some((Scalar::Float(-2.0), Scalar::Float(1.0)))
    );
    assert_eq!(of(&[f64::NAN]).range, None);
    assert_ne!(of(&[0.0]).sha256, of(&[-0.0]).sha256, "zeros keep their sign");
    let infinite = of(&[f64::NEG_INFINITY, f64::INFINITY]);
    let text = serde_json::to_string(&infinite).unwrap();
    assert_eq!(serde_json::from_str::<ArrayFingerprint>(&text).unwrap(), infinite);
}

proptest! {
    #[test]
    fn strides_make_no_difference(
        (rows, columns) in (1_usize..40, 1_usize..40),
        (row_gap, column_gap) in (0_usize..3, 0_usize..3),
        (flip_rows, flip_columns, is_big, is_f_order) in any::<(bool, bool, bool, bool)>(),
    ) {
        let value = |row: usize, column: usize| (row * 100 + column) as f64 - 500.0;
        let plain: Vec<f64> = (0..rows).flat_map(|row| (0..columns).map(move |column| value(row, column))).collect();
        let plain_bytes = bytes_of(&plain);
        let expected = ArrayFingerprint::of(
            "a",
            &ArrayView::contiguous(&plain_bytes, &[rows, columns], ArrayDtype::Float64).unwrap(),
        );
        let (row_step, column_step) = if is_f_order {
            (8 * (1 + row_gap), 8 * (1 + row_gap) * rows * (1 + column_gap))
        } else {
            (8 * (1 + column_gap) * columns * (1 + row_gap), 8 * (1 + column_gap))
        };
        let mut memory = vec![0xee; row_step * (rows - 1) + column_step * (columns - 1) + 8];
        for row in 0..rows {
            for column in 0..columns {
                let at_row = if flip_rows { rows - 1 - row } else { row };
                let at_column = if flip_columns { columns - 1 - column } else { column };
                let at = at_row * row_step + at_column * column_step;
                let bytes = if is_big { value(row, column).to_be_bytes() } else { value(row, column).to_le_bytes() };
                memory[at..at + 8].copy_from_slice(&bytes);
            }
        }
        let mut offset = 0;
        let mut strides = [row_step as isize, column_step as isize];
        if flip_rows {
            offset += row_step * (rows - 1);
            strides[0] = -strides[0];
        }
        if flip_columns {
            offset += column_step * (columns - 1);
            strides[1] = -strides[1];
        }
        let mut view = ArrayView::strided(&memory, offset, &[rows, columns], &strides, ArrayDtype::Float64).unwrap();
        if is_big {
            view = view.big_endian();
        }
        prop_assert_eq!(ArrayFingerprint::of("a", &view), expected);
    }

    #[test]
    fn a_view_that_would_reach_outside_is_refused(
        offset in 0_usize..100,
        shape in proptest::collection::vec(0_usize..6, 0..4),
        strides in proptest::collection::vec(-40_isize..40, 0..4),
    ) {
        let memory = [7; 96];
        if let Ok(view) = ArrayView::strided(&memory, offset, &shape, &strides, ArrayDtype::Int32) {
            let fingerprint = ArrayFingerprint::of("a", &view);
            prop_assert!(view.is_empty() || fingerprint.range == Some((Scalar::Int(0x0707_0707), Scalar::Int(0x0707_0707))));
        }
    }
}

#[test]
fn a_shape_that_does_not_fit_is_refused() {
    for shape in [&[3][..], &[usize::MAX, 2], &[2, 2]] {
        let error = ArrayView::contiguous(&[0; 16], shape, ArrayDtype::Float64).unwrap_err();
        assert!(error.to_string().contains("does not fit"), "{error}");
    }
    assert_eq!(
        ArrayView::contiguous(&[0; 8], &[], ArrayDtype::Float64)
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn instants_keep_their_nanoseconds_and_not_a_time_is_counted() {
    let of = |values: &[i64]| {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let dtype = ArrayDtype::Datetime(TimeUnit::Nanosecond);
        ArrayFingerprint::of(
            "t",
            &ArrayView::contiguous(&bytes, &[values.len()], dtype).unwrap(),
        )
    };
    let instant = 1_769_342_400_123_456_789;
    assert_ne!(of(&[instant]).sha256, of(&[instant + 1]).sha256);
    let with_gap = of(&[instant, i64::MIN]);
    assert_eq!(
        (with_gap.nan_count, with_gap.dtype.as_str()),
        (1, "datetime64[ns]")
    );
    assert_eq!(with_gap.range, Some((Scalar::Int(instant), Scalar::Int(instant))));
}

#[test]
fn dtypes_are_named_as_numpy_names_them_and_read_back() {
    for name in [
        "bool",
        "int8",
        "uint64",
        "float16",
        "complex128",
        "datetime64[ns]",
        "timedelta64[D]",
        "bytes12",
    ] {
        assert_eq!(name.parse::<ArrayDtype>().unwrap().to_string(), name);
    }
    assert!("object".parse::<ArrayDtype>().is_err());
}

#[test]
fn a_changed_element_is_found_by_its_row() {
    let mut values: Vec<f64> = (0..1_000_000).map(f64::from).collect();
    let before = of(&values);
    values[40_123] = 0.25;
    let after = of(&values);
    assert_eq!(
        compare_arrays(&before, &after).to_string(),
        "column a, rows 39,936-40,959 changed"
    );
    values.truncate(500_500);
    let FileDifference::Changed { rows, unsure, .. } = compare_arrays(&after, &of(&values)) else {
        panic!("it is shorter");
    };
    assert_eq!(rows, (1_000_000, 500_500));
    assert_eq!(
        unsure,
        Some(RowRange {
            start: 499_712,
            end: 500_500
        })
    );
}
