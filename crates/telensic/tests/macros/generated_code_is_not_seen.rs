//! Generated code takes no name from the user, and gives no warning that the user's own code would not.

#![deny(warnings, missing_docs, unused_qualifications, clippy::all, clippy::pedantic)]

/// Names that generated code could have thought of, with other meanings.
mod shadows {
    use telensic::trace_span;

    const SITE: &str = "the user's";

    struct Span;

    #[derive(Clone, Copy)]
    enum Option {
        Some(u32),
        None,
    }

    mod core {}

    #[expect(unused_macros, reason = "it only hides that of the standard library")]
    macro_rules! format_args {
        ($($anything:tt)*) => {
            compile_error!("that of the standard library is meant")
        };
    }

    trait Value {
        fn record(&self) -> u32 {
            1
        }
        fn error(&self) -> u32 {
            2
        }
    }

    impl Value for u32 {}

    #[trace_span("{span}{recording}", args, ret)]
    fn variables(span: u32, recording: u32, entered: u32, output: u32, value: u32) -> u32 {
        span + recording + entered + output + value + value.record() + value.error()
    }

    #[trace_span(fields(site = SITE, record = error.record()))]
    async fn types(option: Option, error: u32) -> Result<Span, u32> {
        let current = std::future::ready(option).await;
        match current {
            Option::Some(1) | Option::None => Ok(Span),
            Option::Some(other) => Err(other + error.error()),
        }
    }

    #[test]
    fn names_mean_what_they_meant() {
        assert_eq!(variables(1, 2, 3, 4, 5), 18);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert!(runtime.block_on(types(Option::None, 0)).is_ok());
        assert_eq!(runtime.block_on(types(Option::Some(5), 0)).err(), Some(7));
    }
}

/// Bodies over which a lint could stumble once they are moved.
mod strict {
    use std::collections::HashMap;
    use std::num::ParseIntError;

    use telensic::trace_span;

    #[trace_span]
    fn unit() {}

    #[trace_span]
    fn diverges(reason: &str) -> ! {
        panic!("{reason}");
    }

    #[trace_span]
    async fn async_unit(mut counts: HashMap<String, u32>) {
        counts.insert(String::new(), 1);
        std::future::ready(()).await;
    }

    #[trace_span("{text}", args)]
    fn early(text: &str) -> Result<u32, ParseIntError> {
        if text.is_empty() {
            return Ok(0);
        }
        let parsed = text.parse()?;
        Ok(parsed)
    }

    #[trace_span(ret)]
    fn moves(mut sum: u64, by: Vec<u64>) -> u64 {
        for each in by {
            sum += each;
        }
        sum
    }

    struct Book {
        symbol: String,
    }

    impl Book {
        #[trace_span("{self.symbol}", fields(length = self.symbol.len(), %self.symbol))]
        fn symbol_mut(&mut self) -> Result<&mut String, ParseIntError> {
            Ok(&mut self.symbol)
        }

        #[trace_span]
        async fn renamed(mut self, symbol: &str) -> Result<Self, ParseIntError> {
            std::future::ready(()).await;
            symbol.clone_into(&mut self.symbol);
            Ok(self)
        }
    }

    #[test]
    fn they_do_what_they_did() {
        unit();
        assert!(std::panic::catch_unwind(|| diverges("as it must")).is_err());
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async_unit(HashMap::new()));
        assert_eq!((early(""), early("7")), (Ok(0), Ok(7)));
        assert_eq!(moves(1, vec![2, 3]), 6);
        let mut book = Book {
            symbol: "BTC".to_owned(),
        };
        book.symbol_mut().unwrap().push_str("USDT");
        assert_eq!(book.symbol, "BTCUSDT");
        assert_eq!(
            runtime.block_on(book.renamed("ETHUSDT")).unwrap().symbol,
            "ETHUSDT"
        );
    }
}
