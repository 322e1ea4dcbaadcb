//! A metric and its series: one instrument for each set of label values.
//!
//! Invariant: totals are right whatever the values are. A series that would be one too many is not made: what is recorded
//! for it goes to one series of its own, [`OVERFLOW`].

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use foldhash::fast::RandomState;
use telensic_redact::Redactor;

use super::definition::Definition;
use super::instrument::{Instrument, Reading, Shape};
use super::misuse::refused;
use super::site::Site;
use super::table::{Hashed, Table};
use crate::recorder::Recorder;
use crate::say::say_once;

/// The value of every label of the series that holds what the limit leaves no series for.
pub const OVERFLOW: &str = "__overflow__";

/// Characters of a label value.
const LONGEST: usize = 256;

/// A metric. Clones are the same one.
#[derive(Clone)]
pub struct Family<I: Instrument>(Arc<Inner<I>>);

struct Inner<I> {
    definition: Definition,
    shape: Shape,
    hasher: RandomState,
    series: Table<Series<I>>,
    /// The same in the order in which they were made; also held while one is added.
    order: Mutex<Vec<Arc<Series<I>>>>,
    overflow: OnceLock<Arc<Series<I>>>,
}

/// One series.
struct Series<I> {
    hash: u64,
    id: SeriesId,
    values: Arc<[Box<str>]>,
    instrument: I,
}

/// Tells a series from every other one of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SeriesId(u64);

/// What a series stood at.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub(super) series: SeriesId,
    pub(super) values: Arc<[Box<str>]>,
    pub(super) is_overflow: bool,
    pub(super) reading: Reading,
}

/// A family of whatever kind of instrument.
pub(super) trait AnyFamily: Send + Sync {
    fn definition(&self) -> &Definition;
    /// What every series stands at.
    fn read(&self) -> Vec<Point>;
    fn reset(&self);
    fn as_any(&self) -> &dyn Any;
}

impl<I> Hashed for Series<I> {
    #[inline]
    fn hash(&self) -> u64 {
        self.hash
    }
}

impl<I: Instrument> Family<I> {
    pub(super) fn new(definition: Definition) -> Self {
        Self(Arc::new(Inner {
            shape: Shape {
                bounds: Arc::from(definition.bounds.as_slice()),
                is_exponential: definition.is_exponential,
            },
            definition,
            hasher: RandomState::default(),
            series: Table::new(),
            order: Mutex::default(),
            overflow: OnceLock::new(),
        }))
    }

    pub(super) fn as_any_family(&self) -> Arc<dyn AnyFamily> {
        Arc::new(self.clone())
    }

    /// The instrument for these label values, in the order of the labels. Kept and cloned, it is bound: recording then is
    /// an addition.
    ///
    /// A value that looks like a secret is masked; one that is missing is empty.
    #[inline]
    pub fn with(&self, values: &[&str]) -> &I {
        let hash = self.hash(values);
        match self.0.series.find(hash, |series| series.has(values)) {
            Some((_, series)) => &series.instrument,
            None => self.first(values),
        }
    }

    /// As [`Self::with`], with a memory of where they were found last.
    #[doc(hidden)]
    #[inline]
    pub fn at(&self, site: &Site, values: &[&str]) -> &I {
        match self.0.series.at(site.last()) {
            Some(series) if series.has(values) => &series.instrument,
            _ => self.with_memory(site, values),
        }
    }

    #[inline(never)]
    fn with_memory(&self, site: &Site, values: &[&str]) -> &I {
        match self.0.series.find(self.hash(values), |series| series.has(values)) {
            Some((address, series)) => {
                site.remember(address);
                &series.instrument
            }
            None => self.first(values),
        }
    }

    /// The instrument of a metric without labels.
    #[inline]
    pub fn alone(&self) -> &I {
        self.with(&[])
    }

    /// The name by which it is shown.
    pub fn name(&self) -> &str {
        &self.0.definition.name
    }

    /// How many series it has, that for the overflow not counted.
    pub fn series_count(&self) -> usize {
        self.0.lock().len()
    }

    #[inline]
    fn hash(&self, values: &[&str]) -> u64 {
        let mut hasher = self.0.hasher.build_hasher();
        for value in values {
            hasher.write(value.as_bytes());
            // Two values are not the same as one that is both.
            hasher.write_usize(value.len());
        }
        hasher.finish()
    }

    /// The instrument for values that are not found as they are.
    #[cold]
    #[inline(never)]
    fn first(&self, values: &[&str]) -> &I {
        let definition = &self.0.definition;
        let labels = &definition.labels;
        if values.len() != labels.len() {
            refused(
                "label_count",
                &format!(
                    "metric {} was given {} label values: it has {} labels, what is missing is empty, what is too many \
                     is left out",
                    definition.name,
                    values.len(),
                    labels.len()
                ),
            );
            let given = values.iter().copied().chain(std::iter::repeat(""));
            let fitting: Vec<&str> = given.take(labels.len()).collect();
            return self.with(&fitting);
        }
        let redactor = redactor();
        let safe: Vec<Cow<'_, str>> = labels
            .iter()
            .zip(values)
            .map(|(label, value)| safe(redactor, label, value))
            .collect();
        let safe: Vec<&str> = safe.iter().map(|value| &**value).collect();
        let hash = self.hash(&safe);
        let mut order = self.0.lock();
        // Another thread may have been here first; a masked value may be there already.
        if let Some((_, series)) = self.0.series.find(hash, |series| series.has(&safe)) {
            return &series.instrument;
        }
        if order.len() < definition.limit {
            let series = Arc::new(self.0.series_of(hash, &safe));
            if let Some(added) = self.0.series.insert(&series) {
                order.push(series);
                return &added.instrument;
            }
        }
        drop(order);
        let overflow = self.0.overflow.get_or_init(|| {
            say_once(&format!(
                "metric {} has more than {} series: what is recorded for further label values goes to one series \
                 {OVERFLOW}; give its labels fewer values, or it a higher limit",
                definition.name, definition.limit
            ));
            Arc::new(self.0.series_of(0, &vec![OVERFLOW; labels.len()]))
        });
        &overflow.instrument
    }
}

impl<I: Instrument> Inner<I> {
    fn lock(&self) -> MutexGuard<'_, Vec<Arc<Series<I>>>> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn series_of(&self, hash: u64, values: &[&str]) -> Series<I> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Series {
            hash,
            id: SeriesId(NEXT.fetch_add(1, Ordering::Relaxed)),
            values: values.iter().map(|value| Box::from(*value)).collect(),
            instrument: I::new(&self.shape),
        }
    }
}

impl<I> Series<I> {
    #[inline]
    fn has(&self, values: &[&str]) -> bool {
        self.values.len() == values.len()
            && self
                .values
                .iter()
                .zip(values)
                .all(|(mine, value)| **mine == **value)
    }
}

impl<I: Instrument> AnyFamily for Family<I> {
    fn definition(&self) -> &Definition {
        &self.0.definition
    }

    fn read(&self) -> Vec<Point> {
        let series = self.0.lock().clone();
        let point = |series: &Arc<Series<I>>, is_overflow| Point {
            series: series.id,
            values: Arc::clone(&series.values),
            is_overflow,
            reading: series.instrument.read(),
        };
        let overflow = self.0.overflow.get().map(|series| point(series, true));
        series
            .iter()
            .map(|series| point(series, false))
            .chain(overflow)
            .collect()
    }

    fn reset(&self) {
        // In the child of a fork a thread that is not there may hold it for ever: then its counts stay.
        let Ok(order) = self.0.order.try_lock() else {
            return;
        };
        let all = order.iter().chain(self.0.overflow.get());
        all.for_each(|series| series.instrument.reset());
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl<I: Instrument> fmt::Debug for Family<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Family")
            .field("definition", &self.0.definition)
            .field("series", &self.series_count())
            .finish()
    }
}

/// A value as it may be seen.
fn safe<'v>(redactor: &Redactor, label: &str, value: &'v str) -> Cow<'v, str> {
    let class = redactor.key_class(label);
    match redactor.text(class, value) {
        Cow::Borrowed(text) => Cow::Borrowed(cut(text)),
        Cow::Owned(text) => Cow::Owned(cut(&text).to_owned()),
    }
}

fn cut(text: &str) -> &str {
    text.char_indices()
        .nth(LONGEST)
        .map_or(text, |(end, _)| &text[..end])
}

/// The recorder's redactor, or one with the built-in rules as long as nothing records.
pub(crate) fn redactor() -> &'static Redactor {
    static BUILT_IN: LazyLock<Redactor> = LazyLock::new(Redactor::default);
    Recorder::current().map_or_else(|| &*BUILT_IN, |recorder| recorder.redactor)
}
