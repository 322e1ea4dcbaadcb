use proptest::prelude::*;
use telensic_tape::{SpanId, TraceId};

use super::*;
use crate::context::{Propagators, TraceFlags};

fn trace(number: u128) -> TraceId {
    TraceId::from_bytes(number.to_be_bytes()).expect("not zero")
}

fn parent(remote: bool, flags: TraceFlags) -> SpanContext {
    let span_id = SpanId::from_bytes([1; 8]).expect("not zero");
    if remote {
        SpanContext::remote(trace(1), span_id, flags)
    } else {
        SpanContext::new(trace(1), span_id, flags)
    }
}

#[test]
fn the_environment_names_the_sampler_and_bad_values_warn() {
    let root = |root| Sampler::ParentBased { root };
    for (name, arg, expected, warned) in [
        (None, None, root(RootSampler::AlwaysOn), None),
        (Some(""), Some("0.5"), root(RootSampler::AlwaysOn), None),
        (Some("always_on"), Some("nonsense"), Sampler::AlwaysOn, None),
        (Some(" ALWAYS_OFF "), None, Sampler::AlwaysOff, None),
        (
            Some("traceidratio"),
            Some("0.5"),
            Sampler::trace_id_ratio(0.5),
            None,
        ),
        (Some("traceidratio"), None, Sampler::trace_id_ratio(1.0), None),
        (
            Some("traceidratio"),
            Some(" "),
            Sampler::trace_id_ratio(1.0),
            None,
        ),
        (
            Some("traceidratio"),
            Some("half"),
            Sampler::trace_id_ratio(1.0),
            Some("OTEL_TRACES_SAMPLER_ARG: \"half\""),
        ),
        (
            Some("traceidratio"),
            Some("1.5"),
            Sampler::trace_id_ratio(1.0),
            Some("OTEL_TRACES_SAMPLER_ARG: \"1.5\""),
        ),
        (
            Some("traceidratio"),
            Some("NaN"),
            Sampler::trace_id_ratio(1.0),
            Some("OTEL_TRACES_SAMPLER_ARG: \"NaN\""),
        ),
        (
            Some("parentbased_always_on"),
            None,
            root(RootSampler::AlwaysOn),
            None,
        ),
        (
            Some("parentbased_always_off"),
            None,
            root(RootSampler::AlwaysOff),
            None,
        ),
        (
            Some("parentbased_traceidratio"),
            Some("0"),
            Sampler::parent_based_trace_id_ratio(0.0),
            None,
        ),
        (
            Some("xray"),
            None,
            Sampler::default(),
            Some("OTEL_TRACES_SAMPLER: unknown sampler \"xray\""),
        ),
    ] {
        let (sampler, warnings) = Sampler::from_env_values(name, arg);
        assert_eq!(sampler, expected, "{name:?} {arg:?}");
        assert_eq!(warnings.len(), usize::from(warned.is_some()), "{name:?} {arg:?}");
        assert!(
            warnings
                .iter()
                .all(|text| text.starts_with(warned.unwrap_or_default())),
            "{warnings:?}"
        );
    }
}

#[test]
fn a_child_of_a_local_span_follows_it_whatever_the_sampler() {
    let half = Sampler::trace_id_ratio(0.5);
    for sampler in [Sampler::AlwaysOn, Sampler::AlwaysOff, half, Sampler::default()] {
        assert!(sampler.sample(Some(&parent(false, TraceFlags::SAMPLED)), trace(u128::MAX)));
        assert!(!sampler.sample(Some(&parent(false, TraceFlags::NONE)), trace(1)));
    }
}

#[test]
fn only_parent_based_samplers_follow_a_remote_parent() {
    let [sampled, not] = [TraceFlags::SAMPLED, TraceFlags::NONE].map(|flags| parent(true, flags));
    for (sampler, expected) in [
        (Sampler::AlwaysOn, [true, true]),
        (Sampler::AlwaysOff, [false, false]),
        (Sampler::trace_id_ratio(1.0), [true, true]),
        (Sampler::trace_id_ratio(0.0), [false, false]),
        (Sampler::default(), [true, false]),
        (
            Sampler::ParentBased {
                root: RootSampler::AlwaysOff,
            },
            [true, false],
        ),
        (Sampler::parent_based_trace_id_ratio(0.0), [true, false]),
    ] {
        assert_eq!(
            [&sampled, &not].map(|parent| sampler.sample(Some(parent), trace(1))),
            expected,
            "{sampler:?}"
        );
    }
}

#[test]
fn a_decision_deferred_by_b3_is_the_root_samplers_and_one_without_ids_is_kept() {
    let propagators = Propagators::from_env_value(Some("b3")).0;
    let ids = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1";
    let (off, on) = (
        Sampler::ParentBased {
            root: RootSampler::AlwaysOff,
        },
        Sampler::default(),
    );
    for (header, expected) in [
        (ids, [false, true]),
        ("0", [false, false]),
        ("1", [true, true]),
        ("", [false, true]),
    ] {
        let context = propagators.extract(&[("b3", header)]);
        assert_eq!(
            [off, on].map(|sampler| sampler.sample_in(&context, trace(1))),
            expected,
            "{header:?}"
        );
    }
    assert!(Sampler::AlwaysOn.sample_in(&propagators.extract(&[("b3", "0")]), trace(1)));
}

#[test]
fn the_ratio_looks_at_the_last_eight_bytes_as_the_other_sdks_do() {
    let half = TraceIdRatio::new(0.5);
    for (low, inside) in [
        (0x7fff_ffff_ffff_ffff, true),
        (0x8000_0000_0000_0000, false),
        (1, true),
        (u64::MAX, false),
    ] {
        assert_eq!(half.contains(trace(u128::from(low))), inside, "{low:x}");
        assert_eq!(
            half.contains(trace(u128::from(low) | u128::from(u64::MAX) << 64)),
            inside,
            "{low:x}"
        );
    }
    for (ratio, inside) in [
        (1.0, true),
        (7.0, true),
        (f64::INFINITY, true),
        (0.0, false),
        (-1.0, false),
        (f64::NAN, false),
    ] {
        assert_eq!(
            TraceIdRatio::new(ratio).contains(trace(u128::MAX)),
            inside,
            "{ratio}"
        );
        assert_eq!(
            TraceIdRatio::new(ratio).contains(trace(1 << 64)),
            inside,
            "{ratio}"
        );
    }
}

proptest! {
    #[test]
    fn a_greater_ratio_holds_all_of_a_smaller_one(id in 1..=u128::MAX, a in 0.0..=1.0, b in 0.0..=1.0) {
        let (smaller, greater) = (f64::min(a, b), f64::max(a, b));
        prop_assert!(!TraceIdRatio::new(smaller).contains(trace(id)) || TraceIdRatio::new(greater).contains(trace(id)));
    }

    /// `(trace_id & (2^64 - 1)) < round(ratio * 2^64)` is what the Python SDK computes; Rust and Go as we do.
    #[test]
    fn the_share_of_new_traces_is_what_the_sampler_says_of_an_empty_context(
        id in 1..=u128::MAX,
        ratio in 0.0..=1.0,
    ) {
        let root = [
            RootSampler::AlwaysOn,
            RootSampler::AlwaysOff,
            RootSampler::TraceIdRatio(TraceIdRatio::new(ratio)),
        ];
        let whole = [Sampler::AlwaysOn, Sampler::AlwaysOff, Sampler::trace_id_ratio(ratio)];
        for sampler in whole.into_iter().chain(root.map(|root| Sampler::ParentBased { root })) {
            let sampled = sampler.sample_in(&Context::new(), trace(id));
            prop_assert_eq!(sampler.share_of_new().contains(trace(id)), sampled, "{:?}", sampler);
        }
    }

    #[test]
    fn the_python_sdk_decides_alike(id in 1..=u128::MAX, ratio in 0.001..1.0f64) {
        let python = u128::from(id as u64) < (ratio * 2f64.powi(64)).round() as u128;
        prop_assert_eq!(TraceIdRatio::new(ratio).contains(trace(id)), python);
    }
}
