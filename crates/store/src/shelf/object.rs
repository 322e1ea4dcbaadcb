//! A shelf on S3-compatible object storage.
//!
//! An object is put there whole or not at all, and answers of 5xx and slow ones are tried again, within a time limit;
//! both are what S3 and the client library promise. Calls block; they must not be made on a thread that runs async
//! tasks.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig};
use tokio::runtime::Runtime;

use super::Shelf;
use crate::error::{StoreError, StoreErrorKind};

/// Which bucket, and how to get there.
#[derive(Clone)]
pub struct S3Options {
    /// The bucket; it must be there.
    pub bucket: String,
    /// What the names of all objects begin with; each store has one of its own.
    pub prefix: String,
    /// The region.
    pub region: String,
    /// The server's address, if it is not Amazon's. Only `https` is spoken unless it begins with `http:`.
    pub endpoint: Option<String>,
    /// Access key and secret; without, the environment and the machine's role are asked.
    pub credentials: Option<(String, String)>,
    /// How long one request may take before it is given up and tried again.
    pub request_timeout: Duration,
    /// For how long failed requests are tried again.
    pub retry_for: Duration,
}

impl S3Options {
    /// A bucket with the usual settings.
    pub fn new(bucket: impl Into<String>) -> Self {
        Self {
            bucket: bucket.into(),
            prefix: "telensic".to_owned(),
            region: "us-east-1".to_owned(),
            endpoint: None,
            credentials: None,
            request_timeout: Duration::from_secs(30),
            retry_for: Duration::from_secs(120),
        }
    }
}

impl std::fmt::Debug for S3Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the credentials.
        f.debug_struct("S3Options")
            .field("bucket", &self.bucket)
            .field("prefix", &self.prefix)
            .field("region", &self.region)
            .field("endpoint", &self.endpoint)
            .finish_non_exhaustive()
    }
}

/// Segments in a bucket.
#[derive(Debug)]
pub struct ObjectShelf {
    objects: Arc<dyn ObjectStore>,
    prefix: Path,
    runtime: Runtime,
}

impl ObjectShelf {
    /// The shelf in this bucket. Nothing is asked of the server yet.
    pub fn s3(options: &S3Options) -> Result<Self, StoreError> {
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(50),
                ..BackoffConfig::default()
            },
            max_retries: 20,
            retry_timeout: options.retry_for,
        };
        let mut builder = match &options.credentials {
            Some((key, secret)) => AmazonS3Builder::new()
                .with_access_key_id(key)
                .with_secret_access_key(secret),
            None => AmazonS3Builder::from_env(),
        };
        builder = builder
            .with_bucket_name(&options.bucket)
            .with_region(&options.region)
            .with_client_options(ClientOptions::new().with_timeout(options.request_timeout))
            .with_retry(retry);
        if let Some(endpoint) = &options.endpoint {
            builder = builder
                .with_endpoint(endpoint)
                .with_allow_http(endpoint.starts_with("http:"));
        }
        let objects = builder
            .build()
            .map_err(|error| cannot("use", &options.bucket, error))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("store-objects")
            .enable_all()
            .build()
            .map_err(StoreError::on("start the thread for", options.bucket.as_ref()))?;
        Ok(Self {
            objects: Arc::new(objects),
            prefix: Path::from(options.prefix.as_str()),
            runtime,
        })
    }

    fn path(&self, name: &str) -> Path {
        Path::from(format!("{}/{name}", self.prefix))
    }
}

fn cannot(action: &str, name: &str, error: object_store::Error) -> StoreError {
    StoreError::new(
        StoreErrorKind::Io,
        format!("cannot {action} {name} on object storage: {error}"),
    )
}

impl Shelf for ObjectShelf {
    fn list(&self) -> Result<Vec<(String, u64)>, StoreError> {
        use futures_util::TryStreamExt;
        let prefix = format!("{}/", self.prefix);
        let objects: Vec<_> = self
            .runtime
            .block_on(self.objects.list(Some(&self.prefix)).try_collect())
            .map_err(|error| cannot("list", &prefix, error))?;
        let name = |object: &object_store::ObjectMeta| {
            let name = object.location.as_ref().strip_prefix(&prefix)?;
            Some((name.to_owned(), object.size))
        };
        Ok(objects.iter().filter_map(name).collect())
    }

    fn put(&self, name: &str, bytes: Bytes) -> Result<(), StoreError> {
        self.runtime
            .block_on(self.objects.put(&self.path(name), bytes.into()))
            .map(drop)
            .map_err(|error| cannot("write", name, error))
    }

    fn read(&self, name: &str, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, StoreError> {
        if ranges.is_empty() {
            return Ok(Vec::new());
        }
        self.runtime
            .block_on(self.objects.get_ranges(&self.path(name), ranges))
            .map_err(|error| cannot("read", name, error))
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        match self.runtime.block_on(self.objects.delete(&self.path(name))) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(cannot("remove", name, error)),
        }
    }
}
