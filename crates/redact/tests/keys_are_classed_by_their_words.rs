//! Names of keys, in every spelling, and the class that each gets.

use telensic_redact::KeyClass::{self, Plain, Secret, Telling};

fn all_are(class: KeyClass, names: &str) {
    let wrong: Vec<_> = names
        .split_whitespace()
        .filter(|name| KeyClass::of(name) != class)
        .collect();
    assert!(wrong.is_empty(), "not {class:?}: {wrong:?}");
}

const AT_COMPILE_TIME: KeyClass = KeyClass::of("http.request.header.x-api-key");

#[test]
fn names_of_secrets_are_secret() {
    assert_eq!(AT_COMPILE_TIME, Secret);
    all_are(
        Secret,
        "password PASSWORD Password db.password dbPassword db_passwd userPwd pwd passphrase passcode password2 \
         secret client_secret clientSecret CLIENT-SECRET secrets mySecretString todo_secret_do_not_commit \
         api_key apikey apiKey APIKey x-api-key X-Api-Key api.key API_KEY access_key accessKey aws_secret_access_key \
         private_key privateKey private-key signing_key encryption_key account_key AccountKey SharedAccessKey \
         token auth_token authToken access_token refreshToken session_token id_token x-auth-token bot_token \
         csrf_token npm_token authorization Authorization proxy-authorization http.request.header.authorization \
         cookie set-cookie Set-Cookie cookies credential credentials aws.credentials creds bearer jwt \
         connection_string connectionString ConnectionString conn_str dsn SENTRY_DSN otp totp pin card_pin ssn cvv \
         db_pass smtp_pass user_pass ssh_key consumer_key app_key application_key subscription-key \
         Ocp-Apim-Subscription-Key password_hash wallet_mnemonic finnhub_key BINANCE_API_SECRET KC-API-PASSPHRASE \
         secret_key secretkey auth_key license_key host_key PHPSESSID _authToken accesstoken clientsecret dbpassword",
    );
}

#[test]
fn names_of_what_may_hold_a_secret_are_telling() {
    all_are(
        Telling,
        "auth key url uri header headers config env http.url url.full http.request.headers some_key encKey signature \
         sig app.config process.env session login finnhub polygon webhook_url pass token_url",
    );
}

#[test]
fn ordinary_names_are_plain() {
    all_are(
        Plain,
        "token_count max_tokens tokens_used tokenizer tokens prompt_tokens completion_tokens total_tokens token_budget \
         primary_key key_count key_id key_name author authors authority symbol stage_id passed compass monkey \
         secretary turkey keyboard keyword hockey passenger bypass password_reset password_policy password_length \
         has_password is_secret use_case max_token min_token token_type token_expiry token_symbol tokenAddress \
         base_token quote_token eos_token next_token page_token partition_key sort_key foreignKey cacheKey public_key \
         routing_key message.key object_key idempotency_key cookie_count secret_name secret_length credentialsId \
         accessibility accessor access_id random_access api_version api_name capital rapid assign design signal \
         config_hash url_hash http.method http.status_code db.system rows cols latency_ms pinned spin opinion \
         authored coauthor passive passthrough tokenize detokenizer kv keys_count session_id url_count envelope \
         configurable dsname otpauthcount bearing cookiecutter credit first_pass render_pass pass_count",
    );
}

#[test]
fn strange_names_are_no_trouble() {
    all_are(Plain, "\u{fc}ber \u{1f511} a - . _ 0 __ 1234567890");
    assert_eq!(KeyClass::of(""), Plain);
    assert_eq!(KeyClass::of(&"x".repeat(10_000)), Plain);
    assert_eq!(KeyClass::of(&format!("{}password", "x".repeat(10_000))), Secret);
}
