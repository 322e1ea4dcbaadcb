//! Each exporter has a cursor on the log: a dead one lags, the others go on.

use std::time::Duration;

use telensic_store::wal::Hold;
use telensic_tape::Signal;

use crate::support::*;

#[test]
fn each_gets_every_request_as_it_came_and_goes_on_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path()).store;
    let mut tempo = store.cursor("tempo", Hold::Droppable).unwrap();
    let loki = store.cursor("loki", Hold::Droppable).unwrap();
    assert!(!tempo.wait(Duration::ZERO));
    let sent: Vec<_> = (0..3)
        .map(|trace| traces("loader", vec![span(trace, 0)]))
        .collect();
    sent.iter()
        .for_each(|request| append(&store, Signal::Spans, request));
    assert!(tempo.wait(Duration::from_secs(5)));
    let batch = tempo.read(1 << 20).unwrap();
    let came: Vec<_> = batch
        .frames
        .iter()
        .map(|frame| frame.entry.body.clone())
        .collect();
    assert_eq!(came, sent.iter().map(body).collect::<Vec<_>>());
    // A flush moves nobody else's place.
    store.flush().unwrap();
    tempo.acknowledge(batch.frames[1].end).unwrap();
    assert!(loki.lag().bytes > tempo.lag().bytes);
    drop((tempo, loki, store));
    let store = open(dir.path()).store;
    let mut tempo = store.cursor("tempo", Hold::Droppable).unwrap();
    assert_eq!(tempo.read(1 << 20).unwrap().frames.len(), 1);
    let mut loki = store.cursor("loki", Hold::Droppable).unwrap();
    assert_eq!(loki.read(1 << 20).unwrap().frames.len(), 3);
    let lagging: Vec<_> = store
        .state()
        .log
        .cursors
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(lagging, ["loki", "store", "tempo"]);
}
