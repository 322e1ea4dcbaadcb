//! Which hypotheses were named before anybody knew their outcome: by an `audit.intent` event.

use hashbrown::HashMap;
use serde_json::Value;
use telensic_run::RunId;
use telensic_run::event::EventRecord;
use telensic_tape::UnixNanos;

/// Everything that intents name, with the earliest time.
#[derive(Debug, Default)]
pub(super) struct Registrations(HashMap<String, (UnixNanos, RunId)>);

impl Registrations {
    /// Takes in what an `audit.intent` names: its step, and every text in its parameters.
    pub(super) fn take(&mut self, run: RunId, intent: &EventRecord) {
        let mut waiting: Vec<&Value> = ["step", "params"]
            .iter()
            .filter_map(|field| intent.fields.get(field))
            .collect();
        while let Some(value) = waiting.pop() {
            match value {
                Value::String(text) => self.note(text, intent.time, run),
                Value::Array(items) => waiting.extend(items),
                Value::Object(members) => {
                    // `{"hyp_...": "bull intervals are regular"}` names it as well.
                    members.keys().for_each(|key| self.note(key, intent.time, run));
                    waiting.extend(members.values());
                }
                _ => {}
            }
        }
    }

    fn note(&mut self, text: &str, time: UnixNanos, run: RunId) {
        let known = self.0.entry_ref(text).or_insert((time, run));
        if time < known.0 {
            *known = (time, run);
        }
    }

    /// When this hypothesis was first named.
    pub(super) fn find(&self, hypothesis: &str) -> Option<(UnixNanos, RunId)> {
        self.0.get(hypothesis).copied()
    }
}
