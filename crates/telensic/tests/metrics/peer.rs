//! The programs of Prometheus, as Debian has them.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};

/// A program that runs until it is dropped.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
}

/// Where a program is, installed if it may be; `None`, and a line that says so, if it cannot be had.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    static INSTALL: Once = Once::new();
    let there = find(name).or_else(|| {
        INSTALL.call_once(install);
        find(name)
    });
    if there.is_none() {
        eprintln!("skipped: {name} is not installed: apt-get install prometheus prometheus-pushgateway");
    }
    there
}

fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|file| file.is_file())
}

/// Debian's packages, where this is Debian and the tests run as root.
fn install() {
    // SAFETY: a system call without arguments.
    #[expect(unsafe_code, reason = "a system call")]
    let is_root = unsafe { libc::geteuid() } == 0;
    if is_root && find("apt-get").is_some() {
        // What comes of it is seen by whether the programs are there.
        let _ = Command::new("apt-get")
            .args([
                "install",
                "--yes",
                "--no-install-recommends",
                "prometheus",
                "prometheus-pushgateway",
            ])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .output();
    }
}

/// Starts a server of Prometheus at a free port, and waits until it listens.
pub(crate) fn start(program: &Path, dir: &Path, arguments: &[&str]) -> Running {
    // Between here and the start somebody else may take the port: then the program ends, and another is tried.
    for _ in 0..5 {
        let address = free_address();
        let mut child = Command::new(program)
            .arg(format!("--web.listen-address={address}"))
            .args(arguments)
            .current_dir(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(30) && child.try_wait().unwrap().is_none() {
            if TcpStream::connect(address).is_ok() {
                return Running { child, address };
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = child.kill();
        let _ = child.wait();
    }
    panic!("{} does not start", program.display());
}

pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
