//! The native module behind the Python package `telensic`.
//!
//! It is the recorder of crate `telensic` with a face of Python: this crate converts values, knows what is current by
//! Python's context variables, and keeps errors on its side of the boundary. Everything else, and all that is for users, is
//! in the package beside it (`telensic/`), small and typed.
//!
//! | file | what it is |
//! |---|---|
//! | `span`, `start`, `span_function`, `status`, `exception`, `ready` | spans: their object, their start, how they end |
//! | `call` | what a decorated function's arguments say of its span |
//! | `current`, `context_var`, `context` | what is current, and what travels |
//! | `log`, `event` | log records and typed events |
//! | `metric/`, `collector` | metrics, and what happened lately |
//! | `run`, `lifecycle` | a run; the beginning and the end of recording |
//! | `fingerprint/` | what arrays, tables and files held |
//! | `value`, `owned`, `keys`, `call_site` | values and keys on their way to the tape |
//! | `tape` | reading a tape back |
//! | `boundary` | what keeps the program safe from all of this |

mod boundary;
mod call;
mod call_site;
mod collector;
mod context;
mod context_var;
mod current;
mod event;
mod exception;
mod fingerprint;
mod keys;
mod lifecycle;
mod log;
mod metric;
mod owned;
mod ready;
mod run;
mod span;
mod span_function;
mod start;
mod status;
mod tape;
mod value;

/// Made by hand: `telensic/_telensic.pyi` says it in types, which a test holds against this.
#[pyo3::pymodule(gil_used = false)]
mod _telensic {
    #[pymodule_export]
    use crate::call::{Call, span_kind};
    #[pymodule_export]
    use crate::collector::Collector;
    #[pymodule_export]
    use crate::context::{
        PyContext, context_variables, current_context, current_object, enter_context, extract, inject,
        restore, restore_context,
    };
    #[pymodule_export]
    use crate::event::{hypothesis_id, record_event, register_schema};
    #[pymodule_export]
    use crate::exception::described_exception;
    #[pymodule_export]
    use crate::fingerprint::{config_hash, fingerprint_array, fingerprint_file};
    #[pymodule_export]
    use crate::lifecycle::{flush, init, is_recording, service_name, shutdown, tape_path};
    #[pymodule_export]
    use crate::log::{current_ids, emit_record, log, stamp};
    #[pymodule_export]
    use crate::metric::{
        Adapter, Exporter, MetricError, Pusher, PyCounter, PyGauge, PyHistogram, PyUpDownCounter,
        observe_with, operation_ended, push_metrics, render_metrics, serve_metrics, set_metrics_prefix,
        standard_metric,
    };
    #[pymodule_export]
    use crate::run::{PyRun, RunError, start_run};
    #[pymodule_export]
    use crate::span::PySpan;
    #[pymodule_export]
    use crate::start::{Scope, get_current_span, start_span};
    #[pymodule_export]
    use crate::tape::read_tape;

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init_module(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // What is for everybody is named in the package.
        module.delattr("__all__")?;
        module.setattr("span", crate::span_function::of(module)?)
    }
}
