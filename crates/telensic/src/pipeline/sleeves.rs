//! Sleeves: many like units of a stage, run at the same time.
//!
//! Invariant: a sleeve that fails harms no other; the results of those that ended well stand.

use std::sync::{Mutex, PoisonError};
use std::thread;

use super::error::StageError;
use super::named::Named;
use super::task::{Surroundings, Task, caught, fail};
use crate::{Key, Status, attach, current_context, spans};

pub(super) const SLEEVE: Key<'static> = Key::new("sleeve");

/// What came of sleeves.
#[derive(Debug)]
#[must_use = "it says which sleeves failed"]
pub struct Sleeves<T> {
    /// The results of those that ended well.
    pub done: Named<T>,
    /// Why the others failed.
    pub failed: Named<StageError>,
}

impl<T> Sleeves<T> {
    /// All results; an error if one is missing.
    pub fn all(self) -> Result<Named<T>, StageError> {
        match self.failed.iter().next() {
            None => Ok(self.done),
            Some((name, error)) => Err(StageError::new(format!(
                "{} of {} sleeves failed, {name} for one: {error}",
                self.failed.len(),
                self.failed.len() + self.done.len()
            ))),
        }
    }
}

impl Task {
    /// Runs a sleeve for each of these names, so many at once on threads. Two of one name are an error.
    ///
    /// ```
    /// # use telensic::pipeline::{StageError, Task};
    /// # fn stage(task: &mut Task) -> Result<(), StageError> {
    /// let navs = [("bull-0".to_owned(), vec![1.0, 1.1]), ("bear-0".to_owned(), vec![1.0, 0.9])];
    /// let sleeves = task.sleeves(4, navs, |sleeve, nav| {
    ///     sleeve.set("bars", nav.len());
    ///     Ok(nav.len())
    /// })?;
    /// for (name, bars) in sleeves.all()? {
    ///     println!("{name}: {bars}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn sleeves<I: Send, T: Send>(
        &mut self,
        parallelism: usize,
        items: impl IntoIterator<Item = (String, I)>,
        work: impl Fn(&mut Task, I) -> Result<T, StageError> + Sync,
    ) -> Result<Sleeves<T>, StageError> {
        let node = node_ip();
        let profile = self.surroundings.profile.clone();
        self.fan_out(parallelism, items, |name, item, surroundings| {
            let span = spans::run_pipeline(&profile, &node).with(SLEEVE, name).entered();
            let mut task = Task::new(name, 1, span, surroundings.clone());
            let result = work(&mut task, item);
            match &result {
                Ok(_) => task.span.set_status(Status::Ok),
                Err(error) => fail(&mut task.span, error),
            }
            result
        })
    }

    /// Does something for each item, so many at once, within a span `execute_sleeves`.
    pub(super) fn fan_out<I: Send, T: Send>(
        &mut self,
        parallelism: usize,
        items: impl IntoIterator<Item = (String, I)>,
        work: impl Fn(&str, I, &Surroundings) -> Result<T, StageError> + Sync,
    ) -> Result<Sleeves<T>, StageError> {
        let mut named = Named::new();
        for (name, item) in items {
            named.insert(name, item)?;
        }
        let count = named.len();
        let at_once = parallelism.clamp(1, count.max(1));
        let mut span = spans::execute_sleeves(count, at_once).entered();
        self.surroundings.board.sleeves_begin(count);
        let (surroundings, context) = (&self.surroundings, &current_context());
        let left = Mutex::new(named.into_iter());
        let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
        let ended = Mutex::new(Vec::with_capacity(count));
        let take = || {
            let _attached = attach(context.clone());
            while let Some((name, item)) = next() {
                let result = caught(|| work(&name, item, surroundings));
                surroundings.board.sleeve_ended();
                ended
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push((name, result));
            }
        };
        thread::scope(|scope| {
            for _ in 1..at_once {
                // Where no further thread can be had, those that there are do it.
                let _ = thread::Builder::new().spawn_scoped(scope, take);
            }
            take();
        });
        let mut sleeves = Sleeves {
            done: Named::new(),
            failed: Named::new(),
        };
        for (name, result) in ended.into_inner().unwrap_or_else(PoisonError::into_inner) {
            match result {
                Ok(result) => sleeves.done.insert(name, result)?,
                Err(error) => sleeves.failed.insert(name, error)?,
            }
        }
        if !sleeves.failed.is_empty() {
            span.set_status(Status::error(format!(
                "{} of {count} sleeves failed",
                sleeves.failed.len()
            )));
        }
        Ok(sleeves)
    }
}

/// Where the sleeves of this process run: the address that the environment gives this node.
fn node_ip() -> String {
    std::env::var("NODE_IP").unwrap_or_else(|_| "127.0.0.1".to_owned())
}
