//! `--profile-cpu`: a CPU profile of the program, by whoever can take one.
//!
//! | program | who takes it |
//! |---|---|
//! | records with the SDK, built with its feature `profile` | itself, told so by its environment |
//! | Python | py-spy, if it is installed beside the interpreter or on PATH |
//! | any other | nobody; a line says what is possible |
//!
//! Invariant: the program runs and its run is concluded whether or not there is a profile.

mod elsewhere;
mod profiling;
mod py_spy;
mod python;

pub(crate) use profiling::Profiling;
