//! Why a call failed is seen from its error, of whatever type.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use telensic::adapter::{AdapterError, ClassifyError};
use telensic::instrument_adapter;

use crate::counted::{counted, errors};

struct Feed;

#[instrument_adapter("told")]
impl Feed {
    pub(crate) fn of_io(&self, kind: io::ErrorKind) -> io::Result<()> {
        Err(kind.into())
    }

    pub(crate) fn wrapped(&self, kind: io::ErrorKind) -> Result<(), Wrapped> {
        Err(Wrapped(kind.into()))
    }

    pub(crate) fn within_io(&self, kind: io::ErrorKind) -> io::Result<()> {
        Err(io::Error::other(io::Error::from(kind)))
    }

    pub(crate) fn boxed(&self, kind: io::ErrorKind) -> Result<(), Box<dyn Error + Send + Sync>> {
        Err(Box::new(Wrapped(kind.into())))
    }

    pub(crate) fn boxed_plainly(&self, kind: io::ErrorKind) -> Result<(), Box<dyn Error>> {
        Err(Box::new(io::Error::from(kind)))
    }

    pub(crate) fn shared(&self, kind: io::ErrorKind) -> Result<(), Arc<io::Error>> {
        Err(Arc::new(kind.into()))
    }

    pub(crate) fn alias(&self, kind: io::ErrorKind) -> Answer {
        Err(Wrapped(kind.into()))
    }

    pub(crate) fn own(&self, status: u16) -> Result<(), Status> {
        Err(Status(status))
    }

    pub(crate) fn boxed_own(&self, status: u16) -> Result<(), Box<Status>> {
        Err(Box::new(Status(status)))
    }

    pub(crate) fn borrowing<'a>(&self, text: &'a str) -> Result<(), Borrowing<'a>> {
        Err(Borrowing(text))
    }

    pub(crate) fn text(&self) -> Result<(), String> {
        Err("no".to_owned())
    }

    pub(crate) fn opaque(&self) -> Result<(), Opaque> {
        Err(Opaque)
    }

    pub(crate) async fn timed(&self) -> Result<(), Box<dyn Error + Send + Sync>> {
        tokio::time::timeout(Duration::from_millis(1), std::future::pending::<()>()).await?;
        Ok(())
    }
}

/// A result by another name.
type Answer = Result<(), Wrapped>;

#[derive(Debug)]
struct Wrapped(io::Error);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the feed cannot be read")
    }
}

impl Error for Wrapped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

/// Says of itself what it is.
#[derive(Debug)]
struct Status(u16);

impl ClassifyError for Status {
    fn classify(&self) -> AdapterError<'_> {
        match self.0 {
            429 => AdapterError::RateLimited,
            404 => AdapterError::Other("unknown_symbol"),
            _ => AdapterError::Other("status"),
        }
    }
}

#[derive(Debug)]
struct Borrowing<'a>(&'a str);

impl fmt::Display for Borrowing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Borrowing<'_> {}

struct Opaque;

#[test]
fn by_its_own_word_by_its_sources_or_by_its_type() {
    let path = |name: &str| format!("{}::{name}", module_path!());
    let timed_out = io::ErrorKind::TimedOut;
    let reset = io::ErrorKind::ConnectionReset;
    let unknown = io::ErrorKind::InvalidData;
    let all = |call: &dyn Fn(io::ErrorKind)| [timed_out, reset, unknown].into_iter().for_each(call);
    all(&|kind| drop(Feed.of_io(kind)));
    all(&|kind| drop(Feed.wrapped(kind)));
    all(&|kind| drop(Feed.within_io(kind)));
    all(&|kind| drop(Feed.boxed(kind)));
    all(&|kind| drop(Feed.boxed_plainly(kind)));
    all(&|kind| drop(Feed.shared(kind)));
    all(&|kind| drop(Feed.alias(kind)));
    for (operation, other) in [
        ("of_io", "std::io::error::Error".to_owned()),
        ("wrapped", path("Wrapped")),
        ("within_io", "std::io::error::Error".to_owned()),
        ("boxed", "error".to_owned()),
        ("boxed_plainly", "error".to_owned()),
        ("shared", "std::io::error::Error".to_owned()),
        ("alias", path("Wrapped")),
    ] {
        for error in ["timeout", "connection", &other] {
            assert_eq!(errors("told", operation, error), Some(1.0), "{operation} {error}");
        }
    }

    for status in [429, 404, 500] {
        assert!(Feed.own(status).is_err() && Feed.boxed_own(status).is_err());
    }
    for operation in ["own", "boxed_own"] {
        for error in ["rate_limited", "unknown_symbol", "status"] {
            assert_eq!(errors("told", operation, error), Some(1.0), "{operation} {error}");
        }
    }
    assert_eq!(counted("told", "rate_limited_total", ""), Some(2.0));

    let text = String::from("of this call alone");
    assert!(Feed.borrowing(&text).is_err() && Feed.text().is_err() && Feed.opaque().is_err());
    // Whether a type's name says that it borrows is the compiler's choice.
    let borrowing = ["Borrowing", "Borrowing<'_>"].map(|name| errors("told", "borrowing", &path(name)));
    assert_eq!(borrowing.into_iter().flatten().collect::<Vec<_>>(), [1.0]);
    assert_eq!(errors("told", "text", "alloc::string::String"), Some(1.0));
    assert_eq!(errors("told", "opaque", &path("Opaque")), Some(1.0));

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    assert!(runtime.block_on(Feed.timed()).is_err());
    assert_eq!(errors("told", "timed", "timeout"), Some(1.0));
}

/// Answers of a real server, by a real client.
#[cfg(feature = "reqwest")]
mod of_reqwest {
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpListener};
    use std::time::Duration;

    use super::{counted, errors, instrument_adapter};

    struct Quotes(reqwest::Client);

    #[instrument_adapter("http")]
    impl Quotes {
        pub(crate) async fn quote(&self, address: SocketAddr) -> Result<String, reqwest::Error> {
            let answer = self.0.get(format!("http://{address}/quote")).send().await?;
            answer.error_for_status()?.text().await
        }
    }

    /// A server that gives this answer to one request, or none at all.
    fn answering(head: Option<&'static str>) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 1024];
            let _ = stream.read(&mut request).unwrap();
            match head {
                Some(head) => write!(
                    stream,
                    "HTTP/1.1 {head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                )
                .unwrap(),
                None => std::thread::sleep(Duration::from_secs(20)),
            }
        });
        address
    }

    #[test]
    fn by_status_connection_and_time() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let client = reqwest::Client::builder()
            .timeout(Duration::from_millis(500))
            .build()
            .unwrap();
        let quotes = Quotes(client);
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let answers = [
            answering(Some("200 OK")),
            answering(Some("429 Too Many Requests")),
            answering(Some("504 Gateway Timeout")),
            answering(Some("500 Internal Server Error")),
            answering(None),
            closed,
        ];
        let outcomes = answers.map(|address| runtime.block_on(quotes.quote(address)).is_ok());
        assert_eq!(outcomes, [true, false, false, false, false, false]);
        assert_eq!(errors("http", "quote", "rate_limited"), Some(1.0));
        assert_eq!(errors("http", "quote", "timeout"), Some(2.0));
        assert_eq!(errors("http", "quote", "connection"), Some(1.0));
        assert_eq!(errors("http", "quote", "reqwest::error::Error"), Some(1.0));
        assert_eq!(counted("http", "rate_limited_total", ""), Some(1.0));
        assert_eq!(counted("http", "connection_errors_total", ""), Some(1.0));
    }
}
