//! Net asset values from files: the same values give the same result, whatever the format; what is wrong is told in a line.

use std::sync::Arc;

use ith::nav::{read_file, write_csv};
use ith::synthetic;
use parquet::data_type::{DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::bench::{Bench, finish, text};

#[test]
fn csv_and_parquet_come_to_the_same() {
    let bench = Bench::new();
    let series = synthetic::series(7, 0, 700);
    let csv = bench.path().join("nav.csv");
    std::fs::write(&csv, write_csv(std::slice::from_ref(&series))).unwrap();
    let parquet = bench.path().join("nav.parquet");
    let schema = parse_message_type("message nav { required int64 time; required double bull-00; }").unwrap();
    let file = std::fs::File::create(&parquet).unwrap();
    let mut writer =
        SerializedFileWriter::new(file, Arc::new(schema), Arc::new(WriterProperties::default())).unwrap();
    let mut rows = writer.next_row_group().unwrap();
    let mut times = rows.next_column().unwrap().unwrap();
    times
        .typed::<Int64Type>()
        .write_batch(&series.times, None, None)
        .unwrap();
    times.close().unwrap();
    let mut values = rows.next_column().unwrap().unwrap();
    values
        .typed::<DoubleType>()
        .write_batch(&series.nav, None, None)
        .unwrap();
    values.close().unwrap();
    rows.close().unwrap();
    writer.close().unwrap();

    for file in [&csv, &parquet] {
        assert_eq!(read_file(file).unwrap(), std::slice::from_ref(&series));
    }
    let (from_csv, run) = bench.run(&["--nav", text(&csv)]);
    let (from_parquet, _) = bench.run(&["--nav", text(&parquet), "--workers", "1"]);
    assert_eq!(from_csv, from_parquet);
    let loads = bench.telensic(&["events", text(&run)]).out;
    assert!(loads.contains("nav.csv"), "{loads}");
}

#[test]
fn what_is_wrong_is_told_in_a_line() {
    let bench = Bench::new();
    for (content, told) in [
        ("", "it is empty: the first line names the columns"),
        (
            "time\n1\n",
            "it has one column: the first is the time, each other one a series",
        ),
        ("time,a\n1,1.0\n2,high\n", "line 3: \"high\" is no value of a"),
        ("time,a,b\n1,1.0\n", "line 2: there is no value of b"),
        (
            "time,a\n1,1.0,2.0\n",
            "line 2: there are more values than columns",
        ),
        ("time,a\nnoon,1.0\n", "line 2: \"noon\" is no time"),
        (
            "time,a\n1,1.0\n2,1.1\n",
            "a has 2 bars, which is too short: --holdout and --lookback ask for 252",
        ),
    ] {
        let nav = bench.path().join("nav.csv");
        std::fs::write(&nav, content).unwrap();
        let said = finish(&mut bench.ith(&["--nav", text(&nav)]));
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.err.contains(told), "{told}: {said:?}");
    }
    let values: String = (0..300)
        .map(|bar| format!("{bar},{}\n", if bar == 40 { "0" } else { "1.5" }))
        .collect();
    let nav = bench.path().join("nav.csv");
    std::fs::write(&nav, format!("time,a\n{values}")).unwrap();
    let said = finish(&mut bench.ith(&["--nav", text(&nav)]));
    assert!(
        said.err
            .contains("a has 0 at bar 40: a net asset value is above 0"),
        "{said:?}"
    );
    let said = finish(&mut bench.ith(&["--nav", "not there.csv"]));
    assert!(said.err.contains("not there.csv: No such file"), "{said:?}");
}
