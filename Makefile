# First commands on a fresh clone: `make run` and `make test`. Each makes its own environment.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
UV     := $(shell command -v uv 2>/dev/null)

.PHONY: install run test test-all check bench clean

install: $(READY)

$(READY): pyproject.toml requirements.lock
ifdef UV
	$(UV) venv --quiet --allow-existing --python $(PYTHON) $(VENV)
	VIRTUAL_ENV=$(abspath $(VENV)) $(UV) pip install --quiet -r requirements.lock
	VIRTUAL_ENV=$(abspath $(VENV)) $(UV) pip install --quiet --no-deps -e .
else
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
endif
	@touch $@

# The main job: the baseline and an older city, everybody simulated, and the committee's page.
run: $(READY)
	@rm -rf results/first
	@$(BIN)/twin run baseline ageing_faster --fraction 0.05 --seeds 6 --out results/first
	@$(BIN)/twin report results/first

test: $(READY)
	$(BIN)/python -m pytest -m "not slow" -n auto --dist loadfile

test-all: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python -m pytest bench --benchmark-only -q -s

clean:
	rm -rf $(VENV) results/first .pytest_cache .ruff_cache .mypy_cache
