//! Names of hosts, and how long it takes to find their addresses.

use std::sync::Arc;
use std::time::Instant;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::Key;

const DURATION: Key<'static> = Key::new("dns.lookup.duration");

/// Resolves names, and says of the request's span how many seconds that took: `dns.lookup.duration`, and an event
/// `dns.lookup` with the name and how many addresses it has. A request that finds an open connection looks nothing up.
///
/// ```
/// use telensic::reqwest::Resolver;
/// let client = reqwest::Client::builder().dns_resolver(Resolver::new()).build();
/// # assert!(client.is_ok());
/// ```
#[derive(Clone, Default)]
pub struct Resolver {
    inner: Option<Arc<dyn Resolve>>,
}

impl Resolver {
    /// The system's resolver.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another resolver.
    pub fn around(inner: impl Resolve + 'static) -> Self {
        Self {
            inner: Some(Arc::new(inner)),
        }
    }
}

impl std::fmt::Debug for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resolver").finish_non_exhaustive()
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let host = name.as_str().to_owned();
        let asking = crate::current_context();
        let begun = Instant::now();
        let found = match &self.inner {
            Some(inner) => inner.resolve(name),
            None => Box::pin(system(host.clone())),
        };
        Box::pin(async move {
            let found = found.await.map(|addresses| addresses.collect::<Vec<_>>());
            // A connection may come about after its request has taken another one: then nobody has waited for it.
            if crate::current_context().span() == asking.span() {
                let mut span = crate::current();
                span.set(DURATION, begun.elapsed().as_secs_f64());
                span.event_with("dns.lookup", |event| {
                    event.set("dns.question.name", &host);
                    match &found {
                        Ok(addresses) => event.set("dns.answers.count", addresses.len()),
                        Err(error) => event.set("error.message", &error.to_string()),
                    };
                });
            }
            Ok(Box::new(found?.into_iter()) as Addrs)
        })
    }
}

async fn system(host: String) -> Result<Addrs, Box<dyn std::error::Error + Send + Sync>> {
    // The port is the URL's: it takes the place of 0.
    let found = tokio::net::lookup_host((host, 0)).await?;
    Ok(Box::new(found.collect::<Vec<_>>().into_iter()))
}
