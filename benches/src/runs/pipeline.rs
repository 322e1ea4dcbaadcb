//! A made-up pipeline: 20 stages one after the other, each handing out 100 sleeves to eight workers, each sleeve of ten
//! steps with calls of an adapter. Every stage loads data and begins an algorithm, every step makes a decision.

use telensic_benches::Outcome;
use telensic_run::event::{AlgorithmInit, DataLoad, DecisionSnapshot, FeaturesAtDecision};
use telensic_run::{RunDir, names};

use crate::recording::{Ended, Recording};
use crate::site::INPUT;

const STAGES: u64 = 20;
const SLEEVES: u64 = 100;
const STEPS: u64 = 10;
const WORKERS: u64 = 8;
/// How long a call of the adapter takes, in nanoseconds.
const CALL: u64 = 10_000;

/// What the calls of the adapter are called.
pub(crate) const FETCH: &str = "adapter.fetch_bars";

/// One execution of the pipeline.
pub(crate) struct Execution<'a> {
    pub(crate) run: RunDir,
    /// When it begins, in Unix time.
    pub(crate) begin: u64,
    /// About so many spans; 42,041 at least.
    pub(crate) spans: u64,
    /// The hash of the data that all stages load.
    pub(crate) input: &'a str,
    /// From this stage on, the data is other data, with this hash: the stages load it, and every tenth decision differs.
    pub(crate) changed: Option<(u64, &'a str)>,
}

/// Who gives out the ids of spans, and who writes.
struct Processes {
    engine: Recording,
    workers: Vec<Recording>,
    last_id: u64,
}

impl Processes {
    fn id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}

impl Execution<'_> {
    /// Writes the tapes, and says how long the run took.
    pub(crate) fn record(&self) -> Outcome<u64> {
        let workers = (0..WORKERS).map(|_| Recording::begin(&self.run, "worker", self.begin));
        let mut processes = Processes {
            engine: Recording::begin(&self.run, "engine", self.begin)?,
            workers: workers.collect::<Outcome<_>>()?,
            last_id: 0,
        };
        let root = processes.id();
        for stage in 0..STAGES {
            self.stage(&mut processes, root, stage)?;
        }
        let took = STAGES * self.stage_ns();
        processes.engine.span(&Ended {
            id: root,
            parent: 0,
            name: &names::span::pipeline("benchmark"),
            from: 0,
            to: took,
        })?;
        processes.workers.into_iter().for_each(Recording::close);
        processes.engine.close();
        Ok(took)
    }

    /// Calls of a step, which is a span itself.
    fn calls(&self) -> u64 {
        (self.spans / (STAGES * SLEEVES * STEPS)).saturating_sub(1).max(1)
    }

    fn step_ns(&self) -> u64 {
        (self.calls() + 1) * CALL
    }

    fn sleeve_ns(&self) -> u64 {
        STEPS * self.step_ns()
    }

    fn stage_ns(&self) -> u64 {
        self.sleeve_ns() * SLEEVES.div_ceil(WORKERS) + 2 * CALL
    }

    fn is_changed(&self, stage: u64) -> bool {
        self.changed.is_some_and(|(first, _)| stage >= first)
    }

    fn stage(&self, processes: &mut Processes, root: u64, stage: u64) -> Outcome<()> {
        let (from, to) = (stage * self.stage_ns(), (stage + 1) * self.stage_ns());
        let (id, fan_out) = (processes.id(), processes.id());
        let hash = match self.changed {
            Some((first, hash)) if stage >= first => hash,
            _ => self.input,
        };
        let load = DataLoad::new(INPUT).sha256_hash(hash).row_count(100_000_u32);
        processes.engine.event(id, from + 1, &load)?;
        let algorithm = AlgorithmInit::new("ith", "1.4.2").random_seed(stage);
        processes.engine.event(id, from + 2, &algorithm)?;
        for sleeve in 0..SLEEVES {
            let begin = from + CALL + sleeve / WORKERS * self.sleeve_ns();
            self.sleeve(processes, fan_out, (stage, sleeve), begin)?;
        }
        processes.engine.span(&Ended {
            id: fan_out,
            parent: id,
            name: names::span::EXECUTE_SLEEVES,
            from: from + CALL,
            to: to - CALL,
        })?;
        processes.engine.span(&Ended {
            id,
            parent: root,
            name: &names::span::stage(&format!("stage-{stage}")),
            from,
            to,
        })
    }

    fn sleeve(
        &self,
        processes: &mut Processes,
        fan_out: u64,
        (stage, sleeve): (u64, u64),
        begin: u64,
    ) -> Outcome<()> {
        let id = processes.id();
        for step in 0..STEPS {
            let (step_id, from) = (processes.id(), begin + step * self.step_ns());
            let to = from + self.calls() * CALL;
            for call in 0..self.calls() {
                let (call_id, from) = (processes.id(), from + call * CALL);
                processes.workers[(sleeve % WORKERS) as usize].span(&Ended {
                    id: call_id,
                    parent: step_id,
                    name: FETCH,
                    from,
                    to: from + CALL - 500,
                })?;
            }
            let worker = &mut processes.workers[(sleeve % WORKERS) as usize];
            if let Some(decision) = self.decision(stage, sleeve, step) {
                worker.event(step_id, to, &decision)?;
            }
            worker.span(&Ended {
                id: step_id,
                parent: id,
                name: "run_step:features",
                from,
                to,
            })?;
        }
        processes.workers[(sleeve % WORKERS) as usize].span(&Ended {
            id,
            parent: fan_out,
            name: names::span::RUN_PIPELINE,
            from: begin,
            to: begin + self.sleeve_ns(),
        })
    }

    /// What a step decides. From changed data every tenth step decides otherwise, and every hundredth decides nothing.
    fn decision(&self, stage: u64, sleeve: u64, step: u64) -> Option<DecisionSnapshot> {
        let number = (stage * SLEEVES + sleeve) * STEPS + step;
        let is_changed = self.is_changed(stage);
        if is_changed && number % 100 == 50 {
            return None;
        }
        let shift = if is_changed && number.is_multiple_of(10) {
            0.25
        } else {
            0.0
        };
        let features = FeaturesAtDecision::new()
            .max_drawdown(0.02 + (number % 7) as f64 / 100.0)
            .nav_at_decision(100.0 + number as f64 / 64.0 + shift);
        let id = format!("decision-{number}");
        Some(DecisionSnapshot::new(id, number as i64, features))
    }
}
