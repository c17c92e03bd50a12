# The language model from a clean checkout: `make model DATA=folder`. Each stage takes well under 100 minutes on four cores and goes on from
# its last epoch when it was cut off; RUNS keeps the checkpoints.

DATA ?=
RUNS ?= runs/model
SEED ?= 7
PARSER_EPOCHS ?= 8
ALL_EPOCHS ?= 13
BARE_EPOCHS ?= 4
CLAIMS_EPOCHS ?= 10
WINDOWS_EPOCHS ?= 7
TOGETHER_EPOCHS ?= 3
MODEL := src/khabar/models/english
TRAINING := .venv-training
TRAIN := PYTHONPATH=src $(TRAINING)/bin/python

.PHONY: model model-figures

model: $(TRAINING)/.ready ## train and export the language model (DATA=folder, RUNS=folder)
	@test -d "$(DATA)/training" || { echo "DATA=$(DATA) holds no training/: name the data folder, make model DATA=folder"; exit 1; }
	$(TRAIN) training/train.py --data $(DATA) --out $(RUNS) --stage parser --epochs $(PARSER_EPOCHS) --seed $(SEED)
	$(TRAIN) training/train.py --data $(DATA) --out $(RUNS) --stage all --epochs $(ALL_EPOCHS) --seed $(SEED)
	$(TRAIN) training/train_bare.py --data $(DATA) --out $(RUNS) --epochs $(BARE_EPOCHS) --seed $(SEED)
	$(TRAIN) training/train_claims.py --data $(DATA) --out $(RUNS) --epochs $(CLAIMS_EPOCHS) --seed $(SEED)
	mkdir -p $(RUNS)/float
	$(TRAIN) training/export.py --runs $(RUNS) --data $(DATA) --out $(MODEL) --float $(RUNS)/float
	$(TRAIN) training/train_windows.py --data $(DATA) --out $(RUNS) --epochs $(WINDOWS_EPOCHS) --seed $(SEED)
	$(TRAIN) training/export.py --runs $(RUNS) --data $(DATA) --out $(MODEL) --windows windows.pt
	for fold in 0 1; do \
	  $(TRAIN) training/train_windows.py --data $(DATA) --out $(RUNS) --epochs $(WINDOWS_EPOCHS) --seed $(SEED) --fold $$fold && \
	  mkdir -p $(RUNS)/fold$$fold && cp $(MODEL)/* $(RUNS)/fold$$fold/ && \
	  $(TRAIN) training/export.py --runs $(RUNS) --data $(DATA) --out $(RUNS)/fold$$fold --windows windows$$fold.pt || exit 1; \
	done
	$(TRAIN) training/train_choices.py --models $(RUNS)/fold0 $(RUNS)/fold1 --out $(MODEL) --seed $(SEED)
	$(TRAIN) training/train_together.py --data $(DATA) --out $(RUNS) --epochs $(TOGETHER_EPOCHS) --seed $(SEED)
	$(TRAIN) training/export.py --runs $(RUNS) --data $(DATA) --out $(MODEL) --together
	cp $(MODEL)/*.json $(MODEL)/pointers.onnx $(MODEL)/choices.onnx $(RUNS)/float/

model-figures: $(TRAINING)/.ready ## figures of the shipped model, and of its float twin in RUNS (SCORERS=folder adds re3d)
	$(TRAIN) training/measure.py --data $(DATA) $(if $(SCORERS),--scorers $(SCORERS))
	KHABAR_MODEL=$(RUNS)/float $(TRAIN) training/measure.py --data $(DATA) --only trees facts

$(TRAINING)/.ready: training/requirements.txt
	$(PYTHON) -m venv $(TRAINING)
	$(TRAINING)/bin/pip install --quiet --requirement training/requirements.txt
	@touch $@
