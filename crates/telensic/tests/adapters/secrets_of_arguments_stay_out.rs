//! Nothing of a call's arguments is recorded unless it is named, and what is named goes through the redactor.

use telensic::instrument_adapter;

use crate::support::{Dir, child, is_child, read, succeed, tapes_in};

struct Feed {
    key: String,
}

const SECRET: &str = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";

#[instrument_adapter("secrets")]
impl Feed {
    pub(crate) fn quote(&self, symbol: &str, token: &str) -> Result<usize, String> {
        Err(format!("{symbol}: refused, token={token}"))
    }

    #[adapter(fields(symbol, api_key = self.key, url = format!("https://feed.example/q?apikey={}", self.key)))]
    pub(crate) async fn named(&self, symbol: &str) -> usize {
        symbol.len()
    }
}

#[test]
fn also_those_in_errors_and_in_what_is_named() {
    let dir = Dir::new();
    succeed(&mut child(
        &dir,
        "secrets_of_arguments_stay_out::calls_with_secrets",
    ));
    let read = read(dir.path());
    assert_eq!(
        read.span("adapter.quote").attributes.len(),
        4,
        "none of the arguments"
    );
    assert_eq!(
        read.span("adapter.named").attributes.len(),
        6,
        "those that are named"
    );
    for tape in tapes_in(&dir.path().join("tapes")) {
        let bytes = std::fs::read(tape).unwrap();
        let is_there = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(is_there("AAPL") && !is_there(SECRET));
    }
}

#[test]
#[ignore = "the child of the test above"]
fn calls_with_secrets() {
    if !is_child() {
        return;
    }
    let guard = telensic::init("secrets");
    let feed = Feed {
        key: SECRET.to_owned(),
    };
    assert!(feed.quote("AAPL", SECRET).is_err());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(feed.named("AAPL")), 4);
    drop(guard);
}
