//! The words that key names are made of, and the part each plays.
//!
//! Invariant: words come in lower case; a word may play several parts, and one that is not listed plays none.

/// The parts a word plays, as a set.
#[derive(Clone, Copy)]
pub(super) struct Roles(u16);

impl Roles {
    pub(super) const NONE: Self = Self(0);
    /// Names a secret by itself.
    pub(super) const SECRET: Self = Self(1);
    /// `token`: a secret, unless a word before it says that it is money, text or a page.
    pub(super) const TOKEN: Self = Self(1 << 1);
    /// `key`: a secret after some words, ordinary after others, telling otherwise.
    pub(super) const KEY: Self = Self(1 << 2);
    /// Makes a following `key` a secret.
    pub(super) const KEY_HEAD: Self = Self(1 << 3);
    /// Makes a following `key` ordinary.
    pub(super) const PLAIN_HEAD: Self = Self(1 << 4);
    /// Makes a following `token` ordinary.
    pub(super) const TOKEN_HEAD: Self = Self(1 << 5);
    /// `pass`: a secret after the name of an account or a service.
    pub(super) const PASS: Self = Self(1 << 6);
    /// Makes a following `pass` a secret.
    pub(super) const PASS_HEAD: Self = Self(1 << 7);
    /// Takes back what the word before it said: `token_count` is no token.
    pub(super) const TAIL: Self = Self(1 << 8);
    /// Something that may hold a secret.
    pub(super) const TELLING: Self = Self(1 << 9);
    /// Makes a following `string` a secret.
    pub(super) const CONNECTION: Self = Self(1 << 10);
    /// `string`, as in connection string.
    pub(super) const STRING: Self = Self(1 << 11);
    /// `pin`: a secret as the last word.
    pub(super) const PIN: Self = Self(1 << 12);
    /// As the first word, asks about or counts what follows.
    pub(super) const ASKS: Self = Self(1 << 13);
    /// Takes back that something may hold a secret: `config_hash` does not; `password_hash` still does.
    pub(super) const DIGEST: Self = Self(1 << 14);
    /// The words whose raise a tail takes back.
    pub(super) const RAISES: Self = Self(Self::SECRET.0 | Self::TOKEN.0 | Self::KEY.0 | Self::TELLING.0);

    /// Whether the two sets meet.
    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// The words and their parts. A word may stand in several lists.
#[rustfmt::skip] // Lists: one part a paragraph.
const LISTS: &[(Roles, &str)] = &[
    (Roles::SECRET,
        "password passwords passwd pwd passphrase passcode passwort kennwort contrasena secrets apikey apikeys \
         authkey accesskey secretkey privatekey signingkey encryptionkey accountkey authorization cookie cookies \
         setcookie credential credentials creds bearer jwt dsn otp totp ssn cvv cvc mnemonic sessid phpsessid \
         jsessionid connectionstring connstr connstring secret"),
    (Roles::TOKEN, "token"),
    (Roles::KEY, "key"),
    (Roles::PASS, "pass pw"),
    (Roles::PIN, "pin"),
    (Roles::KEY_HEAD,
        "secret token auth oauth oauth2 session login webhook license licence api access private signing signature \
         encryption decryption master shared storage subscription application consumer deploy functions hmac aes rsa \
         pgp gpg host wallet priv signer crypto account service app admin root client ssh user"),
    (Roles::PASS_HEAD,
        "key login webhook license account service app admin root client ssh user db database mysql smtp my ftp sftp \
         redis pg postgres sudo mail email imap mongo rabbitmq amqp sql oracle proxy ldap cloudant cert keystore http \
         basic neo4j"),
    (Roles::PLAIN_HEAD,
        "primary foreign partition sort cache public pub routing object bucket dedup idempotency group grouping join \
         row natural hot message shard hash range schema sequence index idx lookup record order map dict metric \
         attribute translation unique composite candidate surrogate business registry s3 blob issue feature flag \
         state series symbol instrument column event"),
    (Roles::TOKEN_HEAD,
        "base quote prompt completion input output cached reasoning eos bos pad unk mask cls sep stop start end \
         special next page continuation cancel cancellation sync per first last governance reward lp pool erc20 \
         wrapped native public symbol instrument is has num max min total avg should can needs requires allow \
         supports"),
    (Roles::CONNECTION, "connection conn"),
    (Roles::STRING, "string str"),
    (Roles::ASKS, "is has n num max min total avg should can needs requires allow supports"),
    (Roles::TELLING,
        "auth oauth oauth2 url uri header headers login webhook license licence config configuration env environ settings \
         signature sig session keys sas sid nonce salt cmdline argv acct"),
    // Services whose keys have no shape of their own.
    (Roles::TELLING.and(Roles::KEY_HEAD).and(Roles::PASS_HEAD),
        "adafruit airtable algolia alibaba alpaca alphavantage artifactory asana atlassian beamer binance bitbucket \
         bitfinex bitstamp bittrex bybit cloudflare codecov cohere coinbase confluent contentful datadog discord \
         droneci dropbox etsy facebook fastly finicity finnhub flickr freshbooks gitter heroku hubspot ibkr intercom \
         iexcloud jfrog kraken kucoin launchdarkly linkedin looker lob mailchimp mailgun mapbox mattermost \
         messagebird netlify newrelic nytimes oanda okta okx plaid polygon quandl rapidapi sendbird sentry snyk \
         softlayer sonar squarespace sumologic telegram tiingo tradier travis twelvedata twilio twitch twitter \
         typeform yandex zendesk"),
    (Roles::TAIL,
        "count counts counter id ids type types name names length len size sizes expiry expires expiration expired \
         ttl age policy reset endpoint limit limits usage used budget index idx total version valid validity verified \
         present enabled disabled required status state at field file path dir kind format strength changed updated \
         created rotated rotation per rate ratio cost issuer audience scope scopes provider column manager arn error \
         errors failures attempts bucket ring range offset position pos price symbol address decimals in out space \
         family class level mode method source store vault alias down up press pressed pair pairs frame frames word \
         words code board selector stream parser kinds domain port host hit hits miss misses ms seconds ns url uri \
         header headers"),
    (Roles::DIGEST, "hash digest checksum fingerprint sha256 md5"),
];

/// The last bytes of a lower-case word, the last byte lowest: words are compared as numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Word(u128);

impl Word {
    pub(super) const EMPTY: Self = Self(0);

    /// The word with one more byte at its end; what is longer than 16 bytes loses its beginning.
    pub(super) const fn and_then(self, byte: u8) -> Self {
        Self(self.0 << 8 | byte.to_ascii_lowercase() as u128)
    }

    const fn of(bytes: &[u8], from: usize, to: usize) -> Self {
        let mut word = Self::EMPTY;
        let mut at = from;
        while at < to {
            word = word.and_then(bytes[at]);
            at += 1;
        }
        word
    }

    const fn ends_with(self, ending: &str) -> bool {
        let bits = ending.len() * 8;
        self.0 & ((1 << bits) - 1) == Self::of(ending.as_bytes(), 0, ending.len()).0
    }

    /// `password2` is a password.
    const fn without_number(self) -> Self {
        let mut word = self.0;
        while (word as u8).is_ascii_digit() {
            word >>= 8;
        }
        Self(word)
    }

    const fn slot(self) -> usize {
        let folded = (self.0 as u64) ^ ((self.0 >> 64) as u64).rotate_left(29);
        (folded.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize
    }

    /// The parts that the word plays.
    pub(super) const fn roles(self) -> Roles {
        let mut slot = self.slot();
        while TABLE.words[slot] != 0 {
            if TABLE.words[slot] == self.0 {
                return TABLE.roles[slot];
            }
            slot = (slot + 1) % SLOTS;
        }
        if self.is_glued_name() {
            Roles::SECRET
        } else {
            Roles::NONE
        }
    }

    /// Names written in one: `dbpassword`, `userpwd`, `authtoken`.
    const fn is_glued_name(self) -> bool {
        let letters = self.without_number();
        // All endings below end in one of these.
        match letters.0 as u8 {
            b'd' => letters.ends_with("password") || letters.ends_with("passwd") || letters.ends_with("pwd"),
            b't' => self.ends_with("secret"),
            b'n' => self.ends_with("token"),
            b'e' => letters.ends_with("passphrase"),
            b's' => letters.ends_with("credentials"),
            b'y' => {
                letters.ends_with("apikey")
                    || letters.ends_with("accesskey")
                    || letters.ends_with("privatekey")
                    || letters.ends_with("secretkey")
            }
            _ => false,
        }
    }
}

/// Twice as many slots as words.
const SLOTS: usize = 1024;

/// All words, hashed with open addressing; apart from their parts, so that a look-up touches few cache lines.
struct Table {
    words: [u128; SLOTS],
    roles: [Roles; SLOTS],
}

static TABLE: Table = table();

const fn table() -> Table {
    let mut table = Table {
        words: [0; SLOTS],
        roles: [Roles::NONE; SLOTS],
    };
    let mut list = 0;
    while list < LISTS.len() {
        let (roles, words) = LISTS[list];
        let text = words.as_bytes();
        let mut from = 0;
        while from < text.len() {
            let mut to = from;
            while to < text.len() && text[to] != b' ' {
                to += 1;
            }
            add(&mut table, Word::of(text, from, to), roles);
            from = to + 1;
        }
        list += 1;
    }
    table
}

const fn add(table: &mut Table, word: Word, roles: Roles) {
    let mut slot = word.slot();
    while table.words[slot] != 0 && table.words[slot] != word.0 {
        slot = (slot + 1) % SLOTS;
    }
    table.words[slot] = word.0;
    table.roles[slot] = table.roles[slot].and(roles);
}
