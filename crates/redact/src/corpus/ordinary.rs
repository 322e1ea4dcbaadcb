//! Values that are no secrets, however much some look like one.

/// Ordinary values, none of which may be masked.
pub fn ordinary_values() -> Vec<String> {
    let drawn = DRAWN
        .iter()
        .flat_map(|template| (0..20).map(move |seed| super::fill(template, seed)));
    LITERAL
        .iter()
        .map(|text| (*text).to_owned())
        .chain(drawn)
        .collect()
}

/// Hashes, ids, encoded numbers and other values that look random.
const DRAWN: &[&str] = &[
    "{h40}",
    "{h64}",
    "{h32}",
    "{h16}",
    "{h8}-{h4}-4{h3}-a{h3}-{h12}",
    "00-{h32}-{h16}-01",
    "sha256:{h64}",
    "blake3:{h64}",
    "sha512-{b86}==",
    "ghcr.io/acme/app@sha256:{h64}",
    "https://cdn.example.com/assets/app.{h20}.js",
    "commit {h40}",
    "trace_id={h32} span_id={h16}",
    "etag=\"{h32}\"",
    "W/\"{h24}\"",
    "/nix/store/{a32}-glibc-2.38",
    "run-{h12}",
    "s3://bucket/data/{h64}/part-0.parquet",
    "order_id={d18}",
    "{U26}",
    "req_{A24}",
    "i-{h17}",
    "arn:aws:iam::{d12}:role/app",
    "fn_{h16}_v2",
    "registry.example.com/team/app:{h12}",
    "{d13}",
    "{d10}.{d6}",
    "0x{h64}",
    "0x{h40}",
    "bc1q{a38}",
    "{l6}-{l5}-{h10}-{a5}",
    "UUID {h8}-{h4}-{h4}-{h4}-{h12} not found",
    "cache key {h64} evicted",
    "request_id: {h32}",
    "public_key={b43}=",
    "partition_key={h32}",
    "content_hash: {h64}",
    "build {h7} of main",
];

#[rustfmt::skip] // A list: one group a line.
const LITERAL: &[&str] = &[
    // Symbols.
    "BTCUSDT", "BRK.B", "ES=F", "EURUSD=X", "^GSPC", "BTC-USDT-PERPETUAL", "NASDAQ:AAPL", "AAPL240119C00150000", "PKXYZ240119C00150000",
    "BINANCE:BTCUSDTPERP", "ESH4", "6E=F", "key=AAPL", "token=USDT", "quote_token=USDC base_token=WETH", "symbol=BTCUSDT side=buy",
    // Times, numbers, versions, addresses.
    "2024-01-02T03:04:05Z", "2024-01-02 03:04:05.123456+00:00", "20240102T030405.123456Z", "1.2.3-rc.1+build.5", "v0.13.0", "3.141592653589793",
    "-1.7976931348623157e308", "127.0.0.1", "10.0.0.1:8080", "[::1]:4317", "2001:db8::ff00:42:8329", "localhost:5432", "db-01.internal.example.com:5432",
    // Paths, images, models.
    "/data/raw/2024/01/02/binance_futures_trades_0001.parquet", "/home/user/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/serde-1.0.203/src/lib.rs",
    "C:\\Users\\bob\\AppData\\Local\\Temp\\tmp1234567890", "target/debug/deps/libtokio-8a9d1f2c3b4e5d6f.rlib", "docker.io/library/postgres:16.2-alpine",
    "claude-sonnet-4-20250514", "gpt-4o-mini-2024-07-18", "meta-llama/Llama-3.1-70B-Instruct", "text-embedding-3-large", "sk-learn-pipeline-v2-standard-scaler",
    "skimage.transform.resize_local_mean", "sentence-transformers/all-MiniLM-L6-v2", "hf_transfer_enabled_for_large_downloads",
    // Encoded numbers.
    "AQAAAAIAAAADAAAABAAAAAUAAAAGAAAABwAAAAgAAAA=", "EAAAABAAAAAgAAAAMAAAAEAAAABQAAAAYAAAAHAAAACAAAAA=", "AAAAAAAA8D8AAAAAAAAAQAAAAAAAAAhAAAAAAAAAEEA=",
    // URLs.
    "https://example.com/a/b?x=1&y=2#frag", "http://localhost:5000/<%= @variable %>", "\"https://url:8000\";@something else", "https://url:8000/ @something else",
    "postgres://host:5432/db", "postgres://user@host/db", "https://git@github.com/acme/app.git", "git@github.com:acme/app.git", "mailto:bob@example.com",
    "https://api.binance.com/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=1704067200000&limit=1000", "redis://cache:6379/0", "https://example.com/@user/post",
    "https://en.wikipedia.org/wiki/Password", "s3://bucket/prefix/date=2024-01-02/hour=03/part-00000.snappy.parquet", "postgres://user:***@host/db", "postgres://user:${DB_PASSWORD}@host/db",
    // Pairs.
    "rows=100 cols=5", "a=1 b=2 c=3", "status=ok latency_ms=12.5 retries=0", "token_count=128 max_tokens=4096 tokens_used=17", "primary_key=id sort_key=ts", "key_count=3",
    "prompt_tokens: 12, completion_tokens: 34, total_tokens: 46", "{\"symbol\":\"AAPL\",\"price\":101.5,\"author\":\"bob\"}", "{'stage_id': 'load', 'passed': True}", "auth=none", "key: value",
    "password=***", "password=", "password: ", "api_key=\"\"", "password: ${DB_PASSWORD}", "password={{ password }}", "token=<token>", "secret: null", "password: required", "PWD=/home/user OLDPWD=/",
    "max_token=5", "has_password=true", "is_secret: false", "password_reset=sent", "secretary=Alice", "compass=north monkey=1", "token: expired", "credentials: missing", "Authorization: [REDACTED]",
    "foreignKey=customer_id", "PuttyPassword=0", "keyword: \"Befaehigung_P2\"", "schemaKey = 'DOC_Vector_5_32'", "key_length = XSalsa20.key_length", "apiUrl=apigee.corpint.com", "access_token_url='https://github.com/login/oauth/access_token'",
    "credentialsId: 'ff083f76-7804-4ef1-80e4-fe975bb9141b'", "author = \"james.fake@ymail.com\",", "COMMUNICATION_API_VERSION=rc0.13.0_20230412_0712-SNAPSHOT", "SRCREV_moby = \"43fc912ef59a83054ea7f6706df4d53a7dea4d80\"",
    "clientId = \"73082700-1f09-405b-80d0-3131bfd6272d\"", "-DKEYTAB_FILE=/tmp/app.keytab", "secret_length = X25519.secret_length", "report_access_id: e8e4df51-2054-49b0-ab1c-516ac95c691d", "pin_memory=True num_workers=4",
    "next_token=null page=2", "passed=12 failed=0", "pass=5 fail=2", "first_pass=ok", "session.id: 42", "cookie_count=3", "auth_method=password", "grant_type=password&scope=read",
    // Sentences.
    "token expired", "password reset requested", "Invalid password for user bob", "the quick brown fox jumps over the lazy dog", "It's 5 o'clock and the bearer of this letter isn't Bob's secretary",
    "Fetched 500 rows from binance in 1.23 s (3 retries)", "Unexpected token \"<\" in JSON at position 0", "unexpected token '}'", "basic authentication is required for this endpoint", "Bearer authentication failed", "Basic usage of the API",
    "Das Passwort wurde zur\u{fc}ckgesetzt: bitte pr\u{fc}fen Sie Ihre E-Mails", "Der Schl\u{fc}ssel liegt unter der Matte, sagte der Geheimnistr\u{e4}ger", "Donaudampfschifffahrtsgesellschaftskapit\u{e4}n", "Die Authentifizierung schlug fehl: Zeit\u{fc}berschreitung nach 30 s",
    "user changed the password: see the audit log", "Key rotation finished; 12 keys rotated, 0 failed", "secrets rotated: 3", "no credentials found", "-- a comment -- in SQL", "a -> b => c", "if a > b: return", "x = y > z ? 'a' : 'b'",
    // Code.
    "fn next_token(key: &str) -> Option<Token<'_>>", "def login(user: str, password: str, token: Optional[str] = None) -> bool:", "pub struct Login { password: String, token: Option<String> }", "token::Lexer::next_token", "std::collections::HashMap<String, KeyClass>",
    "SELECT id, password_hash FROM users WHERE token = ? AND created_at > '2024-01-01'", "INSERT INTO t (key, value) VALUES ($1, $2)", "UPDATE users SET password = $1 WHERE id = $2", "SELECT * FROM tokens WHERE primary_key = 5",
    "thread 'main' panicked at src/main.rs:12:5:\ncalled `Option::unwrap()` on a `None` value\n   0: rust_begin_unwind\n             at /rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/std/src/panicking.rs:665:5\n   1: app::auth::next_token\n             at ./src/auth.rs:88:13",
    "Traceback (most recent call last):\n  File \"/app/login.py\", line 12, in login\n    token = get_token(user, password)\n  File \"/app/auth.py\", line 34, in get_token\n    raise ValueError(\"invalid token: expected 3 parts\")\nValueError: invalid token: expected 3 parts",
    "    self.token = self.session.next_token()", "password = os.environ[\"DB_PASSWORD\"]", "let key = KeyClass::of(name);", "KeyError: 'api_key'", "import { chain_Anvil1_Key, chain_Anvil2_Key } from '../consts';", "[DEBUG] org.neo4j.neo4j-graphdb-api:jar:3.5.12:test",
    "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ1w9\n-----END CERTIFICATE-----", "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZI\n-----END PUBLIC KEY-----", "git commit --message \"rotate the password\" --no-verify", "tool --token-count 5 --max-tokens 100",
    "http://www.w3.org/2001/XMLSchema", "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
    "\u{43f}\u{430}\u{440}\u{43e}\u{43b}\u{44c}: \u{43d}\u{435}\u{432}\u{435}\u{440}\u{43d}\u{44b}\u{439}", "\u{1f511} key \u{1f511}", "", "a", "=", ":", "://", "@", "--", "[REDACTED:0a1b2c3d]", "[REDACTED:github:0a1b2c3d]", "password=[REDACTED:0a1b2c3d] ok",
];
