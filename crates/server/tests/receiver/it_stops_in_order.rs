//! Stopping: what was sent is answered, who only waits is let go, who never ends is cut off.

use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use prost::Message;
use telensic_server::intake::Intake;
use telensic_server::otlp::ExportRequest;
use telensic_server::receivers::otlp_http::{Ending, Limits, Receiver};
use telensic_tape::Signal;

use crate::support::http::{PROTOBUF, connect, head, post, read_answer, write_post};
use crate::support::requests::{full_span, spans_of};
use crate::support::{read_tapes, recorder};

#[test]
fn what_was_sent_before_the_end_is_recorded_and_answered() {
    let recorder = recorder();
    let body = spans_of("prices", vec![full_span(0)]).encode_to_vec();
    let mut streams: Vec<TcpStream> = (0..40).map(|_| connect(recorder.receiver.address())).collect();
    for stream in &mut streams {
        write_post(stream, "/v1/traces", &[PROTOBUF], &body);
    }
    let recorded = recorder.finish();
    assert_eq!(recorded.spans().len(), 40);
    assert!(
        streams
            .iter()
            .all(|stream| read_answer(stream).unwrap().status == 200)
    );
}

#[test]
fn an_idle_connection_keeps_nobody_waiting_and_one_in_use_is_cut_off_at_the_deadline() {
    let recorder = recorder();
    let address = recorder.receiver.address();
    let body = spans_of("prices", vec![full_span(0)]).encode_to_vec();
    let mut idle = connect(address);
    write_post(&mut idle, "/v1/traces", &[PROTOBUF], &body);
    assert_eq!(read_answer(&idle).unwrap().status, 200);
    let mut slow = connect(address);
    let begun = head("POST", "/v1/traces", &[PROTOBUF, ("content-length", "100")]) + "\r\n";
    slow.write_all(begun.as_bytes()).unwrap();
    let ending = recorder.receiver.shutdown(Duration::from_millis(200));
    assert_eq!(ending, Ending::CutOff { connections: 1 });
    assert!(read_answer(&idle).is_none() && read_answer(&slow).is_none());
    assert!(TcpStream::connect(address).is_err(), "the port is closed");
    assert_eq!(recorder.intake.finish().spans, 1);
    assert_eq!(read_tapes(&recorder.run)[0].spans.len(), 1);
}

#[test]
fn after_the_run_nothing_is_taken() {
    let recorder = recorder();
    let address = recorder.receiver.address();
    let body = spans_of("prices", vec![full_span(0)]).encode_to_vec();
    assert_eq!(recorder.intake.finish().requests, 0);
    let answer = post(address, "/v1/traces", &[PROTOBUF], &body);
    assert_eq!(answer.status, 503);
    let request = ExportRequest::from_protobuf(Signal::Spans, body).unwrap();
    let refused = recorder.intake.take(&request).unwrap_err();
    assert!(refused.reason.contains("the run has ended"), "{refused}");
    assert!(recorder.finish().tapes.is_empty());
}

#[test]
fn only_a_loopback_address_is_listened_on_and_a_taken_port_is_said() {
    let recorder = recorder();
    let intake: Arc<dyn Intake> = recorder.intake.clone();
    let everywhere = ([0, 0, 0, 0], 0).into();
    let error = Receiver::bind(everywhere, Limits::default(), Arc::clone(&intake)).unwrap_err();
    assert!(error.to_string().contains("loopback"), "{error}");
    let taken = recorder.receiver.address();
    let error = Receiver::bind(taken, Limits::default(), intake).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with(&format!("cannot listen on {taken}: ")),
        "{error}"
    );
    recorder.finish();
}
