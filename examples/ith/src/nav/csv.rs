//! CSV: `time,bull-00,bear-01`, times as RFC 3339, dates or Unix nanoseconds.

use std::fmt::Write;

use telensic::events::Moment;

use super::NavError;
use crate::ith::NavSeries;

/// Reads all series.
pub fn parse_csv(text: &str) -> Result<Vec<NavSeries>, NavError> {
    let mut lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let Some((_, header)) = lines.next() else {
        return Err(NavError::Malformed(
            "it is empty: the first line names the columns".into(),
        ));
    };
    let mut series: Vec<NavSeries> = header
        .split(',')
        .skip(1)
        .map(|name| NavSeries {
            name: name.trim().to_owned(),
            times: Vec::new(),
            nav: Vec::new(),
        })
        .collect();
    if series.is_empty() {
        return Err(NavError::Malformed(
            "it has one column: the first is the time, each other one a series".into(),
        ));
    }
    for (number, line) in lines {
        read_line(line, &mut series)
            .map_err(|reason| NavError::Malformed(format!("line {}: {reason}", number + 1)))?;
    }
    Ok(series)
}

fn read_line(line: &str, series: &mut [NavSeries]) -> Result<(), String> {
    let mut cells = line.split(',').map(str::trim);
    let time = cells.next().unwrap_or_default();
    let time = time
        .parse()
        .or_else(|_| time.parse::<Moment>().map(|moment| moment.0))
        .map_err(|error| format!("{time:?} is {error}"))?;
    for series in series {
        let cell = cells
            .next()
            .ok_or_else(|| format!("there is no value of {}", series.name))?;
        let value = cell
            .parse()
            .map_err(|_| format!("{cell:?} is no value of {}", series.name))?;
        series.times.push(time);
        series.nav.push(value);
    }
    match cells.next() {
        Some(_) => Err("there are more values than columns".to_owned()),
        None => Ok(()),
    }
}

/// Writes series that share their times, a column each; the values are read again to the last bit.
pub fn write_csv(series: &[NavSeries]) -> String {
    let mut text = String::from("time");
    for series in series {
        text.push(',');
        text.push_str(&series.name);
    }
    text.push('\n');
    let times = series.first().map(|series| series.times.as_slice());
    for (bar, time) in times.unwrap_or_default().iter().enumerate() {
        // Writing to a text cannot fail.
        let _ = write!(text, "{time}");
        for series in series {
            let value = series.nav.get(bar).copied().unwrap_or(f64::NAN);
            let _ = write!(text, ",{value}");
        }
        text.push('\n');
    }
    text
}
