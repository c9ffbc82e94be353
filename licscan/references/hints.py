"""Where source code could name a model: a look at its bytes, many times faster than parsing it."""

import re2

from licscan.references import shapes

# Keys and calls that take a model; without one, only names that need nobody to say what they are count.
_PLACES = re2.compile(
    rb"""(?i)(?:model|repo_?id|checkpoint|ckpt|tokenizer|encoder|backbone|tower|llms?|embed|embedder|embeddings?|adapter|lora|"""
    rb"""pretrained|weights|dataset|reranker|engine|name_or_path|hf_\w+|repo)[\w-]*["']?\s*(?:[:=(,)\]]|\))|pipeline\(|snapshot_download|from_\w+\(|hf_hub_download|"""
    rb"""SentenceTransformer|CrossEncoder|load_dataset|init_chat|Chat[A-Z]\w+\(|WhisperModel|"""
    rb""""""
    rb"""InferenceSession|YOLO\(|LM\(|Agent\(|(?:openai|anthropic|gemini|genai|mistral|groq|cohere|ollama|bedrock|together|vertex)\w*\("""
)
_STEMS = (
    rb"gpt-|gpt2|gpt4|chatgpt|davinci|babbage|dall-e|whisper|o[1345](?:-|[\"'])|claude|sonnet|opus|haiku|gemini|gemma|bison|llama|"
    rb"mi[sx]tral|codestral|pixtral|magistral|devstral|voxtral|command|rerank|grok|sonar|deepseek|qwen|qwq|glm-|kimi|moonshot|doubao|"
    rb"ernie|jamba|voyage|jina|nova-|titan-|bert|t5-|xlnet|xlm-|electra|minilm|mpnet|bge-|gte-|e5-|phi|falcon|nomic|mxbai|"
    rb"orca|vicuna|starcoder|zephyr|smollm|granite|olmo|aya-|yi-|imagen|veo-|embedding|tts-|embed-|all-|multi-qa|paraphrase|sora-|"
    rb"text-davinci|text-embedding|eleven_|bloom|opt-|yolo|stable-|flux|distil|openai|transfo|codegen|solar|hermes|internlm|"
    rb"baichuan|clip|vit-|llava|moe|instruct|chat|ctrl|\d[bB]\b|-base|-large|-small|-v\d|anthropic|amazon\.|meta\.|us\.|eu\.|ft:"
)
# Quoted values that could be a name, and the beginnings of calls whose argument may be a variable.
_HINTS = re2.compile(
    rb"""["'`]([\w.:@${}~$%*-]*(?:/[\w.{}%*:@+-]+)+/?)["'`]|["'`][\w.:-]*(?i:""" + _STEMS + rb""")[\w.:@*{}%-]*["'`]|"""
    rb"""(["'`](?:https?://)?(?:www\.)?(?:hf|oci|docker|ollama|ms|modelscope|huggingface|hf-hub|hf_hub|hf\.co|"""
    rb"""huggingface\.co):?/)|>>> |"""
    rb"""\.(?:gguf|safetensors|onnx|ckpt|pth?)["']|\}/\{|"""
    rb"""(?:from_pretrained|from_single_file|hf_hub_download|snapshot_download|load_dataset|SentenceTransformer|CrossEncoder|LLM|pipeline|"""
    rb"""Chat\w+|\w+Embeddings?|init_chat_model|WhisperModel|InferenceSession|create|completion|LM|Agent|generate_content|"""
    rb"""GenerativeModel|from_hub|load_model|\w*(?:ollama|Ollama)[\w.]*)\(\s*[\w"')]|\bmodel(?:_name|_id|_path|_name_or_path)?\s*=\s*[A-Za-z_]|"""
    rb"""(ollama |["']pull["']|["']run["']|["']serve["']|hf download|huggingface-cli|"""
    rb"""vllm serve|docker model|FROM [\w.-]+\s)"""
)
_OTHER = (
    b".py .html .htm .txt .json .js .css .yaml .yml .md .csv .png .jpg .jpeg .xml .toml .cfg .svg .gif .rst .ini "
    b".log .sh .zip .gz "
    b".so .dll .exe .c .h .pdf .tsv .lock .po .db".split()
)
_SUFFIXES = tuple(_OTHER)
_TYPES = (b"text/", b"application/", b"image/", b"audio/", b"video/", b"multipart/")


def lines(data: bytes) -> list[int]:
    """The lines (from 1) on which a file could name a model, in order; each may come several times.

    Args:
        data: The source in UTF-8.
    """
    places = _PLACES.search(data) is not None
    found: list[int] = []
    line, counted = 1, 0
    for hint in _HINTS.finditer(data):
        path = hint.group(1)
        if path is not None and not _may_be(path, places=places):
            continue
        if path is None and not places and hint.group(2) is None and hint.group(3) is None:
            continue
        start = hint.start()
        line += data.count(b"\n", counted, start)
        counted = start
        found.append(line)
        below = data.count(b"\n", start, hint.end())
        if below:
            found.append(line + below)
    return found


def _may_be(path: bytes, *, places: bool) -> bool:
    if path.endswith(_SUFFIXES) or path.startswith(_TYPES):
        return False
    if places:
        return True
    return path.count(b"/") == 1 and shapes.is_model_like(path.decode("ascii", "replace"))
