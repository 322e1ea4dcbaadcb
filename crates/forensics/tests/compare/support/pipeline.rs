//! A small pipeline of the kind that is recorded in earnest: it loads bars, looks for epochs in two sleeves, decides.

use telensic_run::event::{
    AlgorithmInit, AlgorithmResult, AuditOutcome, DataLoad, Datum, DecisionSnapshot, EpochDetected,
    FeaturesAtDecision, Fields, PositionType, Texts, Thresholds,
};
use telensic_run::names::span;
use telensic_run::{FileFingerprint, Fingerprint, GitState, Provenance};

use super::{Open, Recorded, Recording};

/// What a run of the pipeline does; tests change one thing.
#[derive(Clone)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) lookback: i64,
    pub(crate) input: Option<FileFingerprint>,
    /// The gain of the second epoch of the first sleeve.
    pub(crate) gain: f64,
    /// Whether the sleeves take turns, the second one first.
    pub(crate) interleaved: bool,
    /// An epoch that is not recorded: sleeve and number.
    pub(crate) without_epoch: Option<(usize, u32)>,
    pub(crate) load_ms: u64,
    pub(crate) with_provenance: bool,
    pub(crate) git: GitState,
}

pub(crate) const SYMBOLS: [&str; 2] = ["BTCUSDT", "ETHUSDT"];
/// The bars at which epochs end, in both sleeves.
pub(crate) const BARS: [u32; 3] = [3, 7, 12];
pub(crate) const HURDLE: f64 = 0.05;

impl Default for Plan {
    fn default() -> Self {
        Self {
            seed: 42,
            lookback: 250,
            input: None,
            gain: 0.0566,
            interleaved: false,
            without_epoch: None,
            load_ms: 100,
            with_provenance: true,
            git: GitState::default(),
        }
    }
}

impl Plan {
    /// The provenance of such a run, on the same machine each time.
    fn provenance(&self) -> Provenance {
        let mut provenance = Provenance::capture(env!("CARGO_MANIFEST_DIR"));
        provenance.git = Some(self.git.clone());
        provenance.set_config(
            serde_json::json!({"epochs": {"lookback": self.lookback}, "symbols": SYMBOLS}),
            &Default::default(),
        );
        provenance.seeds.insert("bootstrap".to_owned(), self.seed.into());
        provenance
            .inputs
            .extend(self.input.clone().map(Fingerprint::File));
        provenance
    }

    /// Records it as the run of this number.
    pub(crate) fn record(&self, number: u16) -> Recorded {
        let mut run = Recording::begin(number);
        run.provenance = self.with_provenance.then(|| self.provenance());
        let root = run.open(None, &span::pipeline("nightly"), &[("profile", "nightly")]);

        let load = run.open(Some(&root), &span::stage("load"), &[]);
        let hash = self
            .input
            .as_ref()
            .and_then(|input| input.sha256)
            .map(|hash| hash.to_string());
        let path = self.input.as_ref().map_or("bars.csv", |input| &input.path);
        run.event(
            &load,
            &DataLoad::new(path).sha256_hash(hash.unwrap_or_else(|| "00ff".to_owned())),
        );
        run.tick(self.load_ms * 1_000_000);
        run.end(load);

        let analyse = run.open(Some(&root), &span::stage("analyse"), &[]);
        let config = Fields::from([("lookback", self.lookback)]);
        let init = AlgorithmInit::new("ith", "1.4.0")
            .random_seed(self.seed)
            .config(config);
        run.event(&analyse, &init);
        let order = if self.interleaved { [1, 0] } else { [0, 1] };
        let mut sleeves: Vec<(usize, Open)> = Vec::new();
        for sleeve in order {
            let span = run.open(Some(&analyse), span::RUN_PIPELINE, &[("symbol", SYMBOLS[sleeve])]);
            sleeves.push((sleeve, span));
        }
        if self.interleaved {
            for epoch in 0..BARS.len() {
                sleeves
                    .iter()
                    .for_each(|(sleeve, span)| self.epoch(&mut run, *sleeve, span, epoch));
            }
        } else {
            for (sleeve, span) in &sleeves {
                (0..BARS.len()).for_each(|epoch| self.epoch(&mut run, *sleeve, span, epoch));
            }
        }
        for (sleeve, span) in sleeves {
            run.event(&span, &decision(sleeve, &run));
            run.end(span);
        }
        let metrics = Fields::from([
            ("bull_ith_epochs", Datum::from(6)),
            ("sharpe", Datum::from(f64::NAN)),
        ]);
        run.event(&analyse, &AlgorithmResult::new(metrics).output_hash("beef"));
        let hashes = Texts::from([("epochs.parquet", "beef")]);
        run.event(&analyse, &AuditOutcome::new("ok").output_hashes(hashes));
        run.end(analyse);
        run.end(root);
        run.finish()
    }

    fn epoch(&self, run: &mut Recording, sleeve: usize, span: &Open, number: usize) {
        if self.without_epoch == Some((sleeve, number as u32)) {
            return;
        }
        let gain = if (sleeve, number) == (0, 1) {
            self.gain
        } else {
            0.06
        };
        let epoch = EpochDetected::new(number as u32, BARS[number], gain, 0.01)
            .position_type(PositionType::Bull)
            .tmaeg_threshold(HURDLE)
            // Undefined until the first fall.
            .candidate_nadir(f64::NAN);
        run.event(span, &epoch);
    }
}

fn decision(sleeve: usize, run: &Recording) -> DecisionSnapshot {
    // The intervals are 3, 4 and 5 bars.
    let variation = (2.0_f64 / 3.0).sqrt() / 4.0;
    let features = FeaturesAtDecision::new()
        .bull_ith_epochs(3)
        .bear_ith_epochs(0)
        .bull_cv(variation)
        .bear_cv(f64::NAN)
        .tmaeg(HURDLE);
    let thresholds = Thresholds::new()
        .tmaeg_method("fixed")
        .tmaeg_value(HURDLE)
        .lookback(250);
    let id = format!("{}-{}", SYMBOLS[sleeve], run.now);
    DecisionSnapshot::new(id, run.now as i64, features).thresholds(thresholds)
}
