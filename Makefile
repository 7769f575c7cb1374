# Everything one does with the portal: `make help` lists it. A bare machine needs make and
# Python 3.11 or later; npm, uv and PostgreSQL are used when they are there.

PYTHON ?= python3
ARGS ?=
export PYTHON

python = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run setup test sure lint format lock bench screenshots clean tools

help: ## afficher cette aide
	@awk -F ':.*## ' \
		'/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

##@ Faire tourner le portail

run: setup ## tout installer au besoin, puis servir (PORT=8000, HOST=127.0.0.1)
	@scripts/run.sh

setup: ## installer sans servir
	@scripts/venv.sh .venv requirements.lock requirements-dev.lock
	@scripts/frontend.sh

##@ Développer

tools:
	@scripts/venv.sh .venv requirements-dev.lock
	@scripts/frontend.sh tests
	@scripts/test_tools.sh

test: tools ## tous les tests (ARGS='-k mot' en choisit)
	@$(python) -m pytest --numprocesses=auto --maxprocesses=4 $(ARGS)

sure: lint test ## tout ce qui doit passer avant un commit

lint: tools ## mise en forme, règles, schéma, catalogues, verrous
	@$(python) -m ruff format --check .
	@$(python) -m ruff check .
	@$(python) -m djlint --quiet --lint templates
	@$(python) scripts/check_schema.py
	@$(python) -m flask translations check
	@$(python) scripts/check_locks.py

format: tools ## mettre en forme le code
	@$(python) -m ruff format .
	@$(python) -m ruff check --fix .

lock: ## refaire les verrous des dépendances (ARGS=--upgrade pour les rajeunir)
	@scripts/lock.sh $(ARGS)

##@ Mesurer et montrer

bench: tools ## mesurer, face à Datasette sur les mêmes lignes (résultats dans bench-results/)
	@scripts/venv.sh .venv-bench requirements-bench.lock
	@$(python) -m bench $(ARGS)

screenshots: tools ## refaire les images du README (docs/pictures/)
	@$(python) scripts/screenshots.py

##@ Ranger

clean: ## ôter ce qui se réinstalle ; la base et le secret (instance/) restent
	rm -rf .venv .venv-bench node_modules static/vendor static/build .pytest_cache .ruff_cache \
		.hypothesis test-artifacts
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
