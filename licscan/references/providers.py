"""Services that offer models: how code names them, and which models only they have.

The notation is that of litellm, `provider/model`. Which of the models are resold open weights is not decided here.
"""

import re
from functools import lru_cache

# Prefixes as litellm, LangChain, Pydantic AI, the AI SDK and the routers write them, and what each is called here.
PREFIXES = {
    **{
        name: name
        for name in (
            "openai azure azure_ai anthropic bedrock sagemaker vertex_ai gemini mistral codestral groq "
            "together_ai fireworks_ai  "
            "openrouter deepinfra perplexity cohere replicate anyscale cerebras deepseek xai databricks "
            "watsonx cloudflare  "
            "nvidia_nim sambanova novita nebius lambda_ai hyperbolic friendliai github github_copilot ai21 "
            "aleph_alpha voyage  "
            "jina_ai volcengine dashscope moonshot zai minimax baseten predibase snowflake featherless_ai "
            "nscale v0 morph  "
            "vercel_ai_gateway heroku elevenlabs deepgram assemblyai fal_ai recraft bytez gradient_ai "
            "meta_llama inception  "
            "stability wandb ovhcloud siliconflow"
        ).split()
    },
    "azure_openai": "azure",
    "openai-chat": "openai",
    "openai-responses": "openai",
    "text-completion-openai": "openai",
    "bedrock_converse": "bedrock",
    "google": "gemini",
    "google_genai": "gemini",
    "google-genai": "gemini",
    "google-gla": "gemini",
    "googleai": "gemini",
    "google_vertexai": "vertex_ai",
    "google-vertex": "vertex_ai",
    "google_anthropic_vertex": "vertex_ai",
    "vertex_ai_beta": "vertex_ai",
    "vertexai": "vertex_ai",
    "mistralai": "mistral",
    "together": "together_ai",
    "togetherai": "together_ai",
    "fireworks": "fireworks_ai",
    "fireworks-ai": "fireworks_ai",
    "cohere_chat": "cohere",
    "x-ai": "xai",
    "grok": "xai",
    "z-ai": "zai",
    "moonshotai": "moonshot",
    "nvidia": "nvidia_nim",
    "lambda": "lambda_ai",
    "cloudflare-workers-ai": "cloudflare",
    "fal-ai": "fal_ai",
    "gateway": "vercel_ai_gateway",
    "copilot": "github_copilot",
    "ibm": "watsonx",
    "upstage": "upstage",
    "jina": "jina_ai",
    "qwen": "dashscope",
    "aws": "bedrock",
    "oci": "oci",
    "fal": "fal_ai",
}
# Prefixes that say where a model runs, and leave its name what it was.
OLLAMA = frozenset(("ollama", "ollama_chat", "ollama-chat"))
LOCAL = frozenset("huggingface hf hosted_vllm vllm lm_studio llamafile xinference huggingface_hub sglang mlx".split())

# Of these, `provider/name` is a name of a service, unless the name says otherwise; they are no owners on the Hub, or own
# other models there.
_SERVICES = frozenset(
    "azure azure_ai anthropic bedrock sagemaker vertex_ai gemini mistral codestral groq together_ai "
    "fireworks_ai openrouter  "
    "perplexity cohere replicate anyscale deepseek xai x-ai watsonx nvidia_nim sambanova novita nebius "
    "lambda_ai hyperbolic  "
    "friendliai github_copilot ai21 aleph_alpha voyage jina_ai volcengine dashscope moonshot zai z-ai "
    "minimax baseten predibase  "
    "featherless_ai nscale vercel_ai_gateway elevenlabs deepgram fal_ai fal-ai azure_openai "
    "bedrock_converse google_genai  "
    "google-genai google-gla google-vertex google_vertexai vertex_ai_beta text-completion-openai "
    "cohere_chat deepinfra aws oci fal".split()
)

# Models that (almost) only services have, by the service that is meant where none is named. Lower case: the same words in
# capitals are repositories (`Mistral-Large-Instruct-2407`).
_VERSION = r"(?:[-@.:](?:latest|preview|stable|exp|\d[\w.-]*))*"
_FAMILIES = tuple(
    (provider, re.compile(pattern))
    for provider, pattern in (
        (
            "openai",
            (
                r"(?:ft:)?(?:gpt-(?:3\.5|35|4|5|6)[\w.:-]*|chatgpt-[\w.-]+|o[1345](?:-(?:mini|preview|pro|deep-research)[\w.-]*|-\d[\w.-]*)?|"
                r"text-embedding-(?:ada-\d+|3-(?:small|large))|text-(?:davinci|curie|babbage|ada)-\d+|code-davinci-\d+|"
                r"davinci-002|babbage-002|dall-e-\d|gpt-(?:image|realtime|audio)[\w.-]*|tts-1(?:-hd)?|whisper-1|"
                r"sora-\d[\w.-]*|codex-mini[\w.-]*|computer-use-preview[\w.-]*|omni-moderation[\w.-]*|text-moderation[\w.-]*)"
            ),
        ),
        ("anthropic", r"claude-[\w.@:-]+|claude(?:-(?:opus|sonnet|haiku|instant))?"),
        (
            "gemini",
            r"gemini-[\w.@-]+|text-embedding-00\d|gemini-embedding[\w.-]*|embedding-001|(?:text|chat)-bison[\w.@-]*|imagen-[\w.@-]+|veo-[\w.-]+|learnlm-[\w.-]+|textembedding-gecko[\w.@-]*",
        ),
        (
            "mistral",
            r"(?:open-)?mi[sx]tral-(?:tiny|small|medium|large|embed|ocr|saba|moderation|nemo)"
            + _VERSION
            + r"|open-mi[sx]tral-[\w.-]+|(?:codestral|ministral|pixtral|magistral|devstral|voxtral)(?:-(?:mamba|embed|small|medium|large|mini|\d+b))*-(?:latest|\d{4})",
        ),
        (
            "cohere",
            r"command(?:-(?:r|a|light|nightly|text|xlarge))[\w.-]*|command|embed-(?:english|multilingual|v\d)[\w.-]*|rerank-(?:english|multilingual|v?\d)[\w.-]*|c4ai-aya-[\w.-]+",
        ),
        ("xai", r"grok-[\w.-]+"),
        ("perplexity", r"sonar(?:-[\w-]+)?|pplx-[\w.-]+"),
        ("deepseek", r"deepseek-(?:chat|reasoner|coder)"),
        (
            "dashscope",
            r"qwen-(?:max|plus|turbo|long|flash|vl-max|vl-plus|coder-plus|omni-turbo)[\w.-]*|qwq-plus[\w.-]*|qwen3-(?:max|coder-plus|coder-flash|vl-plus)[\w.-]*|text-embedding-v\d|wanx[\w.-]*",
        ),
        (
            "zai",
            r"glm-(?:\d(?:\.\d)?(?:v|-(?:air|airx|flash|flashx|long|plus|0520|x))*|zero[\w-]*)|embedding-[23]|cogview-\d[\w-]*",
        ),
        ("moonshot", r"moonshot-v\d[\w.-]*|kimi-(?:latest|k\d[\w.-]*|thinking[\w.-]*)"),
        ("volcengine", r"doubao-[\w.-]+"),
        ("minimax", r"abab[\d.]+[\w-]*|minimax-(?:text|m\d)[\w.-]*"),
        ("baidu", r"ernie-(?:\d[\w.-]*|bot[\w-]*|speed[\w-]*|lite[\w-]*)"),
        ("yi", r"yi-(?:large|medium|vision|lightning|spark)[\w.-]*"),
        ("ai21", r"jamba-(?:instruct|large|mini|\d)[\w.-]*|j2-(?:ultra|mid|light)[\w.-]*"),
        ("voyage", r"voyage-[\w.-]+"),
        ("jina_ai", r"jina-(?:embeddings|reranker|clip)-v\d[\w.-]*"),
        (
            "bedrock",
            r"(?:(?:us|eu|apac|jp|au|ca|global|us-gov)\.)?(?:anthropic|amazon|meta|mistral|cohere|ai21|stability|deepseek|qwen|openai|writer|luma|twelvelabs|moonshot|minimax|google|nvidia|zai)\.[a-z][\w.-]*-[\w.:-]+",
        ),
        (
            "groq",
            r"llama3-(?:8|70)b-8192|llama-3\.\d-(?:\d+b-)?(?:instant|versatile|specdec)[\w.-]*|llama-3\.[123]-\d+b-(?:instant|versatile|text-preview|preview|vision-preview)|mixtral-8x7b-32768|gemma2?-\d+b-it|llama2-70b-4096|whisper-large-v3-turbo|distil-whisper-large-v3-en",
        ),
        ("azure", r"gpt-35-turbo[\w.-]*"),
        ("elevenlabs", r"eleven_[\w]+"),
        ("bedrock", r"nova-(?:pro|lite|micro|premier|canvas|reel|sonic)[\w.:-]*|titan-(?:text|embed)[\w.:-]*"),
    )
)
_ALIASES = frozenset("sonnet opus haiku".split())

# Brands as they stand in names of classes, packages, variables. The first that is found counts.
_BRANDS = (
    ("azureopenai", "azure"), ("azure", "azure"), ("openrouter", "openrouter"), ("openai", "openai"), ("anthropic", "anthropic"),
    ("claude", "anthropic"), ("vertex", "vertex_ai"), ("googlegenerativeai", "gemini"), ("googlegenai", "gemini"),
    ("googleai", "gemini"), ("gemini", "gemini"), ("generativemodel", "gemini"), ("genai", "gemini"), ("bedrock", "bedrock"),
    ("mistral", "mistral"), ("groq", "groq"), ("cohere", "cohere"), ("together", "together_ai"), ("fireworks", "fireworks_ai"),
    ("ollama", "ollama"), ("deepseek", "deepseek"), ("xai", "xai"), ("perplexity", "perplexity"), ("cerebras", "cerebras"),
    ("sambanova", "sambanova"), ("watsonx", "watsonx"), ("zhipu", "zai"), ("tongyi", "dashscope"), ("dashscope", "dashscope"),
    ("moonshot", "moonshot"), ("voyage", "voyage"), ("jina", "jina_ai"), ("replicate", "replicate"), ("nvidia", "nvidia_nim"),
    ("modelscope", "modelscope"), ("huggingface", "hub"), ("huggingfacehub", "hub"), ("transformers", "hub"),
)  # fmt: skip
_LETTERS = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=8192)
def family(name: str) -> str | None:
    """The service that is meant by a model's bare name; None where the name is no service's."""
    for provider, pattern in _FAMILIES:
        if pattern.fullmatch(name):
            return provider
    return None


def is_alias(name: str) -> bool:
    """Whether a word is short for one of Anthropic's models; only where a model is expected."""
    return name in _ALIASES


def is_service(owner: str) -> bool:
    """Whether what stands before the slash is a service rather than an owner on the Hub."""
    return owner in _SERVICES


@lru_cache(maxsize=4096)
def brand(*names: str) -> str | None:
    """The service that the name of a class, call, package or variable is about; `ollama`, `hub`, `modelscope` among them."""
    for name in names:
        plain = _LETTERS.sub("", name.lower())
        for part, provider in _BRANDS:
            if part in plain:
                return provider
    return None
