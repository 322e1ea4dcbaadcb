//! A figure that one can ask the lineage of.

use telensic_forensics::Timeline;
use telensic_run::event::EventRecord;
use telensic_run::names::event;

/// The first P&L figure of a run that is not about this series; none if it earned nothing.
pub(crate) fn of(timeline: &Timeline, but: &str) -> Option<String> {
    let name = timeline.names().find(event::PNL_FIGURE)?;
    let mut figures = timeline.log_indices().filter_map(|at| {
        timeline.log(at).event.filter(|found| *found == name)?;
        let figure = EventRecord::of(&timeline.log_view(at)?).ok().flatten()?;
        figure.fields.get("pnl_id")?.as_str().map(str::to_owned)
    });
    figures.find(|id| !id.ends_with(but))
}
