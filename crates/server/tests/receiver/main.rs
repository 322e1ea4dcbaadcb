//! The OTLP/HTTP endpoint, over real sockets, onto real tapes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod support;

mod a_tape_without_room_is_said_with_503;
mod acknowledged_records_survive_sigkill;
mod every_way_of_sending_ends_on_a_tape;
mod hostile_clients_leave_the_server_up;
mod it_stops_in_order;
mod json_means_what_protobuf_means;
mod no_secret_reaches_the_tape;
mod python_programs_are_recorded;
mod resources_and_scopes_are_kept_apart;
mod wrong_records_cost_no_others;
mod wrong_requests_are_told_why;
