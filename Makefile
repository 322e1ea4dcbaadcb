# Everything installs what it needs by itself: crates, and for the Python check a virtual environment under target/.

CARGO ?= cargo
BENCH_ROUNDS ?= 9

.PHONY: demo test lint bench doc fuzz loom

## The main job: record a pipeline, change its input and say what differs, kill it and recover what it left.
demo:
	$(CARGO) run --release --quiet -p telensic-cli --bin telensic -- demo --data target/demo

## Every test.
test:
	$(CARGO) test --workspace --all-features
	$(CARGO) test --manifest-path tests/off/Cargo.toml
	$(MAKE) loom

## What CI holds against the code.
lint:
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --all-features -- -D warnings
	$(CARGO) clippy -p telensic -- -D warnings
	$(CARGO) clippy -p telensic --no-default-features --features record -- -D warnings
	$(CARGO) clippy -p telensic --no-default-features -- -D warnings
	$(CARGO) clippy --manifest-path tests/off/Cargo.toml --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --quiet

## The races against the peers, and what whole runs cost; the tables go to docs/benchmarks.md and docs/benchmarks-runs.md.
bench:
	$(CARGO) run --release -p telensic-benches --bin race -- --rounds $(BENCH_ROUNDS) --markdown docs/benchmarks.md
	$(CARGO) run --release -p telensic-benches --bin runs -- --rounds $(BENCH_ROUNDS) --markdown docs/benchmarks-runs.md

## The documentation of all crates, under target/doc.
doc:
	$(CARGO) doc --workspace --no-deps

## Every interleaving of the append protocol, by loom.
loom:
	RUSTFLAGS="--cfg loom" $(CARGO) test --release -p telensic-tape --lib --target-dir target/loom loom

## The fuzz targets, a minute each; needs cargo-fuzz and a nightly toolchain.
fuzz:
	for target in $$(cd fuzz && $(CARGO) +nightly fuzz list); do \
		(cd fuzz && $(CARGO) +nightly fuzz run $$target -- -max_total_time=60) || exit 1; \
	done
