//! Events of every type with drawn content: a pool of values of each kind, dealt out in turn.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use telensic_run::event::*;

/// What a typed event is put through.
pub(crate) trait Visit {
    fn event<E: Event + Clone + PartialEq + std::fmt::Debug>(&mut self, event: E);
}

/// The pool.
#[derive(Clone, Debug)]
pub(crate) struct Draw {
    at: usize,
    texts: Vec<String>,
    floats: Vec<f64>,
    ints: Vec<i64>,
    naturals: Vec<u64>,
    bits: Vec<bool>,
    fields: Vec<Fields>,
    maps: Vec<Texts>,
}

/// Any pool.
pub(crate) fn draws() -> impl Strategy<Value = Draw> {
    let text = || vec(any::<char>(), 0..12).prop_map(String::from_iter);
    let leaf = prop_oneof![
        any::<bool>().prop_map(Datum::from),
        any::<i64>().prop_map(Datum::from),
        any::<u64>().prop_map(Datum::from),
        proptest::num::f64::ANY.prop_map(Datum::from),
        text().prop_map(Datum::from),
    ];
    let datum = leaf.prop_recursive(4, 24, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Datum::List),
            btree_map(text(), inner, 0..5).prop_map(Datum::Map),
        ]
    });
    let fields = btree_map(text(), datum, 0..5).prop_map(Fields);
    let maps = btree_map(text(), text(), 0..4).prop_map(Texts);
    (
        vec(text(), 11),
        vec(proptest::num::f64::ANY, 13),
        vec(any::<i64>(), 7),
        vec(any::<u64>(), 5),
        vec(any::<bool>(), 17),
        vec(fields, 3),
        vec(maps, 3),
    )
        .prop_map(|(texts, floats, ints, naturals, bits, fields, maps)| Draw {
            at: 0,
            texts,
            floats,
            ints,
            naturals,
            bits,
            fields,
            maps,
        })
}

/// A kind of value that is dealt out.
trait Dealt: Sized {
    fn of(draw: &mut Draw) -> Self;
}

macro_rules! dealt {
    ($($type:ty => |$draw:ident| $value:expr;)*) => {$(
        impl Dealt for $type {
            fn of($draw: &mut Draw) -> Self {
                $draw.at += 1;
                $value
            }
        }
    )*};
}

dealt! {
    String => |draw| draw.texts[draw.at % 11].clone();
    Float => |draw| Float(draw.floats[draw.at % 13]);
    Integer => |draw| Integer(draw.ints[draw.at % 7]);
    Moment => |draw| Moment(draw.ints[draw.at % 7]);
    Unsigned => |draw| Unsigned(draw.naturals[draw.at % 5]);
    bool => |draw| draw.bits[draw.at % 17];
    Fields => |draw| draw.fields[draw.at % 3].clone();
    Texts => |draw| draw.maps[draw.at % 3].clone();
    HypothesisId => |draw| draw.texts[draw.at % 11].clone().into();
    TestDecision => |draw| if bool::of(draw) { TestDecision::Reject } else { TestDecision::FailToReject };
    PositionType => |draw| if bool::of(draw) { PositionType::Bull } else { PositionType::Bear };
    Side => |draw| if bool::of(draw) { Side::Buy } else { Side::Sell };
    Vec<String> => |draw| draw.texts[..draw.at % 11].to_vec();
    FeaturesAtDecision => |draw| {
        let others = Fields::of(draw).0;
        let open = others.into_iter().fold(FeaturesAtDecision::new(), |open, (name, value)| open.with(name, value));
        with!(draw, open; bull_ith_epochs, bear_ith_epochs, bull_cv, bear_cv, max_drawdown, max_runup, tmaeg,
            nav_at_decision)
    };
    Thresholds => |draw| {
        let others = Fields::of(draw).0;
        let open = others.into_iter().fold(Thresholds::new(), |open, (name, value)| open.with(name, value));
        with!(draw, open; tmaeg_method, tmaeg_value, lookback, threshold_dbps)
    };
}

/// Sets some of these fields.
macro_rules! with {
    ($draw:ident, $event:expr; $($field:ident),*) => {{
        let mut event = $event;
        $(
            if bool::of($draw) {
                // Named by the field, so that the kind of value is that of the field.
                event.$field = Some(Dealt::of($draw));
            }
        )*
        event
    }};
}
use with;

impl Draw {
    fn any<T: Dealt>(&mut self) -> T {
        T::of(self)
    }

    /// Shows an event of every type.
    pub(crate) fn every_event(&mut self, to: &mut impl Visit) {
        let d = self;
        let text = |d: &mut Draw| d.any::<String>();
        let event = DataLoad::new(text(d));
        to.event(with!(d, event; sha256_hash, row_count, schema, event_time, knowledge_time, as_of));
        let event = AlgorithmInit::new(text(d), text(d));
        to.event(with!(d, event; random_seed, config, config_hash));
        let event = AlgorithmResult::new(d.any::<Fields>());
        to.event(with!(d, event; output_hash));
        let event = DecisionSnapshot::new(text(d), d.any::<Integer>(), d.any::<FeaturesAtDecision>());
        to.event(with!(d, event; trace_id, thresholds, event_time, knowledge_time, as_of));
        let event = EpochDetected::new(
            d.any::<Unsigned>(),
            d.any::<Unsigned>(),
            d.any::<Float>(),
            d.any::<Float>(),
        );
        to.event(
            with!(d, event; timestamp, endorsing_crest, candidate_nadir, tmaeg_threshold, position_type),
        );
        let event = HypothesisResult::new(
            d.any::<HypothesisId>(),
            text(d),
            d.any::<Float>(),
            d.any::<TestDecision>(),
        );
        to.event(with!(d, event; p_value, effect_size, pre_registered, context));
        macro_rules! statistics {
            ($($name:ident),*) => {$(
                let event = $name::new(text(d), d.any::<Float>(), d.any::<Unsigned>());
                to.event(with!(d, event; p_value, decision, parameters));
            )*};
        }
        statistics!(
            ShapiroWilkResult,
            BetaFitResult,
            AdTestResult,
            MannWhitneyResult,
            CohensDResult,
            CliffsDeltaResult,
            PcaResult,
            VifResult,
            ParticipationRatio,
            AdfResult,
            AcfResult
        );
        let event = AuditIntent::new(text(d));
        to.event(with!(d, event; params, input_hashes));
        let event = AuditOutcome::new(text(d));
        to.event(with!(d, event; step, output_hashes, metrics));
        let event = TradeFill::new(
            text(d),
            text(d),
            text(d),
            d.any::<Side>(),
            d.any::<Float>(),
            d.any::<Float>(),
            d.any::<Integer>(),
        );
        to.event(with!(d, event; currency, fee));
        let event = PnlFigure::new(text(d), d.any::<Float>(), text(d));
        to.event(with!(d, event; decision_id, fill_ids, timestamp_ns));
        let event = EventInvalid::new(text(d), text(d), d.any::<Fields>());
        to.event(with!(d, event; path));
    }
}
