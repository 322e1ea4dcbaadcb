//! `trade.fill` and `pnl.figure`: what came of a decision, and the way back to it.

use crate::event::typed::event;
use crate::event::value::{Float, Integer};
use crate::event::words::words;

event! {
    /// An order was filled, wholly or in part.
    TradeFill = TRADE_FILL {
        /// Its name, unique in the run.
        fill_id: String,
        /// The decision that it follows from.
        decision_id: String,
        /// The traded instrument.
        symbol: String,
        /// Bought or sold.
        side: Side,
        /// How much.
        quantity: Float,
        /// At which price.
        price: Float,
        /// When, Unix nanoseconds.
        timestamp_ns: Integer,
    } optional {
        /// What the price and the fee are counted in.
        currency: String,
        /// What it cost.
        fee: Float,
    }
}

event! {
    /// A profit, or a loss if negative.
    PnlFigure = PNL_FIGURE {
        /// Its name, unique in the run.
        pnl_id: String,
        /// How much.
        amount: Float,
        /// Of what.
        currency: String,
    } optional {
        /// The decision that it follows from.
        decision_id: String,
        /// The fills that it follows from; each leads back to its decision.
        fill_ids: Vec<String>,
        /// When it was struck, Unix nanoseconds.
        timestamp_ns: Integer,
    }
}

words! {
    /// Bought or sold.
    Side {
        /// Bought.
        Buy = "buy",
        /// Sold.
        Sell = "sell",
    }
}
