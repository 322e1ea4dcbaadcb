//! Where batches go, whatever it is.

use std::fmt;

use telensic_tape::Signal;

use super::answer::Outcome;
use super::request::Encoding;
use super::settings::Destination;
use super::transport::Transport;
use super::{Protocol, compress, console};

/// One courier's way out.
#[derive(Debug)]
pub(super) enum Outlet {
    Backend(Box<Transport>),
    Console,
}

/// What is sent, ready: attempts send the very same bytes.
#[derive(Clone, Debug)]
pub(super) struct Parcel(pub(super) bytes::Bytes);

impl Outlet {
    pub(super) fn new(to: &Destination) -> Self {
        match to {
            Destination::Otlp(target) => Self::Backend(Box::new(Transport::new((**target).clone()))),
            Destination::Console => Self::Console,
        }
    }

    /// How requests must be written for it.
    pub(super) fn encoding(&self) -> Encoding {
        match self {
            Self::Backend(transport) if transport.target().protocol != Protocol::HttpJson => {
                Encoding::Protobuf
            }
            Self::Backend(_) | Self::Console => Encoding::Json,
        }
    }

    /// Whether a restart resumes where this one stopped.
    pub(super) fn resumes(&self) -> bool {
        matches!(self, Self::Backend(_))
    }

    /// Makes a request ready to be sent.
    pub(super) fn pack(&self, request: Vec<u8>) -> std::io::Result<Parcel> {
        let bytes = match self {
            Self::Backend(transport) => compress::compressed(transport.target().compression, request)?,
            Self::Console => request,
        };
        Ok(Parcel(bytes.into()))
    }

    /// Sends it.
    pub(super) async fn send(&mut self, signal: Signal, parcel: &Parcel) -> Outcome {
        match self {
            Self::Backend(transport) => transport.send(signal, parcel.0.clone()).await,
            Self::Console => console::print(parcel.0.to_vec()),
        }
    }

    /// What a backend said, without what must not be shown.
    pub(super) fn showable(&self, text: &str) -> String {
        const MOST: usize = 300;
        let text = match self {
            Self::Backend(transport) => {
                let target = transport.target();
                target.headers.hide_in(&target.endpoint.hide_in(text))
            }
            Self::Console => text.to_owned(),
        };
        let one_line: String = text
            .chars()
            .map(|char| if char.is_control() { ' ' } else { char })
            .take(MOST)
            .collect();
        let redactor = telensic_redact::Redactor::default();
        redactor
            .text(redactor.key_class("exception.message"), &one_line)
            .into_owned()
    }
}

impl fmt::Display for Outlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Backend(transport) => transport.target().endpoint.fmt(f),
            Self::Console => f.write_str("standard output"),
        }
    }
}
