//! How runs are named on the command line.

use std::path::PathBuf;

use telensic::{DataRoot, RunDir};

use crate::exit::Failure;

/// Where runs are kept.
#[derive(Debug, clap::Args)]
pub(crate) struct DataArgument {
    /// Where runs are kept, instead of TELENSIC_DIR or data
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl DataArgument {
    /// The root that is meant.
    pub(crate) fn root(&self) -> DataRoot {
        self.data.clone().map_or_else(DataRoot::from_env, DataRoot::new)
    }

    /// The run that this text names.
    pub(crate) fn find(&self, run: &str) -> Result<RunDir, Failure> {
        Ok(self.root().find(run)?)
    }
}

/// The run that a command is about.
#[derive(Debug, clap::Args)]
pub(crate) struct RunArgument {
    /// The run: an id, the beginning of one, latest, latest~1, or a path
    #[arg(value_name = "RUN", default_value = "latest")]
    run: String,
    #[command(flatten)]
    pub(crate) data: DataArgument,
}

impl RunArgument {
    /// The run that is meant.
    pub(crate) fn find(&self) -> Result<RunDir, Failure> {
        self.data.find(&self.run)
    }
}
