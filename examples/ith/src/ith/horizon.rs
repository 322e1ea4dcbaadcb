//! The state that goes from bar to bar.
//!
//! Invariant: what [`Horizon::next`] says of a bar is the state at that bar, before an epoch that ends there resets it.

/// Who gains: those who bet on rising values, or on falling ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// When the value rises.
    Bull,
    /// When the value falls.
    Bear,
}

impl Side {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Bull, Self::Bear];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bull => "bull",
            Self::Bear => "bear",
        }
    }

    fn favours(self, value: f64, over: f64) -> bool {
        match self {
            Self::Bull => value > over,
            Self::Bear => value < over,
        }
    }

    fn gain(self, base: f64, value: f64) -> f64 {
        match self {
            _ if base == 0.0 || value == 0.0 => 0.0,
            Self::Bull => value / base - 1.0,
            Self::Bear => base / value - 1.0,
        }
    }

    fn loss(self, base: f64, value: f64) -> f64 {
        match self {
            Self::Bull if base == 0.0 => 0.0,
            Self::Bull => 1.0 - value / base,
            Self::Bear if value == 0.0 => 0.0,
            Self::Bear => 1.0 - base / value,
        }
    }
}

/// What is known after some bars, of one side.
#[derive(Clone, Debug)]
pub struct Horizon {
    side: Side,
    hurdle: f64,
    /// Where the current epoch began.
    base: f64,
    favourable: f64,
    adverse: f64,
    gain: f64,
    loss: f64,
    previous: f64,
}

/// A bar as the algorithm saw it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// The gain since the last epoch.
    pub excess_gain: f64,
    /// The loss since the last epoch.
    pub excess_loss: f64,
    /// Whether an epoch ends here.
    pub is_epoch: bool,
    /// The favourable extreme.
    pub endorsing_crest: f64,
    /// The adverse extreme.
    pub candidate_nadir: f64,
}

impl Horizon {
    /// Begins at the first bar's value.
    pub fn begin(side: Side, hurdle: f64, first: f64) -> Self {
        Self {
            side,
            hurdle,
            base: first,
            favourable: first,
            adverse: first,
            gain: 0.0,
            loss: 0.0,
            previous: first,
        }
    }

    /// Goes on to the next bar.
    pub fn next(&mut self, value: f64) -> Bar {
        let side = self.side;
        if side.favours(value, self.favourable) {
            self.gain = side.gain(self.base, value);
            self.favourable = value;
        }
        if side.favours(self.adverse, value) {
            self.loss = side.loss(self.base, value);
            self.adverse = value;
        }
        let bar = Bar {
            excess_gain: self.gain,
            excess_loss: self.loss,
            is_epoch: self.gain > self.loss && self.gain > self.hurdle,
            endorsing_crest: self.favourable,
            candidate_nadir: self.adverse,
        };
        let has_not_lost = !side.favours(self.base, self.favourable);
        if self.gain > self.loss.abs() && self.gain > self.hurdle && has_not_lost {
            self.base = self.favourable;
            self.adverse = self.previous;
            self.gain = 0.0;
            self.loss = 0.0;
        }
        self.previous = value;
        bar
    }
}
