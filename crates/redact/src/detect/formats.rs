//! The formats of providers' keys: a prefix, an alphabet, a length.
//!
//! Invariant: prefix and body together have at least [`LONG_RUN`](crate::first_look::LONG_RUN) bytes, and nothing of
//! a format but trailing `=` lies outside the bytes of a run. The formats are facts, gathered from the providers'
//! documentation and the public rule lists of gitleaks and detect-secrets.

use Alphabet::{Alnum, AlnumUpper, Base64, Dotted, Hex, HexLower, UpperDash, Word};
use Body::{Dense, Loud, Mixed, Strict};

/// A provider's key format.
#[derive(Debug)]
pub(super) struct Format {
    pub(super) prefix: &'static str,
    pub(super) alphabet: Alphabet,
    pub(super) min: usize,
    pub(super) max: usize,
    pub(super) body: Body,
    pub(super) label: &'static str,
}

/// The bytes that a key's body may have.
#[derive(Clone, Copy, Debug)]
pub(super) enum Alphabet {
    HexLower,
    Hex,
    AlnumUpper,
    /// Upper-case letters, digits and `-`.
    UpperDash,
    Alnum,
    /// Letters, digits, `_` and `-`.
    Word,
    /// A word with `.`.
    Dotted,
    /// Letters, digits, `+`, `/`, `_` and `-`.
    Base64,
}

impl Alphabet {
    pub(super) fn has(self, byte: u8) -> bool {
        match self {
            HexLower => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            Hex => byte.is_ascii_hexdigit(),
            AlnumUpper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            UpperDash => AlnumUpper.has(byte) || byte == b'-',
            Alnum => byte.is_ascii_alphanumeric(),
            Word => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'_' | b'-'),
        }
    }
}

/// How random a body must look; the shorter the prefix, the more.
#[derive(Clone, Copy, Debug)]
pub(super) enum Body {
    /// A digit or an upper-case letter.
    Loud,
    /// A digit and a letter, and no date-and-strike tail as an option's symbol has.
    Mixed,
    /// Two digits and both cases.
    Strict,
    /// The same without `AA`, which base64 of small numbers is full of.
    Dense,
}

/// Longer bodies are no keys.
const LONG: usize = 2048;

const fn exact(prefix: &'static str, alphabet: Alphabet, len: usize, label: &'static str) -> Format {
    Format {
        prefix,
        alphabet,
        min: len,
        max: len,
        body: Loud,
        label,
    }
}

const fn at_least(prefix: &'static str, alphabet: Alphabet, min: usize, label: &'static str) -> Format {
    Format {
        prefix,
        alphabet,
        min,
        max: LONG,
        body: Loud,
        label,
    }
}

const fn between(
    prefix: &'static str,
    alphabet: Alphabet,
    len: (usize, usize),
    body: Body,
    label: &'static str,
) -> Format {
    Format {
        prefix,
        alphabet,
        min: len.0,
        max: len.1,
        body,
        label,
    }
}

/// All formats, field by field. Where two share a beginning, the longer prefix comes first.
#[rustfmt::skip] // A table: one format a line.
pub(super) const FORMATS: &[Format] = &[
    // Clouds and infrastructure.
    exact("AKIA", AlnumUpper, 16, "aws"),
    exact("ASIA", AlnumUpper, 16, "aws"),
    exact("ABIA", AlnumUpper, 16, "aws"),
    exact("ACCA", AlnumUpper, 16, "aws"),
    between("A3T", AlnumUpper, (17, 17), Mixed, "aws"),
    at_least("ABSK", Base64, 100, "aws"),
    at_least("bedrock-api-key-", Base64, 20, "aws"),
    exact("AIza", Word, 35, "gcp"),
    between("ya29.", Word, (20, LONG), Mixed, "gcp"),
    exact("GOCSPX-", Word, 28, "gcp"),
    between("LTAI", Alnum, (12, 26), Mixed, "alibaba"),
    between("AKID", Alnum, (32, 36), Mixed, "tencent"),
    between("AQVN", Word, (35, 38), Mixed, "yandex"),
    exact("dop_v1_", HexLower, 64, "digitalocean"),
    exact("doo_v1_", HexLower, 64, "digitalocean"),
    exact("dor_v1_", HexLower, 64, "digitalocean"),
    exact("HRKU-AA", Word, 58, "heroku"),
    exact("HRKU-", Word, 36, "heroku"),
    exact("v1.0-", Word, 171, "cloudflare"),
    at_least("dp.pt.", Alnum, 40, "doppler"),
    at_least("dp.st.", Dotted, 40, "doppler"),
    at_least("dp.ct.", Alnum, 40, "doppler"),
    at_least("dp.sa.", Alnum, 40, "doppler"),
    at_least("dp.scim.", Alnum, 40, "doppler"),
    at_least("dp.audit.", Alnum, 40, "doppler"),
    at_least("hvs.", Word, 20, "vault"),
    at_least("hvb.", Word, 20, "vault"),
    at_least("hvr.", Word, 20, "vault"),
    between("s.", Alnum, (24, 24), Strict, "vault"),
    exact("pul-", HexLower, 40, "pulumi"),
    between("dapi", HexLower, (32, 32), Mixed, "databricks"),
    between("dose", HexLower, (32, 32), Mixed, "databricks"),
    exact("fo1_", Word, 43, "fly"),
    at_least("fm1a_", Base64, 60, "fly"),
    at_least("fm1r_", Base64, 60, "fly"),
    at_least("fm2_", Base64, 60, "fly"),
    at_least("pscale_tkn_", Dotted, 32, "planetscale"),
    at_least("pscale_oauth_", Dotted, 32, "planetscale"),
    at_least("pscale_pw_", Dotted, 32, "planetscale"),
    exact("tk-us-", Word, 48, "scalingo"),
    exact("ico-", Alnum, 32, "infracost"),
    between("dnkey-", Word, (60, 90), Mixed, "defined-networking"),
    between("tskey-", Word, (16, 128), Mixed, "tailscale"),
    between("4b1d", Alnum, (38, 38), Strict, "clickhouse"),
    between("rnd_", Alnum, (32, 32), Mixed, "render"),
    exact("sbp_", HexLower, 40, "supabase"),
    between("sb_secret_", Word, (20, 64), Mixed, "supabase"),
    between("napi_", Alnum, (40, 80), Mixed, "neon"),
    // Where source and packages live.
    between("ghp_", Alnum, (36, 255), Loud, "github"),
    between("gho_", Alnum, (36, 255), Loud, "github"),
    between("ghu_", Alnum, (36, 255), Loud, "github"),
    between("ghs_", Dotted, (36, 1024), Loud, "github"),
    between("ghr_", Alnum, (36, 255), Loud, "github"),
    between("github_pat_", Word, (22, 255), Loud, "github"),
    at_least("glpat-", Dotted, 20, "gitlab"),
    at_least("gldt-", Word, 20, "gitlab"),
    at_least("glft-", Word, 20, "gitlab"),
    at_least("glrt-", Dotted, 20, "gitlab"),
    at_least("glrtr-", Word, 20, "gitlab"),
    at_least("glptt-", Word, 20, "gitlab"),
    at_least("glcbt-", Word, 20, "gitlab"),
    at_least("glimt-", Word, 20, "gitlab"),
    at_least("gloas-", Word, 20, "gitlab"),
    at_least("glsoat-", Word, 20, "gitlab"),
    at_least("glffct-", Word, 20, "gitlab"),
    at_least("glagent-", Word, 40, "gitlab"),
    between("GR1348941", Word, (20, 50), Loud, "gitlab"),
    between("ATATT3", Base64, (100, 300), Mixed, "atlassian"),
    between("ATBB", Alnum, (32, 36), Mixed, "bitbucket"),
    between("ATCTT3", Base64, (60, 300), Mixed, "bitbucket"),
    between("npm_", Alnum, (36, 36), Loud, "npm"),
    at_least("pypi-", Word, 50, "pypi"),
    exact("rubygems_", HexLower, 48, "rubygems"),
    between("cio", Alnum, (32, 32), Strict, "crates-io"),
    at_least("dckr_pat_", Word, 20, "docker"),
    at_least("dckr_oat_", Word, 20, "docker"),
    exact("CLOJARS_", Alnum, 60, "clojars"),
    between("AKCp", Alnum, (60, 80), Mixed, "artifactory"),
    exact("cmVmd", Alnum, 59, "artifactory"),
    between("oy2", Alnum, (43, 43), Mixed, "nuget"),
    exact("sgp_", Hex, 40, "sourcegraph"),
    exact("sgp_local_", Hex, 40, "sourcegraph"),
    between("sgp_", Word, (57, 57), Mixed, "sourcegraph"),
    exact("squ_", Hex, 40, "sonar"),
    exact("sqp_", Hex, 40, "sonar"),
    exact("sqa_", Hex, 40, "sonar"),
    exact("lin_api_", Alnum, 40, "linear"),
    exact("lin_oauth_", HexLower, 64, "linear"),
    between("PMAK-", Word, (59, 59), Mixed, "postman"),
    between("pat.", Dotted, (68, 68), Mixed, "harness"),
    between("sat.", Dotted, (68, 68), Mixed, "harness"),
    between("API-", AlnumUpper, (25, 32), Mixed, "octopus-deploy"),
    exact("pnu_", Alnum, 36, "prefect"),
    exact("rdme_", Alnum, 70, "readme"),
    at_least("CCIPAT_", Word, 40, "circleci"),
    between("bkua_", HexLower, (40, 40), Loud, "buildkite"),
    between("A3-", UpperDash, (30, 40), Mixed, "1password"),
    at_least("ops_eyJ", Base64, 100, "1password"),
    between("AGE-SECRET-KEY-1", AlnumUpper, (40, 64), Loud, "age"),
    between("sm_aat_", Alnum, (16, 16), Mixed, "settlemint"),
    between("sm_pat_", Alnum, (16, 16), Mixed, "settlemint"),
    between("sm_sat_", Alnum, (16, 16), Mixed, "settlemint"),
    // Payment and shops.
    between("sk_live_", Alnum, (10, 128), Loud, "stripe"),
    between("sk_test_", Alnum, (10, 128), Loud, "stripe"),
    between("sk_prod_", Alnum, (10, 128), Loud, "stripe"),
    between("rk_live_", Alnum, (10, 128), Loud, "stripe"),
    between("rk_test_", Alnum, (10, 128), Loud, "stripe"),
    between("rk_prod_", Alnum, (10, 128), Loud, "stripe"),
    between("whsec_", Base64, (24, 64), Mixed, "stripe"),
    exact("sq0atp-", Word, 22, "square"),
    exact("sq0csp-", Word, 43, "square"),
    between("EAAA", Word, (22, 64), Dense, "square"),
    between("access-sandbox-", Word, (36, 36), Mixed, "plaid"),
    between("access-development-", Word, (36, 36), Mixed, "plaid"),
    between("access-production-", Word, (36, 36), Mixed, "plaid"),
    between("AQE", Base64, (80, 256), Dense, "adyen"),
    exact("shpat_", Hex, 32, "shopify"),
    exact("shpca_", Hex, 32, "shopify"),
    exact("shppa_", Hex, 32, "shopify"),
    exact("shpss_", Hex, 32, "shopify"),
    between("shippo_live_", Hex, (40, 40), Loud, "shippo"),
    between("shippo_test_", Hex, (40, 40), Loud, "shippo"),
    between("FLWSECK_TEST-", Word, (12, 40), Mixed, "flutterwave"),
    between("FLWSECK-", Word, (12, 40), Mixed, "flutterwave"),
    between("FLWPUBK_TEST-", Word, (12, 40), Mixed, "flutterwave"),
    exact("EZAK", Alnum, 54, "easypost"),
    exact("EZTK", Alnum, 54, "easypost"),
    between("duffel_test_", Word, (40, 50), Mixed, "duffel"),
    between("duffel_live_", Word, (40, 50), Mixed, "duffel"),
    between("live_", Word, (40, 40), Strict, "gocardless"),
    between("live_", HexLower, (35, 35), Mixed, "lob"),
    between("test_", HexLower, (35, 35), Mixed, "lob"),
    between("live_pub_", HexLower, (31, 31), Mixed, "lob"),
    between("test_pub_", HexLower, (31, 31), Mixed, "lob"),
    // Chat and mail.
    between("xoxb-", Word, (18, 200), Mixed, "slack"),
    between("xoxp-", Word, (18, 200), Mixed, "slack"),
    between("xoxa-", Word, (12, 200), Mixed, "slack"),
    between("xoxr-", Word, (12, 200), Mixed, "slack"),
    between("xoxs-", Word, (12, 200), Mixed, "slack"),
    between("xoxo-", Word, (12, 200), Mixed, "slack"),
    between("xoxc-", Word, (18, 200), Mixed, "slack"),
    between("xoxd-", Base64, (18, 200), Mixed, "slack"),
    between("xoxe-", Word, (18, 300), Mixed, "slack"),
    between("xoxe.xox", Word, (18, 300), Mixed, "slack"),
    between("xapp-", Word, (18, 300), Mixed, "slack"),
    at_least("hooks.slack.com/services/", Base64, 20, "slack"),
    at_least("hooks.slack.com/workflows/", Base64, 20, "slack"),
    at_least("hooks.slack.com/triggers/", Base64, 20, "slack"),
    at_least("discord.com/api/webhooks/", Base64, 40, "discord"),
    at_least("discordapp.com/api/webhooks/", Base64, 40, "discord"),
    between("SK", Hex, (32, 32), Mixed, "twilio"),
    between("AC", HexLower, (32, 32), Mixed, "twilio"),
    at_least("SG.", Dotted, 60, "sendgrid"),
    between("xkeysib-", Word, (64, 100), Mixed, "sendinblue"),
    between("xsmtpsib-", Word, (64, 100), Mixed, "sendinblue"),
    between("key-", HexLower, (32, 32), Mixed, "mailgun"),
    between("pubkey-", HexLower, (32, 32), Mixed, "mailgun"),
    between("EAAM", Alnum, (80, LONG), Mixed, "facebook"),
    between("EAAC", Alnum, (80, LONG), Mixed, "facebook"),
    between("secret_", Alnum, (43, 43), Mixed, "notion"),
    between("ntn_", Alnum, (43, 50), Mixed, "notion"),
    between("tfp_", Dotted, (40, 70), Mixed, "typeform"),
    between("sl.", Word, (100, LONG), Mixed, "dropbox"),
    between("fio-u-", Word, (60, 70), Mixed, "frameio"),
    between("pat", Dotted, (79, 79), Mixed, "airtable"),
    between("pk.", Dotted, (70, 100), Strict, "mapbox"),
    between("sk.", Dotted, (70, 100), Strict, "mapbox"),
    between("p8e-", Alnum, (32, 32), Mixed, "adobe"),
    between("b_", Word, (44, 44), Strict, "beamer"),
    between("s-s4t2ud-", HexLower, (64, 64), Mixed, "intra42"),
    between("s-s4t2af-", HexLower, (64, 64), Mixed, "intra42"),
    // Models.
    at_least("sk-ant-", Word, 20, "anthropic"),
    between("sk-proj-", Word, (20, 300), Mixed, "openai"),
    between("sk-svcacct-", Word, (20, 300), Mixed, "openai"),
    between("sk-admin-", Word, (20, 300), Mixed, "openai"),
    between("sk-or-v1-", HexLower, (64, 64), Mixed, "openrouter"),
    between("sk-", Alnum, (20, 128), Strict, "openai"),
    between("sk-", HexLower, (32, 64), Mixed, "openai"),
    between("sk-", Word, (40, 300), Strict, "openai"),
    between("hf_", Alnum, (30, 40), Loud, "huggingface"),
    between("api_org_", Alnum, (30, 40), Loud, "huggingface"),
    between("gsk_", Alnum, (40, 64), Mixed, "groq"),
    between("xai-", Alnum, (60, 100), Mixed, "xai"),
    between("r8_", Alnum, (37, 40), Mixed, "replicate"),
    between("pplx-", Alnum, (40, 64), Mixed, "perplexity"),
    // Observability.
    at_least("glc_", Base64, 32, "grafana"),
    between("glsa_", Word, (41, 41), Mixed, "grafana"),
    at_least("eyJrIjoi", Base64, 60, "grafana"),
    between("NRAK-", Alnum, (27, 27), Loud, "newrelic"),
    between("NRII-", Word, (32, 32), Loud, "newrelic"),
    between("NRIQ-", Word, (32, 32), Loud, "newrelic"),
    between("NRJS-", HexLower, (19, 19), Loud, "newrelic"),
    between("NRRA-", HexLower, (40, 42), Loud, "newrelic"),
    at_least("sntrys_", Base64, 40, "sentry"),
    exact("sntryu_", HexLower, 64, "sentry"),
    at_least("dt0c01.", Dotted, 80, "dynatrace"),
    at_least("dt0s01.", Dotted, 80, "dynatrace"),
    at_least("dt0s02.", Dotted, 80, "dynatrace"),
    between("phx_", Alnum, (40, 64), Mixed, "posthog"),
    between("hcaik_", Alnum, (40, 80), Mixed, "honeycomb"),
    between("pd_rest_", Word, (16, 64), Mixed, "pagerduty"),
    // Brokers and market data (most have no prefix and are caught by name).
    between("PK", AlnumUpper, (18, 18), Mixed, "alpaca"),
    between("AK", AlnumUpper, (18, 18), Mixed, "alpaca"),
    between("CK", AlnumUpper, (18, 18), Mixed, "alpaca"),
    between("pk_", HexLower, (32, 32), Mixed, "iex"),
    between("sk_", HexLower, (32, 32), Mixed, "iex"),
    between("Tpk_", HexLower, (32, 32), Mixed, "iex"),
    between("Tsk_", HexLower, (32, 32), Mixed, "iex"),
];
