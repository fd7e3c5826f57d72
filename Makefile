# Two commands: make run, make test. A language model: make llm, then docs/models.md. Picture models: make pictures, then docs/images.md. Everything else is named in docs/development.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q install -c constraints.txt
# Options for selfsame run: make run ARGS="--port 8500"
ARGS ?=

# Which GPU llama.cpp is built for: make llm CMAKE_ARGS="-DGGML_CUDA=on"
CMAKE_ARGS ?=

.PHONY: run llm server recall pictures watermark test lint unit llama images thorough browser friendship bench clean

run: $(VENV)/installed
	@$(BIN)/selfsame run $(ARGS)

# For chat.model = "llama". pip keeps a wheel whatever it was built for, so a wish of yours means a new one.
llm: $(VENV)/installed
	@echo "Installing llama.cpp (it is compiled: some ten minutes, once) …"
	@$(if $(CMAKE_ARGS),CMAKE_ARGS="$(CMAKE_ARGS)" $(PIP) --force-reinstall --no-cache-dir --no-deps llama-cpp-python)
	@$(PIP) -e ".[llm]"

# For chat.model = "server".
server: $(VENV)/installed
	@$(PIP) -e ".[server]"

# For finding what was said by its meaning: docs/memory.md.
recall: $(VENV)/installed
	@$(PIP) -e ".[recall]"

# For images.pipeline = "auto" and its like. torch is a large download: about 3 GB with what an NVIDIA card needs.
pictures: $(VENV)/installed
	@echo "Installing what picture models need (torch is large: some minutes) …"
	@$(PIP) -e ".[images,nf4]"

# For images.watermark = true.
watermark: $(VENV)/installed
	@$(PIP) -e ".[watermark]"

test: lint unit

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

unit: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n 2 -m "not browser and not llama and not images and not friendship"

# The tests on the real llama.cpp. Compiling it takes some 6 minutes once; pip keeps the wheel.
llama: $(VENV)/installed-llm
	$(BIN)/python -m pytest -n 2 -m llama tests/engine/models/llama

# The tests of picture models, on tiny ones with random weights. Installing torch takes some 2 minutes once.
images: $(VENV)/installed-images
	$(BIN)/python -m pytest -n 2 -m "images and not thorough" tests/engine/images tests/bot tests/benchmarks

# The same with every sampler, every precision, compiled blocks, and kills of a worker that has a model.
thorough: $(VENV)/installed-images
	$(BIN)/python -m pytest -n 2 -m images tests/engine/images tests/bot tests/benchmarks

# The whole walk in a real browser; needs Debian's chromium (.ci/run installs it).
browser: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m browser tests/browser

# Two years of a friendship on each surface, killed in between; some minutes.
friendship: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m friendship tests/friendship

# What the local engine is compared with: make bench ARGS="--llama-server PATH" (docs/development.md).
bench: $(VENV)/installed-llm
	$(BIN)/selfsame bench turn
	$(BIN)/selfsame bench queue
	$(BIN)/selfsame bench selfie
	$(BIN)/selfsame bench start
	$(BIN)/selfsame bench surfaces
	$(BIN)/selfsame bench chat $(ARGS)

$(VENV)/bin/python:
	@sh scripts/venv.sh $(PYTHON) $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing Selfsame (once) …"
	@$(PIP) -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing what the tests need (once) …"
	@$(PIP) -e .[dev]
	@touch $@

# For any processor with AVX2: the same speed here as a build for this one alone, and it can be moved.
$(VENV)/installed-llm: $(VENV)/installed-dev
	@echo "Installing llama.cpp (once; it is compiled) …"
	@CMAKE_ARGS="-DGGML_NATIVE=OFF -DLLAVA_BUILD=OFF" $(PIP) -e .[llm,llm-dev]
	@touch $@

# One call, so that pip sees all wishes at once: torch is chosen by constraints.txt and never replaced.
$(VENV)/installed-images: $(VENV)/installed-dev
	@echo "Installing what picture models need (once) …"
	@$(PIP) -e .[images,watermark]
	@touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
