//! The service and the method of a call, which are the path of its request.

use http::Uri;

use super::names::Names;
use crate::context::Context;
use crate::{Span, SpanBuilder, SpanKind};

/// `/package.Service/Method`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RpcMethod<'a> {
    /// Both, with the slash between them.
    pub(super) full: &'a str,
    pub(super) service: &'a str,
    pub(super) method: &'a str,
}

impl<'a> RpcMethod<'a> {
    /// Nothing, if the path is none of gRPC's: then it is no call, and its text is anybody's.
    pub(super) fn of(uri: &'a Uri) -> Option<Self> {
        let full = uri.path().strip_prefix('/')?;
        let (service, method) = full.split_once('/')?;
        let is_method = !service.is_empty() && !method.is_empty() && !method.contains('/');
        is_method.then_some(Self {
            full,
            service,
            method,
        })
    }
}

/// Starts the span of a call.
pub(super) fn start(uri: &Uri, kind: SpanKind, names: Names, parent: Option<&Context>) -> Span {
    let method = RpcMethod::of(uri);
    let name = method.map_or("grpc", |method| method.full);
    let builder = SpanBuilder::new(name).kind(kind);
    let mut span = match parent {
        None => builder.start(),
        Some(parent) => builder.parent(parent).start(),
    };
    if span.is_recording() {
        names.put_method(&mut span, method);
    }
    span
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_service_and_a_method_make_a_call() {
        let uri = Uri::from_static("http://host/pricing.v1.Quotes/Watch");
        let found = RpcMethod {
            full: "pricing.v1.Quotes/Watch",
            service: "pricing.v1.Quotes",
            method: "Watch",
        };
        assert_eq!(RpcMethod::of(&uri), Some(found));
        for path in ["/", "/a", "/a/", "//b", "/a/b/c"] {
            assert_eq!(RpcMethod::of(&Uri::try_from(path).unwrap()), None, "{path}");
        }
    }
}
