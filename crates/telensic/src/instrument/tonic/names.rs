//! Which generation of attribute names is recorded of calls: `OTEL_SEMCONV_STABILITY_OPT_IN`.
//!
//! The conventions for RPC have newer names that are not stable yet, so they have to be asked for: `rpc` has them in place
//! of the usual ones, `rpc/dup` beside those. `rpc.method` is in both, and means the newer thing as soon as that is asked for.

use super::code::Code;
use super::method::RpcMethod;
use crate::config::Env;
use crate::instrument::http::names::server::{ADDRESS, PORT};
use crate::instrument::http::{Authority, Conventions};
use crate::{Key, Span};

const METHOD: Key<'static> = Key::new("rpc.method");
const SYSTEM: Key<'static> = Key::new("rpc.system");
const SERVICE: Key<'static> = Key::new("rpc.service");
const STATUS_CODE: Key<'static> = Key::new("rpc.grpc.status_code");
const NEWER_SYSTEM: Key<'static> = Key::new("rpc.system.name");
const NEWER_STATUS_CODE: Key<'static> = Key::new("rpc.response.status_code");

/// The names that are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// Those in use.
    Usual,
    /// Those to come.
    Newer,
    /// All.
    Both,
}

impl Names {
    /// As the environment asks.
    pub(super) fn of_environment() -> Self {
        Env::of_process("OTEL_SEMCONV_STABILITY_OPT_IN").map_or(Self::Usual, |list| Self::of_list(&list))
    }

    fn of_list(list: &str) -> Self {
        let wants = |category: &str| list.split(',').any(|wanted| wanted.trim() == category);
        if wants("rpc/dup") {
            Self::Both
        } else if wants("rpc") {
            Self::Newer
        } else {
            Self::Usual
        }
    }

    /// Says of a span which method it calls.
    pub(super) fn put_method(self, span: &mut Span, method: Option<RpcMethod<'_>>) {
        if self != Self::Newer {
            span.set(SYSTEM, "grpc");
        }
        if self != Self::Usual {
            span.set(NEWER_SYSTEM, "grpc");
        }
        let Some(RpcMethod {
            full,
            service,
            method,
        }) = method
        else {
            return;
        };
        if self != Self::Newer {
            span.set(SERVICE, service);
        }
        span.set(METHOD, if self == Self::Usual { method } else { full });
    }

    /// Says of a span how its call ended.
    pub(super) fn put_code(self, span: &mut Span, code: Code) {
        if self != Self::Newer {
            span.set(STATUS_CODE, code.number());
        }
        if self != Self::Usual {
            span.set(NEWER_STATUS_CODE, code.name());
        }
    }
}

/// Says of a span where its call goes.
pub(super) fn put_server(span: &mut Span, server: Authority<'_>) {
    ADDRESS.put(span, Conventions::Stable, server.host);
    if let Some(port) = server.port {
        PORT.put(span, Conventions::Stable, port);
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn the_newer_names_have_to_be_asked_for_and_both_win_over_them() {
        for (list, names) in [
            ("", Names::Usual),
            ("http/dup,RPC", Names::Usual),
            ("http, rpc", Names::Newer),
            ("rpc,rpc/dup", Names::Both),
        ] {
            assert_eq!(Names::of_list(list), names, "{list:?}");
        }
    }
}
