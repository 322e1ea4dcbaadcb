//! Follows the links from a fill or a figure back to what it rests on.

use serde::Serialize;
use telensic_run::event::{AlgorithmInit, DecisionSnapshot, PnlFigure, TradeFill};
use telensic_run::names::event as name;
use telensic_run::{GitState, RunError, RunErrorKind, RunId};
use telensic_tape::UnixNanos;

use crate::lookahead::{DataRead, Decision, decisions, is_consumed, reads};
use crate::place::{self, Places};
use crate::timeline::SpanIndex;
use crate::typed_events::{self, Recorded};
use crate::{RunView, Timeline};

/// What a fill, a figure or a decision rests on.
#[derive(Debug, Serialize)]
pub struct Lineage {
    /// The run.
    pub run: RunId,
    /// Its profile.
    pub profile: String,
    /// The name that was asked for.
    pub id: String,
    /// The figure, if one was asked for.
    pub figure: Option<PnlFigure>,
    /// The fills on the way.
    pub fills: Vec<TradeFill>,
    /// The decisions at the end of the way, each with what it rests on.
    pub decisions: Vec<DecisionLineage>,
    /// The code, if the run recorded it.
    pub code: Option<GitState>,
    /// Links that the record does not have.
    pub gaps: Vec<String>,
}

/// What a decision rests on.
#[derive(Debug, Serialize)]
pub struct DecisionLineage {
    /// Where it was made.
    pub place: String,
    /// The decision, with its features and thresholds.
    pub decision: DecisionSnapshot,
    /// The algorithm that made it.
    pub model: Option<Model>,
    /// The data that it consumed.
    pub data: Vec<DataRead>,
}

/// The algorithm behind a decision.
#[derive(Debug, Serialize)]
pub struct Model {
    /// Where it began.
    pub place: String,
    /// The algorithm, with its version, configuration and seed.
    pub init: AlgorithmInit,
}

impl Lineage {
    /// That of the fill, the figure or the decision of this name.
    pub fn of(view: &RunView, id: &str) -> Result<Self, RunError> {
        let record = Record::of(view);
        let mut lineage = Self {
            run: view.id(),
            profile: view.manifest.profile.clone(),
            id: id.to_owned(),
            figure: None,
            fills: Vec::new(),
            decisions: Vec::new(),
            code: view.provenance.as_ref().and_then(|known| known.git.clone()),
            gaps: Vec::new(),
        };
        if let Some(figure) = record.figures.iter().find(|figure| figure.pnl_id == id) {
            lineage.follow_figure(&record, figure);
        } else if let Some(fill) = record.fills.iter().find(|fill| fill.fill_id == id) {
            lineage.follow_fill(&record, fill);
        } else if record.decisions.iter().any(|decision| decision.id == id) {
            lineage.follow_decision(&record, id);
        } else {
            return Err(record.not_found(view, id));
        }
        if lineage.code.is_none() {
            lineage.gaps.push("the run has no record of its code".to_owned());
        }
        Ok(lineage)
    }

    /// Whether every link of the way is recorded.
    pub fn is_complete(&self) -> bool {
        self.gaps.is_empty()
    }

    fn follow_figure(&mut self, record: &Record<'_>, figure: &PnlFigure) {
        self.figure = Some(figure.clone());
        let fills = figure.fill_ids.as_deref().unwrap_or_default();
        if fills.is_empty() && figure.decision_id.is_none() {
            self.gaps.push(format!(
                "figure {} names neither fills nor a decision",
                figure.pnl_id
            ));
        }
        for id in fills {
            match record.fills.iter().find(|fill| fill.fill_id == *id) {
                Some(fill) => self.follow_fill(record, fill),
                None => self.gaps.push(format!("fill {id} is not recorded")),
            }
        }
        if let Some(id) = &figure.decision_id {
            self.follow_decision(record, id);
        }
    }

    fn follow_fill(&mut self, record: &Record<'_>, fill: &TradeFill) {
        if self.fills.iter().all(|known| known.fill_id != fill.fill_id) {
            self.fills.push(fill.clone());
        }
        self.follow_decision(record, &fill.decision_id);
    }

    fn follow_decision(&mut self, record: &Record<'_>, id: &str) {
        if self
            .decisions
            .iter()
            .any(|known| known.decision.decision_id == id)
        {
            return;
        }
        let Some(decision) = record.decisions.iter().find(|decision| decision.id == id) else {
            self.gaps.push(format!("decision {id} is not recorded"));
            return;
        };
        let snapshot = match &decision.snapshot {
            Ok(snapshot) => snapshot.clone(),
            Err(misfit) => {
                self.gaps
                    .push(format!("decision {id} does not fit its type: {misfit}"));
                return;
            }
        };
        let model = record.model(decision);
        if model.is_none() {
            self.gaps
                .push(format!("no algorithm.init before decision {id} is recorded"));
        }
        let consumed = record.reads.iter().filter(|read| is_consumed(read, decision));
        let data: Vec<DataRead> = consumed.cloned().collect();
        if data.is_empty() {
            self.gaps
                .push(format!("no data.load before decision {id} is recorded"));
        }
        self.decisions.push(DecisionLineage {
            place: place::path(record.timeline, decision.span),
            decision: snapshot,
            model,
            data,
        });
    }
}

/// What of a run links can lead to.
struct Record<'a> {
    timeline: &'a Timeline,
    places: Places,
    figures: Vec<PnlFigure>,
    fills: Vec<TradeFill>,
    inits: Vec<(UnixNanos, Option<SpanIndex>, AlgorithmInit)>,
    decisions: Vec<Decision>,
    reads: Vec<DataRead>,
}

impl<'a> Record<'a> {
    fn of(view: &'a RunView) -> Self {
        let timeline = &view.timeline;
        let places = Places::of(timeline);
        let mut record = Self {
            timeline,
            figures: Vec::new(),
            fills: Vec::new(),
            inits: Vec::new(),
            decisions: decisions(timeline, &places),
            reads: reads(timeline, &places),
            places,
        };
        let names = [name::PNL_FIGURE, name::TRADE_FILL, name::ALGORITHM_INIT];
        for Recorded { event, span, .. } in typed_events::named(timeline, &names) {
            // What does not fit its type leads nowhere; whoever names it is told that it is not recorded.
            match event.name.as_str() {
                name::PNL_FIGURE => record.figures.extend(event.parse::<PnlFigure>()),
                name::TRADE_FILL => record.fills.extend(event.parse::<TradeFill>()),
                _ => {
                    let init = event.parse().map(|init| (event.time, span, init));
                    record.inits.extend(init);
                }
            }
        }
        record
    }

    fn model(&self, decision: &Decision) -> Option<Model> {
        let before = || {
            self.inits
                .iter()
                .rev()
                .filter(|(time, _, _)| *time <= decision.recorded)
        };
        let unit = self.places.unit(decision.span);
        let own = before().find(|(_, span, _)| self.places.unit(*span) == unit);
        let shared = || before().find(|(_, span, _)| self.places.sleeve(*span).is_none());
        let (_, span, init) = own.or_else(shared)?;
        Some(Model {
            place: place::path(self.timeline, *span),
            init: init.clone(),
        })
    }

    fn not_found(&self, view: &RunView, id: &str) -> RunError {
        let figures = self.figures.iter().map(|figure| figure.pnl_id.as_str());
        let fills = self.fills.iter().map(|fill| fill.fill_id.as_str());
        let decisions = self.decisions.iter().map(|decision| decision.id.as_str());
        let known: Vec<&str> = figures.chain(fills).chain(decisions).take(3).collect();
        let hint = if known.is_empty() {
            "it has recorded none of them".to_owned()
        } else {
            format!("it has for instance {}", known.join(", "))
        };
        RunError::new(
            RunErrorKind::NotFound,
            format!("run {} has no fill, figure or decision {id}: {hint}", view.id()),
        )
    }
}
