//! The command line.

use std::path::PathBuf;

use clap::Parser;

use crate::ith::HurdleMethod;
use crate::market_data::Faults;
use crate::settings::Settings;

/// Finds the investment time horizons of net asset values, and records how.
#[derive(Clone, Debug, Parser)]
#[command(name = "ith", version, args_override_self = true)]
pub struct Arguments {
    /// The seed of the synthetic values
    #[arg(long, default_value_t = 42)]
    pub seed: u64,
    /// How many daily bars a synthetic series has
    #[arg(long, default_value_t = 2_500)]
    pub bars: usize,
    /// How many synthetic series there are, a sleeve each
    #[arg(long, default_value_t = 8)]
    pub sleeves: usize,
    /// Runs so many sleeves at once in processes of their own; 0 runs them on threads
    #[arg(long, default_value_t = 0, value_name = "K")]
    pub workers: usize,
    /// Net asset values to be read in place of synthetic ones: CSV or Parquet, a column of times and one a series
    #[arg(long, value_name = "FILE")]
    pub nav: Option<PathBuf>,
    /// How the hurdle is found, if not by each side's own method
    #[arg(long, value_enum)]
    pub hurdle: Option<HurdleMethod>,
    /// How many bars a rolling feature looks back
    #[arg(long, default_value_t = 60)]
    pub lookback: usize,
    /// How many of the last bars are not known yet when it is decided
    #[arg(long, default_value_t = 250)]
    pub holdout: usize,
    /// Takes the hurdle from the whole series, which cheats: for `telensic lookahead` to find
    #[arg(long)]
    pub lookahead: bool,
    /// Where runs are kept, if not where TELENSIC_DIR says
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Waits so long in each side of a sleeve, to have time to watch
    #[arg(long, default_value_t = 0, value_name = "MS")]
    pub pace: u64,
    /// What goes wrong at the market data service
    #[command(flatten)]
    pub faults: Faults,
    /// The address of the market data service that a worker asks
    #[arg(long, hide = true, value_name = "URL")]
    pub market_data: Option<String>,
    /// The sleeve that a worker runs
    #[arg(long, hide = true, value_name = "NAME")]
    pub sleeve: Option<String>,
    /// What this program calls the pipeline by, if it is a subcommand: how a worker is started
    #[arg(skip)]
    pub subcommand: Option<&'static str>,
}

impl Arguments {
    /// What the results depend on.
    pub fn settings(&self) -> Settings {
        Settings {
            seed: self.seed,
            bars: self.bars,
            sleeves: self.sleeves,
            hurdle: self.hurdle,
            lookback: self.lookback,
            holdout: self.holdout,
            lookahead: self.lookahead,
        }
    }
}
