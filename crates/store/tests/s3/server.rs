//! An S3 server in a process of its own, and a middleman that makes it worse.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The server; it ends with the test.
pub(crate) struct Server {
    child: Child,
    port: u16,
}

impl Server {
    /// `None` if it cannot be had here.
    pub(crate) fn start() -> Option<Self> {
        let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/s3/requirements.txt");
        let python = telensic_test_venv::python("venv-moto", &requirements, "moto.server, flask")?;
        let mut child = Command::new(python)
            .args(["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .ok()?;
        let mut lines = BufReader::new(child.stderr.take()?).lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let at = line.split("http://127.0.0.1:").nth(1)?;
            at.trim().parse().ok()
        });
        // The server must not wait for somebody to read what it says.
        std::thread::spawn(move || lines.count());
        Some(Self { child, port: port? })
    }

    pub(crate) fn make_bucket(&self, bucket: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(
            stream,
            "PUT /{bucket} HTTP/1.0\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains(" 200 "), "{answer}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Stands between: every third request is answered with 503, every fourth comes late, the rest as it is.
pub(crate) struct Middleman {
    pub(crate) address: String,
    pub(crate) refused: Arc<AtomicU64>,
    pub(crate) delayed: Arc<AtomicU64>,
}

impl Middleman {
    pub(crate) fn before(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (refused, delayed) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let (refusals, delays, port) = (refused.clone(), delayed.clone(), server.port);
        std::thread::spawn(move || {
            for (number, client) in (1u64..).zip(listener.incoming().map_while(Result::ok)) {
                if number.is_multiple_of(3) {
                    refusals.fetch_add(1, Ordering::Relaxed);
                    std::thread::spawn(move || refuse(client));
                    continue;
                }
                let delay = if number.is_multiple_of(4) { 150 } else { 0 };
                delays.fetch_add(u64::from(delay > 0), Ordering::Relaxed);
                std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_millis(delay));
                    pass(client, port);
                });
            }
        });
        Self {
            address,
            refused,
            delayed,
        }
    }
}

fn refuse(client: TcpStream) {
    // A client that is cut off while it sends would see another error; so what it sends is read.
    client.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let mut sink = [0; 65_536];
    while (&client).read(&mut sink).is_ok_and(|len| len > 0) {}
    let _ = (&client).write_all(b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let _ = client.shutdown(Shutdown::Both);
}

/// One connection, one request: the server speaks HTTP/1.0 or closes by itself.
fn pass(client: TcpStream, port: u16) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else {
        return;
    };
    let (mut up_from, mut up_to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    std::thread::spawn(move || std::io::copy(&mut up_from, &mut up_to));
    let (mut down_from, mut down_to) = (server, client);
    let _ = std::io::copy(&mut down_from, &mut down_to);
    let _ = down_to.shutdown(Shutdown::Both);
}
