# Needs only python3 (3.10 or later, with its venv module) and make.
# Every target makes .venv by itself, from the hashes in requirements.lock.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCKER := $(VENV)-lock

.PHONY: demo test bench lint format lock clean

demo: $(READY)  ## screen the sample dump into demo-out/ and explain a few flagged posts
	$(BIN)/python benchmarks/demo.py

test: $(READY)  ## everything that must hold: style, types, tests, examples
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n auto --dist worksteal

bench: $(READY)  ## how fast, next to Presidio in the same run, and how it scales
	$(BIN)/python benchmarks/against_presidio.py
	$(BIN)/python benchmarks/scaling.py shapes
	$(BIN)/python benchmarks/scaling.py patterns terms start
	$(BIN)/python benchmarks/scaling.py processes parsing
	$(BIN)/python benchmarks/speed.py

format: $(READY)  ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock:  ## work out requirements.lock again, for every Python and system at once
	$(PYTHON) -m venv $(LOCKER)
	$(LOCKER)/bin/python -m pip install --quiet uv
	$(LOCKER)/bin/uv pip compile --quiet --universal --python-version 3.10 --generate-hashes \
		--upgrade --extra dev --no-header --output-file requirements.lock pyproject.toml
	rm -rf $(LOCKER)

clean:
	rm -rf $(VENV) $(LOCKER) demo-out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' \
		|| { echo "Python 3.10 or later is needed: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "$(PYTHON) cannot make a virtual environment: its modules venv and ensurepip are missing." \
			"On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
