//! The context on its way, and nothing else.

use tonic::service::Interceptor;
use tonic::{Request, Status};

/// An interceptor that sends the current context along, for clients built `with_interceptor`. It sees no more than the
/// request, so it records nothing; [`ClientLayer`](super::ClientLayer) does both.
///
/// ```no_run
/// # fn client<S>(channel: S) {
/// use telensic::tonic::SendContext;
/// let channel = tonic::service::interceptor::InterceptedService::new(channel, SendContext);
/// # drop(channel);
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SendContext;

impl Interceptor for SendContext {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        crate::inject(&crate::current_context(), request.metadata_mut());
        Ok(request)
    }
}
