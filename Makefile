# make demo | make test | make check: each works alone on a fresh machine with python3 (>= 3.11, pip, venv) and make.
PYTHON ?= python3
VENV := .venv
VENV4 := .venv-opencv4
VENVC := .venv-contrib
# Where a virtual environment has its programs. On Windows, make and sh are those of Git for Windows or MSYS2.
BIN := $(if $(filter Windows_NT,$(OS)),Scripts,bin)
OPENCV4 := 4.14.0.94
PIP := -m pip --disable-pip-version-check
PYTEST := -m pytest -q -n 2
# Two tests at a time keep two cores busy; a second thread of BLAS or OpenMP in each only spins where a third has work.
test test-opencv4 coverage: export OMP_NUM_THREADS := 1

.PHONY: help demo test test-opencv4 check format lint spelling types imports golden path coverage tree docs bench \
	bench-update bench-peers system clean

help:  ## list the targets
	@awk -F ':.*##' '/^[a-z0-9-]+:.*##/ {printf "%-14s%s\n", $$1, $$2}' Makefile

demo: $(VENV)/installed  ## follow the target of a bundled clip
	$(VENV)/$(BIN)/tracker demo --out out/demo

test: $(VENV)/installed-dev  ## run the tests
	$(VENV)/$(BIN)/python $(PYTEST)

# The rest calls OpenCV only through these, and takes as long again. What is left out of these folders tests processes,
# connections and memory of ours.
OPENCV_TESTS := $(addprefix tests/,contract cues detection drawing effects ffmpeg meanshift/test_window.py output reframing \
	segmentation tracking video viewer test_density.py test_image.py test_patch.py test_public_face.py \
	test_python_face.py test_render.py test_value_range.py) $(addprefix --ignore=tests/,tracking/test_threads.py \
	video/test_live_cli.py video/test_live_stream_faults.py video/test_remote.py viewer/test_endurance.py)
test-opencv4: $(VENV4)/installed-dev  ## run the tests of what uses OpenCV on OpenCV 4
	$(VENV4)/$(BIN)/python $(PYTEST) $(OPENCV_TESTS)

check: lint spelling types imports docs golden path coverage  ## the whole gate; `coverage` is its one run of the tests

format: $(VENV)/installed-dev  ## format the code
	$(VENV)/$(BIN)/ruff format .
	$(VENV)/$(BIN)/ruff check --fix .

lint: $(VENV)/installed-dev  ## hold the code against its format and rules
	$(VENV)/$(BIN)/ruff format --check .
	$(VENV)/$(BIN)/ruff check .

spelling: $(VENV)/installed-dev  ## find misspelled and British words
	$(VENV)/$(BIN)/codespell

types: $(VENV)/installed-dev  ## check the types
	$(VENV)/$(BIN)/mypy
	$(VENV)/$(BIN)/mypy tests/embedding.py

imports: $(VENV)/installed-dev  ## check that imports point down
	$(VENV)/$(BIN)/lint-imports

golden: $(VENV)/installed-dev  ## hold results, tables, help and API against the frozen ones
	$(VENV)/$(BIN)/python -m tests.golden.golden

path: $(VENV)/installed-dev  ## count files, calls and depth of one frame's way
	$(VENV)/$(BIN)/python tests/bench/path.py --check

coverage: $(VENV)/installed-dev  ## run the tests and measure what they reach
	$(VENV)/$(BIN)/python $(PYTEST) --cov --cov-report=term-missing:skip-covered

tree: $(VENV)/installed-dev  ## renew the tree in ARCHITECTURE.md from the docstrings, and print it
	$(VENV)/$(BIN)/python tests/bench/tree.py --write

docs: $(VENV)/installed-dev  ## write the API reference into out/docs
	$(VENV)/$(BIN)/python tests/bench/docs.py out/docs

bench: $(VENV)/installed-dev  ## the speed figures of README
	$(VENV)/$(BIN)/python tests/bench/bench_update.py
	$(VENV)/$(BIN)/python tests/bench/bench_pipeline.py
	$(VENV)/$(BIN)/python tests/bench/bench_latency.py
	$(VENV)/$(BIN)/python tests/bench/bench_clustering.py --quick

bench-update: $(VENV)/installed-dev  ## time of an update, beside the tutorial's and the limit
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(VENV)/$(BIN)/python tests/bench/bench_update.py $(CLIPS)

bench-peers: $(VENVC)/installed  ## time beside CSRT, which only the contrib wheel has
	$(VENVC)/$(BIN)/python tests/bench/bench_peers.py $(CLIPS)

# OpenCV's window wheel needs libGL and libglib; the tests of the window an X server and a program that moves its mouse;
# the tests of the page a browser.
SYSTEM := libgl1 libglib2.0-0 xvfb xdotool
system:  ## install what the tests need of the system: Debian or Ubuntu, as root
	apt-get update -q
	apt-get install -q -y --no-install-recommends $(SYSTEM) \
		$$($(PYTHON) -c 'import ensurepip' 2>/dev/null || echo python3-venv) \
		$$({ command -v chromium || command -v chromium-browser; } >/dev/null || echo chromium)

clean:  ## remove what these targets made
	rm -rf $(VENV) $(VENV4) $(VENVC) out

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(VENV)/$(BIN)/python $(PIP) install -q -c constraints.txt -e .
	@$(call headless_without_libgl,$(VENV))
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(VENV)/$(BIN)/python $(PIP) install -q -c constraints.txt -e .[dev]
	@$(call headless_without_libgl,$(VENV))
	@touch $@

$(VENV4)/installed-dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV4)
	sed '/^opencv-python/d' constraints.txt > $(VENV4)/constraints.txt
	$(VENV4)/$(BIN)/python $(PIP) install -q -c $(VENV4)/constraints.txt opencv-python==$(OPENCV4) -e .[dev]
	@$(call headless_without_libgl,$(VENV4))
	@touch $@

$(VENVC)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENVC)
	$(VENVC)/$(BIN)/python $(PIP) install -q -c constraints.txt -e .
	version=$$($(VENVC)/$(BIN)/python $(PIP) freeze | sed -n 's/^opencv-python==//p'); \
	$(VENVC)/$(BIN)/python $(PIP) uninstall -q -y opencv-python && \
	$(VENVC)/$(BIN)/python $(PIP) install -q opencv-contrib-python-headless==$$version
	@touch $@

# opencv-python needs the system's libGL and libglib; its headless twin does the same work without windows.
define headless_without_libgl
$(1)/$(BIN)/python -c 'import cv2' 2>/dev/null || { \
	version=$$($(1)/$(BIN)/python $(PIP) freeze | sed -n 's/^opencv-python==//p'); \
	$(1)/$(BIN)/python $(PIP) uninstall -q -y opencv-python && \
	$(1)/$(BIN)/python $(PIP) install -q opencv-python-headless==$$version && \
	echo "libGL or libglib is missing here: using opencv-python-headless $$version (everything but windows)"; }
endef
