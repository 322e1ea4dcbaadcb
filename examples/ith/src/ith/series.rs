//! A net asset value over time.

/// Daily bars of one net asset value.
#[derive(Clone, Debug, PartialEq)]
pub struct NavSeries {
    /// What it is the value of.
    pub name: String,
    /// The time of each bar, Unix nanoseconds.
    pub times: Vec<i64>,
    /// The value at each bar.
    pub nav: Vec<f64>,
}

impl NavSeries {
    /// The first so many bars.
    #[must_use]
    pub fn first(&self, bars: usize) -> Self {
        let bars = bars.min(self.nav.len());
        Self {
            name: self.name.clone(),
            times: self.times[..bars].to_vec(),
            nav: self.nav[..bars].to_vec(),
        }
    }

    /// The values as bytes, little-endian: what is fingerprinted.
    pub fn bytes(&self) -> Vec<u8> {
        self.nav.iter().flat_map(|value| value.to_le_bytes()).collect()
    }
}
