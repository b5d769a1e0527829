# Naskah. `make` lists what there is to do.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# What is built or fetched once for a machine and outlives a clone.
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/naskah

# The S3 server of the tests; a new version is built beside the old one.
MINIO_VERSION := v0.0.0-20260212201848-7aac2a2c5b7c
MINIO := $(CACHE)/bin/minio-$(MINIO_VERSION)

VERAPDF_VERSION := 1.28.2

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
GO_TOOL := go tool -modfile=.tools/go.mod
SOURCES := cmd internal search storage configs

# Debian's and Ubuntu's names of what is needed.
NEED_RUN := tesseract-ocr tesseract-ocr-ind tesseract-ocr-eng
NEED_TEST := $(NEED_RUN) postgresql chromium poppler-utils qpdf fonts-liberation ca-certificates
NEED_INTEROP := $(NEED_TEST) default-jre-headless:java maven:mvn
NEED_BENCH := $(NEED_RUN) ocrmypdf poppler-utils

# A clone that belongs to another user has no version for go to read; git describe is asked above.
export GOFLAGS := $(GOFLAGS) -buildvcs=false

# For example: make test TEST="-run Number ./internal/db"
TEST ?= ./...

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: need-go
need-go:
	@command -v go >/dev/null || { echo "Go is missing: install Go $$(sed -n 's/^go //p' go.mod) or newer, and put its bin folder into PATH."; exit 1; }

.PHONY: run
run: need-go ## install what is missing, build, and open the demo office on http://127.0.0.1:8080
	@.tools/need $(NEED_RUN)
	@$(MAKE) build
	@exec bin/naskah serve --demo

.PHONY: build
build: need-go ## build bin/naskah
	go build -ldflags "-X main.version=$(VERSION)" -o bin/naskah ./cmd/naskah

.PHONY: need-test
need-test: need-go
	@.tools/need $(NEED_TEST)
	@command -v soffice >/dev/null || echo "LibreOffice is not installed: the tests that turn DOCX into PDF with it are skipped."

.PHONY: test
test: need-test $(MINIO) ## run the tests: unit, SQLite and PostgreSQL, a real MinIO, a real browser
	NASKAH_MINIO=$(MINIO) go test -timeout 15m -p 2 $(TEST)

.PHONY: test-long
test-long: need-test $(MINIO) ## the tests with the long crash, damage and generator suites
	NASKAH_LONG=1 NASKAH_MINIO=$(MINIO) go test -timeout 90m -p 2 $(TEST)

$(MINIO):
	@echo "Building the S3 server of the tests, once for this machine: about 5 minutes, 150 MB in $(CACHE)."
	@mkdir -p $(@D)
	@work=$$(mktemp -d $(@D)/build-XXXXXX); trap 'rm -rf "$$work"' EXIT; \
	if (cd "$$work" && GOBIN="$$work" CGO_ENABLED=0 nice go install -trimpath github.com/minio/minio@$(MINIO_VERSION)); then \
		mv "$$work/minio" $@ && ln -sfn $(@F) $(@D)/minio; \
	else \
		echo "MinIO could not be built; its tests say that they were skipped."; \
	fi

.PHONY: lint
lint: need-go ## golangci-lint and gofumpt, pinned in .tools/go.mod
	@wrong=$$($(GO_TOOL) gofumpt -l $(SOURCES)); if [ -n "$$wrong" ]; then echo "make fmt would change:"; echo "$$wrong"; exit 1; fi
	$(GO_TOOL) golangci-lint run ./...

.PHONY: fmt
fmt: need-go ## format the code
	$(GO_TOOL) gofumpt -w $(SOURCES)

.PHONY: interop
interop: need-go ## let others judge our files: veraPDF, pdfsig, qpdf
	@.tools/need $(NEED_INTEROP)
	@NASKAH_VERAPDF="$$(.tools/verapdf $(CACHE)/verapdf $(VERAPDF_VERSION))" .tools/tagged interop -count=1 -timeout 15m -p 2 -v \
		| sed -E '/^=== (RUN|PAUSE|CONT|NAME)/d'

.PHONY: bench
bench: need-go ## measure the budgets beside their peers and print a table
	@.tools/need $(NEED_BENCH)
	@.tools/tagged bench -count=1 -timeout 60m -p 1 -v \
		| sed -E '/^=== (RUN|PAUSE|CONT|NAME)/d; s/^ +[a-z0-9_]+_test\.go:[0-9]+: //'

# Each target runs this long.
FUZZTIME ?= 20s

.PHONY: fuzz
fuzz: need-go ## run every fuzz target for FUZZTIME (20s)
	@.tools/fuzz $(FUZZTIME)
