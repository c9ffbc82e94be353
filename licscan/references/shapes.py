"""What a text looks like: a repository's name, a path, a placeholder, something else with a slash."""

import re

_PART = r"(?![-.])[A-Za-z0-9._-]{1,96}(?<![-.])"
HUB_NAME = re.compile(rf"({_PART})/((?!\d{{1,4}}$){_PART})")
BARE = re.compile(r"(?![-.])[A-Za-z0-9][A-Za-z0-9._-]{1,95}(?<![-.])")
PATTERN = re.compile(r"[\w.-]*[\w.*-]+/[\w.*-]+")

_WEIGHTS = (
    ".gguf .ggml .safetensors .bin .pt .pth .ckpt .onnx .h5 .hdf5 .keras .tflite .mlmodel .mlpackage .nemo "
    ".llamafile .engine  "
    ".pdparams .ftz .dduf .ort .pb .pte .plan .task .jit .joblib .pkl".split()
)
_WEIGHT_FILES = tuple(_WEIGHTS)
_LOCAL = re.compile(r"(?:\.{1,2}[/\\]|/|~[/\\]|[A-Za-z]:[\\/])(?=[^\s/\\])")

# Names of folders: `output/llama` is a place on a disk, though it has the shape of a repository's name.
_FOLDERS = frozenset(
    "output outputs out model models checkpoint checkpoints ckpt ckpts weight weights data dataset "
    "datasets result results run  "
    "runs saved saved_model saved_models save saves pretrained pretrained_models pretrain tmp temp log "
    "logs exp exps experiment  "
    "experiments work_dir work_dirs workdir artifacts assets cache src lib libs test tests example "
    "examples configs config conf  "
    "cfg cfgs scripts resources static public build dist app apps docs doc etc usr opt var home mnt root "
    "workspace content local  "
    "model_ckpts hf_models llm llms loras lora adapters tokenizer tokenizers bin train val eval trained "
    "finetuned storage  "
    "volumes volume user_data files file downloads download images img media templates vendor third_party "
    "submodules kaggle  "
    "./ . .. model_zoo modelzoo zoo base packages node_modules tools utils core server client api v1 v2 "
    "fixtures".split()
)
# Owners, names and parts of them that stand for what the reader is to put there.
_PLACEHOLDER = re.compile(
    r"""(?ix)
      (?:^|[/_.\s-])(?:your|my|some|foo|bar|baz|dummy|fake|mock|example|placeholder|changeme|todo|xxx+|insert|replace|fill)
          (?:[/_.\s-]|$)
    | ^(?:user(?:name)?|org(?:anization)?|organisation|owner|author|namespace|repo(?:_?id)?|publisher|creator|vendor|provider|
          company|team|acme|someone|somebody|test|hub|hf|foo|bar|me|myorg|myuser|hf_user|hub_user|orgname|org1|org2|user1|
          user2|nonexistent|non-existent|invalid|unknown|default|none|null|
          custom|local|model_?(?:id|name|repo|owner)?|repo-?owner)/
    | /(?:repo(?:-?(?:id|name))?|model(?:[_-]?(?:id|name|repo|path|here|a|b|\d))?|name|foo|bar|placeholder|
          model-?or-?path|some[_-]?model|your.*|my[_-].*|dataset(?:[_-]?name)?)$
    | \bpath[/_-]?to\b | /path/ | ^path/ | model[_-]name[_-]here | \.\.\.|…|<[^>]*>|\[[^\]]*\]|\{\{|\}\}
    | ^does[_-]?not|does[_-]?not[_-]?exist|non[_-]?exist
    """,
)
_PLACEHOLDER_PATH = re.compile(
    r"(?i)\bpath[/_-]?to\b|/path/|^/?path\b|\byour|\.\.\.|…|[<>{}\[\]*]|/(?:foo|bar|some|xxx)\b"
)
_MIME = re.compile(
    r"(?:text|image|audio|video|application|multipart|font|message|model|chemical)/[\w.+*-]+", re.IGNORECASE
)
_SUFFIX = re.compile(
    r"\.(?:py|js|jsx|ts|tsx|mjs|cjs|json|jsonl|ya?ml|toml|md|rst|txt|csv|tsv|html?|css|xml|sh|rs|go|java|kt|c|cc|cpp|h|hpp|ipynb|"
    r"png|jpe?g|gif|svg|webp|mp[34]|wav|flac|pdf|zip|tar|t?gz|lock|log|cfg|ini|conf|env|parquet|arrow|npy|npz|proto|sql|git|"
    r"exe|so|dll|dylib|whl|db|sqlite3?|vue|svelte|php|rb|pl|lua|cs|swift|scala|jinja2?|j2|tpl|tmpl|tfrecords?|mat|pem|key|crt)$",
    re.IGNORECASE,
)

# What names of models are made of: sizes, families, what was done to them.
_SIZE = re.compile(r"(?:^|[-_.x])\d+(?:[._]\d+)?[bBmM](?:$|[-_.])|(?:^|[-_.])[aA]?\d+x\d+[bB]")
_FAMILY = re.compile(
    r"""(?ix)(?:^|[-_./\d])(?:
      (?:tiny|code|open|vi|distil|mobile|mini|camem|al|de|big|long|multi)?(?:llama|bert|roberta|deberta)|llava|qwen|qwq|mi[sx]tral|gemma|phi|falcon|bloomz?|
      opt|gpt2?|gptj|neox|pythia|olmo|deepseek|internlm|internvl|baichuan|chatglm|glm|yi|vicuna|alpaca|wizardlm|starcoder|codegen|
      santacoder|dolly|mpt|stablelm|stable-diffusion|stable-video|sdxl|sd|flux|kandinsky|pixart|whisper|wav2vec2?|hubert|wavlm|clip|siglip|
      dino(?:v\d)?|vit|swin|deit|beit|detr|sam2?|segformer|convnext|resnet|yolos?|blip2?|t5|flan|mt5|byt5|bart|mbart|pegasus|
      marian|nllb|m2m100|electra|xlm|xlnet|distilgpt2|minilm(?:-?l\d+)?|mpnet|bge|gte|e5|nomic|mxbai|jina|instructor|sbert|colbert|colpali|
      splade|reranker|cross-encoder|bark|speecht5|musicgen|encodec|vits|xtts|kokoro|parler|moshi|controlnet|ip-adapter|lcm|
      animatediff|cogvideox?|hunyuan(?:video|dit|3d)?|wan2|ltx|mochi|smollm\d?|smolvlm\d?|granite|command-r|aya|nemotron|minicpm|moondream|idefics\d?|
      florence|paligemma|phi-?\d|kimi|ernie|mamba|rwkv|zephyr|openchat|hermes|orca|solar|exaone|jamba|dbrx|grok|gpt-oss|
      timesfm|chronos|esm2?|esmfold|graphormer|layoutlm(?:v\d)?|donut|trocr|nougat|videomae|timesformer|depth-anything|zoedepth|dpt
      )(?:$|[-_.\d]|v\d|l\d)
    """,
)
_MADE = re.compile(
    r"(?i)(?:^|[-_.])(?:instruct|gguf|awq|gptq|exl2|bnb|4bit|8bit|fp8|int4|int8|nvfp4|mlx|lora|qlora|dpo|sft|rlhf|chat|uncased|"
    r"finetuned|distilled|embeddings?|base-v\d|large-v\d|small-v\d|v\d+\.\d+|onnx)(?:$|[-_.])"
)

# The first owners of the Hub that a reader would know; enough to say of an unnamed text what it is.
_OWNERS = frozenset(
    "meta-llama mistralai sentence-transformers openai-community google-bert google-t5 facebookai "
    "distilbert qwen deepseek-ai  "
    "tiiuae bigscience bigcode eleutherai stabilityai runwayml compvis black-forest-labs huggingfaceh4 "
    "huggingfacetb thudm  "
    "zai-org baichuan-inc 01-ai lmsys nousresearch thebloke bartowski unsloth mlx-community xenova "
    "onnx-community cohereforai  "
    "coherelabs nomic-ai intfloat thenlper cross-encoder mixedbread-ai hkunlp laion openbmb internlm "
    "opengvlab pixart-alpha  "
    "allenai teknium upstage mosaicml cardiffnlp dslim prosusai yiyanghkust emilyalsentzer dmis-lab "
    "helsinki-nlp kandinsky-community  "
    "latent-consistency lykon hf-internal-testing trl-internal-testing optimum-internal-testing nvidia liuhaotian "
    "llava-hf h2oai togethercomputer databricks wizardlm wizardlmteam garage-baind ai21labs moonshotai minimaxai "
    "modelscope-hub baai snowflake prajjwal1 microsoft salesforce pyannote speechbrain ultralytics google "
    "facebook openai".split()
)
_AMBIGUOUS_OWNERS = frozenset("microsoft salesforce google facebook openai nvidia ultralytics databricks baai".split())

_BUILDERS = frozenset(
    "csv json parquet text imagefolder audiofolder videofolder webdataset arrow pandas xml sql spark generator".split()
)

# Owners that only ModelScope has.
_MODELSCOPE = frozenset(
    "iic damo ZhipuAI LLM-Research AI-ModelScope Shanghai_AI_Laboratory TeleAI dienstag manyeyes okwinds "
    "AIDC-AI-ModelScope speech_tts xiaolv PAI pengzhendong".split()
)
_OLLAMA_FAMILY = re.compile(
    r"(?:[a-z0-9_.-]+/)?(?:llama(?:2|3|3\.1|3\.2|3\.3|4)?(?:-uncensored|-chatqa|-guard3|-vision|-groq-tool-use|-gradient)*|llama3\.2-vision|mistral"
    r"(?:-nemo|-small[\d.]*|-large|-openorca)?|mixtral|gemma\d?n?|gemma3n|codegemma|qwen(?:\d(?:\.\d)?)?(?:vl|-coder|-math)?|qwen3-(?:coder|vl|embedding)|qwq|"
    r"phi\d?(?:\.\d)?(?:-mini|-reasoning)?|deepseek-(?:r1|v\d(?:\.\d)?|coder(?:-v2)?|llm)|codellama|llava(?:-llama3|-phi3)?|bakllava|tinyllama|tinydolphin|"
    r"dolphin[\w.-]*|starcoder2?|starling-lm|orca-mini|orca2?|vicuna|wizardlm\d?|wizardcoder|wizard-[\w-]+|zephyr|neural-chat|openchat|openhermes|"
    r"nous-hermes\d?|yi|yi-coder|solar|falcon[23]?|stablelm2|stable-code|command-r(?:-plus|7b)?|aya(?:-expanse)?|nomic-embed-text(?:-v2-moe)?|mxbai-embed-large|"
    r"all-minilm|snowflake-arctic-embed2?|bge-(?:m3|large)|granite[\w.-]*|smollm2?|minicpm-v|moondream|codestral|devstral|magistral|ministral-3|hermes3|athene-v2|"
    r"exaone[\w.-]*|olmo2?|cogito|gpt-oss|embeddinggemma|glm4|internlm2|nemotron[\w-]*|reflection|sqlcoder|codeqwen|deepscaler|openthinker|marco-o1|"
    r"paraphrase-multilingual|reader-lm|bespoke-minicheck|everythinglm|medllama2|meditron|notus|notux|xwinlm|yarn-[\w-]+|nexusraven)"
)
_TAG = re.compile(
    r"(?:latest|v?\d[\w.-]*|[eE]?\d+(?:x\d+)?[bBmM][\w.-]*|instruct[\w.-]*|chat[\w.-]*|text[\w.-]*|q\d[\w.-]*|[\w.-]*q\d_[\w.-]*|fp16|mini[\w.-]*|medium[\w.-]*|cloud|[\w.-]+-(?:cloud|it|qat)[\w.-]*)"
)


def is_placeholder(text: str, *, path: bool = False) -> bool:
    """Whether a text stands for what the reader is to put there; folders may well be called `my-model`."""
    if path:
        return bool(_PLACEHOLDER_PATH.search(text))
    return bool(_PLACEHOLDER.search(text)) or not any(map(str.isalnum, text))


def is_weight_file(text: str) -> bool:
    """Whether a name ends as files of weights do."""
    return text.lower().endswith(_WEIGHT_FILES)


def is_other_file(text: str) -> bool:
    """Whether a name ends as files do that hold no weights."""
    return bool(_SUFFIX.search(text))


def is_path(text: str) -> bool:
    """Whether a text is plainly a path: it begins as paths do, or is a file of weights in a folder."""
    return bool(_LOCAL.match(text))


def is_container(text: str, key: str) -> bool:
    """Whether a folder is where models lie, by its own name and that of its variable, rather than one of them."""
    last = text.rstrip("/\\").replace("\\", "/").rpartition("/")[2].lower()
    directory = key.lower().rstrip("s").endswith(("dir", "folder", "root", "directory", "cache", "home", "directorie"))
    return directory and (last in _FOLDERS or "models" in key.lower() or last.startswith("."))


def is_in_folder(text: str) -> bool:
    """Whether a text begins with the name of a folder rather than that of an owner, or goes deeper than names do."""
    head, slash, rest = text.partition("/")
    return bool(slash) and (head.lower() in _FOLDERS or "/" in rest.rstrip("/") or "*" in head)


def is_other(text: str) -> bool:
    """Whether a text with a slash is a media type, or the name of a file that holds no weights."""
    return bool(_MIME.fullmatch(text)) or is_other_file(text)


def may_own(owner: str) -> bool:
    """Whether somebody on the Hub can be called so: letters, digits, hyphens (none of thousands has anything else)."""
    return owner.replace("-", "").isalnum()


def is_known_owner(owner: str) -> bool:
    """Whether an owner is one of those on the Hub that everybody knows."""
    return owner.lower() in _OWNERS


def is_model_like(text: str) -> bool:
    """Whether `owner/name` is so plainly a model that nothing else needs to say so."""
    owner, _, name = text.partition("/")
    if not may_own(owner):
        return False
    known = owner.lower() in _OWNERS
    if known and owner.lower() not in _AMBIGUOUS_OWNERS:
        return True
    signs = sum(bool(sign.search(name)) for sign in (_SIZE, _FAMILY, _MADE))
    return signs > (0 if known else 1) or (
        signs == 1 and bool(_SIZE.search(name) or _FAMILY.search(name)) and "-" in name
    )


def has_family(name: str) -> bool:
    """Whether a bare name has a family's name or a size in it."""
    return bool(_FAMILY.search(name) or _SIZE.search(name))


def is_modelscope_owner(owner: str) -> bool:
    """Whether only ModelScope has an owner of that name."""
    return owner in _MODELSCOPE


def is_builder(name: str) -> bool:
    """Whether a name is one of the ways in which `datasets` reads files, and no dataset."""
    return name in _BUILDERS


def is_ollama(name: str, *, tagged: bool) -> bool:
    """Whether a bare name is one of the Ollama library's, with a tag where `tagged`."""
    model, colon, tag = name.partition(":")
    if tagged and not (colon and _TAG.fullmatch(tag)):
        return False
    return bool(_OLLAMA_FAMILY.fullmatch(model)) and (not colon or bool(_TAG.fullmatch(tag)))
