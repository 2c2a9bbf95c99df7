# Two commands need nothing but the Swift toolchain and a Debian system: `make demo`, `make test`.

SHELL := /bin/bash
ASSAY := .build/release/assay
# For trying: unoptimised and in a folder of its own, in a third of the time of a release build.
TRY := swift build -c release --scratch-path .build-try -debug-info-format none -Xswiftc -Onone \
	-Xswiftc -no-emit-module-separately-wmo -Xcc -O0
TRIED := .build-try/release
VENV := .build/venv
export SWIFT_BACKTRACE ?= enable=no

.PHONY: demo serve test test-ledger test-web test-browser test-conformance test-embedding bench-desk \
	bench-verifier soak-verifier models pages bench-spoof bench-detection bench-calibration build deps test-deps test-swift test-python determinism crash bench bench-exact \
	format lint clean

demo: deps
	$(TRY) --product assay
	@bash Tools/demo.sh $(TRIED)/assay

build: deps
	swift build -c release --product assay

# Debian packages, installed only where one is missing.
deps:
	@bash Tools/install-packages.sh libopenblas-dev libsimdjson-dev libisal-dev libzstd-dev zlib1g-dev libsecp256k1-dev \
		libsqlite3-dev

test-deps: deps
	@bash Tools/install-packages.sh libblas3 zstd python3-venv
	@bash Tools/python-environment.sh $(VENV) Tests/requirements.txt

# Kept under half an hour on a fresh machine; test-ledger, test-web, test-browser and test-conformance are apart.
test: test-swift test-embedding test-python

# Only what the tests reach is built: gRPC is not.
test-swift: test-deps
	swift test --parallel --test-product assayPackageTests

test-python: build test-deps
	ASSAY_BIN=$(abspath $(ASSAY)) $(VENV)/bin/python -m pytest -q -n 2 --dist loadfile \
		Tests/Contract Tests/EndToEnd

# The contract on a real EVM, and the whole way from a log to a settled correction.
test-ledger: build test-deps
	@bash Tools/python-environment.sh .build/venv-ledger Contracts/requirements.txt
	ASSAY_BIN=$(abspath $(ASSAY)) .build/venv-ledger/bin/python -m pytest -q -n 2 --dist loadfile \
		Contracts/tests

# The review desk from outside, without a browser: five minutes, so not part of `make test`.
test-web: build test-deps
	@bash Tools/python-environment.sh .build/venv-web Tests/Web/requirements.txt
	swift build --product assayd
	ASSAY_BIN=$(abspath $(ASSAY)) ASSAYD_BIN=$(abspath .build/debug/assayd) \
		.build/venv-web/bin/python -m pytest -q -n 2 --dist loadfile Tests/Web

# The desk in headless Chromium: a whole morning, accessibility, pictures.
test-browser: build test-deps
	@bash Tools/install-packages.sh chromium chromium-driver poppler-utils fonts-dejavu-core
	@PIP_NO_DEPS=1 bash Tools/python-environment.sh .build/venv-browser Tests/Browser/requirements.txt
	swift build --product assayd
	ASSAY_BROWSER_REQUIRED=1 ASSAY_BIN=$(abspath $(ASSAY)) ASSAYD_BIN=$(abspath .build/debug/assayd) \
		.build/venv-browser/bin/python -m pytest -q Tests/Browser

# The verifier from outside, over HTTP and gRPC, hostile callers included.
test-conformance: build test-deps
	@bash Tools/python-environment.sh .build/venv-conformance Tests/Conformance/requirements.txt
	swift build --product assay-verifier
	ASSAY_BIN=$(abspath $(ASSAY)) ASSAY_VERIFIER_BIN=$(abspath .build/debug/assay-verifier) \
		.build/venv-conformance/bin/python -m pytest -q -n 2 --dist loadfile Tests/Conformance

# The verifier inside programs in C (with AddressSanitizer), Python, Go and Rust; Go and Rust where they are.
test-embedding: deps
	@bash Tools/install-packages.sh gcc libc6-dev
	REQUIRED="c c-sanitized python" Examples/embedding/run.sh .build/embedding

# The review desk on this machine, with the demo's bundles in it: prints its address and a first link.
# The nights are judged while the desk is built.
serve: deps
	$(TRY) --product assay
	@bash Tools/desk-nights.sh $(TRIED)/assay & nights=$$!; $(TRY) --product assayd && wait $$nights
	@bash Tools/serve.sh $(TRIED)/assayd

# All of the determinism matrix, and fifty kills, where `make test` runs a fast subset.
determinism: build test-deps
	ASSAY_FULL=1 ASSAY_BIN=$(abspath $(ASSAY)) $(VENV)/bin/python -m pytest -q \
		Tests/EndToEnd/test_determinism.py Tests/EndToEnd/test_same_records.py

crash: build test-deps
	ASSAY_FULL=1 ASSAY_BIN=$(abspath $(ASSAY)) $(VENV)/bin/python -m pytest -q \
		Tests/EndToEnd/test_crash.py

# The models that come with the project: the same bytes every time.
models: build
	@bash Tools/models.sh $(ASSAY)

# The profiles' pages in Docs/profiles, from their declarations.
pages: build
	@bash Tools/pages.sh $(ASSAY)

# Pipeline against DuckDB and scikit-learn, then 10 million records, then the exact core.
bench: build
	@bash Tools/python-environment.sh .build/venv-bench Benchmarks/pipeline/requirements.txt
	@bash Tools/bench.sh $(ASSAY) .build/venv-bench/bin/python
	@$(MAKE) --no-print-directory bench-exact

# Ranking against PyOD over a folder of labelled tables, TABLES=DIR; see
# Benchmarks/detection/README.md.
bench-detection: build
	@bash Tools/bench-detection.sh $(ASSAY) "$(TABLES)"

# Simulator, run and evaluate for every profile beside outlier detectors on generic features.
# SPOOF holds options of Benchmarks/spoof/bench.py, such as "--seed 77 --details".
SPOOF ?= --details
bench-spoof: build
	@bash Tools/bench-spoof.sh $(ASSAY) $(SPOOF)

# The realised false-discovery rate beside the stated one, by simulation.
bench-calibration: deps
	swift run -c release --package-path Benchmarks/calibration calibration-bench

# Server time and weight of every page of the desk at 100,000 flagged nodes.
bench-desk: build
	swift build -c release --product assayd
	python3 Benchmarks/desk/bench.py --assay $(ASSAY) --assayd .build/release/assayd \
		--folder .build/bench-desk

# The verifier under load, and a million records through its intake with five kills.
bench-verifier: build
	@bash Tools/install-packages.sh nghttp2-client
	swift build -c release --product assay-verifier
	python3 Benchmarks/verifier/load.py
	python3 Benchmarks/verifier/intake.py

# Ten minutes of load with reloads; memory must stay flat.
soak-verifier: build
	swift build -c release --product assay-verifier
	python3 Benchmarks/verifier/soak.py

bench-exact: deps
	swift run -c release --package-path Benchmarks/exact exact-bench

format:
	swift format -i -r Sources Tests Benchmarks Package.swift

lint:
	swift format lint --strict -r Sources Tests Benchmarks Package.swift

clean:
	rm -rf .build .build-try out
