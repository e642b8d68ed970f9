# make compare   sets up, then runs the main job: "like Facebook" against "a way to work together"
# make test      sets up, then runs all tests
# On Windows, or without make: python tasks.py compare, python tasks.py test.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.set-up

.PHONY: compare test quick lint types check bench docs site matrix nightly release next-numba clean

compare: $(STAMP)
	$(BIN)/intranet-sim compare like-facebook collaboration --overwrite

test: $(STAMP)
	VENV=$(VENV) $(BIN)/python tasks.py test

quick: $(STAMP)
	$(BIN)/python -m pytest -q -n auto -m "not slow"

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

check: lint types test

docs: $(STAMP)
	$(BIN)/python docs/make_pages.py

# The documentation as a site, in site/: strict, with search, readable from the folder, and nothing fetched.
site: $(STAMP) .venv-site/.set-up
	NO_MKDOCS_2_WARNING=1 PYTHONPATH=. .venv-site/bin/python -m mkdocs build --quiet

.venv-site/.set-up: docs/site/requirements.lock
	$(PYTHON) -m venv .venv-site
	.venv-site/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r docs/site/requirements.lock
	.venv-site/bin/python -c "import pathlib, site, sys; pathlib.Path(site.getsitepackages()[0], 'project.pth').write_text(str(next(pathlib.Path('$(VENV)').resolve().glob('[Ll]ib*/python*/site-packages'))))"
	touch .venv-site/.set-up

bench: $(STAMP)
	$(BIN)/python -m benchmarks

# Wheel and sdist outside the checkout; what is too long for every change; all that a release has (see tasks.py).
matrix nightly release: $(STAMP)
	VENV=$(VENV) $(BIN)/python tasks.py $@

# The next release of numba, or a candidate for it, in an environment of its own: if all pass, raise the bound in
# pyproject.toml and the version in requirements.lock together.
next-numba:
	$(PYTHON) -m venv .venv-next
	.venv-next/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	.venv-next/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	.venv-next/bin/python -m pip install --disable-pip-version-check --upgrade --pre numba
	.venv-next/bin/python -m pytest -q -n auto tests/behavior tests/engine

clean:
	rm -rf $(VENV) .venv-next .venv-site site .pytest_cache .mypy_cache .ruff_cache .hypothesis

# The exact versions and hashes of everything are in requirements.lock.
$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(STAMP)
