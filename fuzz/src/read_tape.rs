//! Everything that can be read of a tape.

use std::path::Path;

use telensic_tape::Tape;
use telensic_tape::otlp::{AnyView, Attributes};

pub fn read_everything(path: &Path) {
    let tape = match Tape::open(path) {
        Ok(tape) => tape,
        Err(error) => {
            let _ = error.to_string();
            return;
        }
    };
    for damage in tape.check() {
        assert!(!damage.to_string().is_empty());
    }
    let _ = tape.open_spans();
    let head = tape.head();
    let _ = (head.host(), head.resource_text("service.name"), head.anchor(), head.budget());
    for chunk in tape.chunks() {
        let Ok(body) = tape.body(chunk) else { continue };
        assert_eq!(body.bytes().len() as u64, chunk.body_len());
        let _ = body.scope();
        for span in body.spans().flatten() {
            walk(span.attributes());
            span.events().flatten().for_each(|event| walk(event.attributes()));
            span.links().flatten().for_each(|link| walk(link.attributes()));
        }
        body.logs().flatten().for_each(|log| walk(log.attributes()));
    }
}

fn walk(attributes: Attributes<'_>) {
    for attribute in attributes.flatten() {
        match attribute.value {
            AnyView::Array(values) => values.for_each(drop),
            AnyView::KeyValues(pairs) => pairs.for_each(drop),
            _ => {}
        }
    }
}
