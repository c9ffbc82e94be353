"""The early models of the Hub, which had no owner, and the repositories that they are now.

The Hub gave them owners in 2024 and leads from the old names to the new ones. There will be no more of them: code, not
a rule file, so that whoever only looks for names need not load the rules.
"""

_OWNERS = {
    "openai-community": (
        "gpt2 gpt2-medium gpt2-large gpt2-xl openai-gpt roberta-base-openai-detector roberta-large-openai-detector"
    ),
    "google-bert": (
        "bert-base-uncased bert-base-cased bert-large-uncased bert-large-cased bert-base-chinese "
        "bert-base-multilingual-cased  "
        "bert-base-multilingual-uncased bert-base-german-cased bert-base-german-dbmdz-cased "
        "bert-base-german-dbmdz-uncased  "
        "bert-large-uncased-whole-word-masking bert-large-cased-whole-word-masking bert-base-cased-finetuned-mrpc "
        "bert-large-uncased-whole-word-masking-finetuned-squad bert-large-cased-whole-word-masking-finetuned-squad"
    ),
    "FacebookAI": (
        "roberta-base roberta-large roberta-large-mnli xlm-roberta-base xlm-roberta-large xlm-mlm-en-2048 "
        "xlm-mlm-ende-1024  "
        "xlm-mlm-enfr-1024 xlm-mlm-enro-1024 xlm-mlm-xnli15-1024 xlm-mlm-tlm-xnli15-1024 xlm-clm-enfr-1024 "
        "xlm-clm-ende-1024  "
        "xlm-mlm-17-1280 xlm-mlm-100-1280 xlm-roberta-large-finetuned-conll02-dutch "
        "xlm-roberta-large-finetuned-conll02-spanish  "
        "xlm-roberta-large-finetuned-conll03-english xlm-roberta-large-finetuned-conll03-german"
    ),
    "distilbert": (
        "distilbert-base-uncased distilbert-base-cased distilbert-base-multilingual-cased distilbert-base-german-cased "
        "distilbert-base-uncased-distilled-squad distilbert-base-cased-distilled-squad "
        "distilbert-base-uncased-finetuned-sst-2-english distilroberta-base distilgpt2"
    ),
    "google-t5": "t5-small t5-base t5-large t5-3b t5-11b",
    "albert": (
        "albert-base-v1 albert-large-v1 albert-xlarge-v1 albert-xxlarge-v1 albert-base-v2 albert-large-v2 "
        "albert-xlarge-v2  "
        "albert-xxlarge-v2"
    ),
    "xlnet": "xlnet-base-cased xlnet-large-cased",
    "transfo-xl": "transfo-xl-wt103",
    "almanach": "camembert-base",
    "Salesforce": "ctrl",
}
RENAMED = {name: f"{owner}/{name}" for owner, names in _OWNERS.items() for name in names.split()}


def identity(scheme: str, name: str) -> tuple[str, str]:
    """What two names of one model have in common: the Hub knows neither case nor the names of before."""
    return (scheme, canonical(name).casefold()) if scheme in {"hf", "dataset"} else (scheme, name)


def canonical(name: str) -> str:
    """The repository that a name of the Hub leads to; the name itself where it was never renamed."""
    return RENAMED.get(name, name)
