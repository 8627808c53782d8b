# make build    the tables, from raw/                    make test   everything that is checked
# make check    are the tables what raw/ gives?          make lint   style, types, and which room imports which
# make quick    the tests that take seconds
# make mirrors  mirrors/: for Excel and Hugging Face too make bench  speed, as ratios within one run
# make page     the tables as one HTML page              make scale  2,000 and 20,000 sources, and every way to read
# make lock     pin the packages anew                    make fuzz   hostile inputs: make fuzz N=10000
# make train    the reader's weights, from corpus/          make kill   builds killed, two at once, on a full disk
# make accuracy what it reads right, by cross-validation   make clean  no environment, no caches
# make coverage what the tables cover, in counts
# make spark    read_batches on Spark: pyspark (450 MB) and its test; Java has to be there
# make oldest   the build and the tables with pandas 2.2, the oldest one that pyproject.toml allows
PYTHON ?= python3
BIN = .venv/bin
QUICK = sources.py card.py mirrors.py report.py fx.py deals.py

.PHONY: spark train accuracy build mirrors page coverage check test quick oldest lint bench scale fuzz kill lock clean

build: .venv/installed
	$(BIN)/python build.py

mirrors: .venv/installed
	$(BIN)/python build.py --mirrors

check: .venv/installed
	$(BIN)/python build.py --check

page: .venv/installed
	$(BIN)/python -m cn_ai_funding page

coverage: .venv/installed
	$(BIN)/python -m cn_ai_funding coverage

test: .venv/installed lint
	$(BIN)/python -m pytest

quick: .venv/installed
	$(BIN)/python -m pytest $(addprefix tests/test_,$(QUICK))

oldest: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target .venv/oldest 'pandas==2.2.*' pytz
	PYTHONPATH=.venv/oldest $(BIN)/python build.py --check
	PYTHONPATH=.venv/oldest $(BIN)/python -m pytest $(addprefix tests/test_,tables.py frames.py build.py schema.py fx.py totals.py)

spark: .venv/spark/installed
	PYTHONPATH=.venv/spark $(BIN)/python -m pytest tests/test_spark.py

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: .venv/installed
	PYTHONPATH=. $(BIN)/python tests/bench.py

scale: .venv/installed
	PYTHONPATH=.:.venv/spark $(BIN)/python tests/scale.py

fuzz: .venv/installed
	PYTHONPATH=. $(BIN)/python tests/fuzz.py $(N)

kill: .venv/installed
	PYTHONPATH=. $(BIN)/python tests/kill.py $(N)

train: .venv/installed
	$(BIN)/python corpus/train.py

accuracy: .venv/installed
	$(BIN)/python corpus/evaluate.py $(if $(MORE),--more)

lock: .venv/installed
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --extra test --no-header --no-emit-index-url --upgrade pyproject.toml -o requirements.lock
	sed -i '1i # Every package of the build and the tests, pinned by hash. Made by: make lock' requirements.lock

clean:
	rm -rf .cache .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# apart from the others: pandera, for one, imports Spark where it finds it
.venv/spark/installed: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target .venv/spark pyspark==4.3.0
	touch $@
