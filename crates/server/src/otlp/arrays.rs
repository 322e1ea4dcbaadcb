//! Values that are not texts and yet may not be written: anything under a secret key, and long arrays of data.

use telensic_redact::{KEEP_ARRAY_ELEMENTS, KeyClass, Redactor, fingerprint};
use telensic_tape::otlp::{AnyView, Repeated};

/// The text that stands for a sound `AnyValue` as a whole, if it may not stay.
///
/// The texts and bytes of a value are masked by themselves, so they need none.
pub(super) fn stand_in(redactor: &Redactor, class: KeyClass, any: &[u8]) -> Option<String> {
    // A oneof that is set again and again: the last one counts, all of them are looked at.
    match (AnyView::parse(any).ok()?, class) {
        (AnyView::Str(_) | AnyView::Bytes(_) | AnyView::Empty, _) => None,
        (_, KeyClass::Secret) => Some(redactor.mask_of(any)),
        (AnyView::Array(items), _) => of_array(items),
        _ => None,
    }
}

/// The fingerprint of an array that is too long to stay and of one type; like the recorder's own, a list of mixed
/// values stays.
fn of_array(items: Repeated<'_>) -> Option<String> {
    if items.clone().count() <= KEEP_ARRAY_ELEMENTS {
        return None;
    }
    of_floats(&items)
        .or_else(|| of_ints(&items))
        .or_else(|| of_truths(&items))
        .or_else(|| of_texts(&items))
}

/// Defines the fingerprint of an array of which every item is of one kind.
macro_rules! of_all {
    ($($name:ident: $kind:path;)*) => {$(
        fn $name(items: &Repeated<'_>) -> Option<String> {
            let values = items.clone().map(|item| match AnyView::parse(item.ok()?) {
                Ok($kind(value)) => Some(value),
                _ => None,
            });
            values.collect::<Option<Vec<_>>>().map(|values| fingerprint(&values))
        }
    )*};
}

of_all! {
    of_floats: AnyView::F64;
    of_ints: AnyView::I64;
    of_truths: AnyView::Bool;
    of_texts: AnyView::Str;
}
