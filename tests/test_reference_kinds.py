"""References in every kind of file: what is named, and what only looks like a name. All examples are made up."""

import json

import pytest

from tests.test_references import found, shown

FOUND = [
    # Libraries of Python
    ("x.py", "m = AutoModelForCausalLM.from_pretrained('EleutherAI/pythia-160m')", "hf:EleutherAI/pythia-160m"),
    ("x.py", "pipe = DiffusionPipeline.from_pretrained('stabilityai/sdxl-turbo', revision='fp16')", "hf:stabilityai/sdxl-turbo@fp16"),
    ("x.py", "encoder = CrossEncoder('ms-marco-MiniLM-L-6-v2')", "hf:cross-encoder/ms-marco-MiniLM-L-6-v2"),
    ("x.py", "engine = AsyncLLMEngine.from_engine_args(AsyncEngineArgs(model='Qwen/Qwen2.5-7B'))", "hf:Qwen/Qwen2.5-7B"),
    ("x.py", "llm = sgl.Engine(model_path='google/gemma-2-2b-it')", "hf:google/gemma-2-2b-it"),
    ("x.py", "lm = dspy.LM('ollama_chat/phi4')", "ollama:phi4"),
    ("x.py", "litellm.completion(model='together_ai/Qwen/Qwen2.5-72B', messages=[])", "api:together_ai/Qwen/Qwen2.5-72B"),
    ("x.py", "litellm.completion(model='bedrock/anthropic.claude-v2:1', messages=m)", "api:bedrock/anthropic.claude-v2:1"),
    ("x.py", "init_chat_model('gpt-4o-mini', model_provider='openai')", "api:openai/gpt-4o-mini"),
    ("x.py", "init_chat_model('ollama:mistral')", "ollama:mistral"),
    ("x.py", "llm = ChatAnthropic(model='claude-3-haiku-20240307')", "api:anthropic/claude-3-haiku-20240307"),
    ("x.py", "llm = ChatGroq(model='llama-3.3-70b-versatile')", "api:groq/llama-3.3-70b-versatile"),
    ("x.py", "Settings.embed_model = HuggingFaceEmbedding(model_name='BAAI/bge-small-en-v1.5')", "hf:BAAI/bge-small-en-v1.5"),
    ("x.py", "genai.GenerativeModel('gemini-1.5-flash')", "api:gemini/gemini-1.5-flash"),
    ("x.py", "client.messages.create(model='claude-sonnet-4-0', max_tokens=1)", "api:anthropic/claude-sonnet-4-0"),
    ("x.py", "from groq import Groq\nGroq().chat.completions.create(model='gemma2-9b-it')", "api:groq/gemma2-9b-it"),
    ("x.py", "ollama.chat(model='qwen2.5-coder:1.5b', messages=[])", "ollama:qwen2.5-coder:1.5b"),
    ("x.py", "from modelscope import AutoModel\nAutoModel.from_pretrained('OpenBMB/MiniCPM-2B')", "modelscope:OpenBMB/MiniCPM-2B"),
    ("x.py", "Llama(model_path='./weights/tiny.Q4_K_M.gguf')", "file:./weights/tiny.Q4_K_M.gguf"),
    ("x.py", "Llama.from_pretrained(repo_id='bartowski/SmolLM2-135M-Instruct-GGUF', filename='*Q8_0.gguf')", "hf:bartowski/SmolLM2-135M-Instruct-GGUF"),
    ("x.py", "YOLO('yolo11n.pt')", "file:yolo11n.pt"),
    ("x.py", "onnxruntime.InferenceSession('assets/detector.onnx')", "file:assets/detector.onnx"),
    ("x.py", "timm.create_model('hf-hub:timm/resnet50.a1_in1k', pretrained=True)", "hf:timm/resnet50.a1_in1k"),
    ("x.py", "snapshot_download(repo_id='allenai/c4', repo_type='dataset')", "dataset:allenai/c4"),
    ("x.py", "ds = load_dataset('imdb', split='train')", "dataset:imdb"),
    ("x.py", "AutoTokenizer.from_pretrained('roberta-large')", "hf:roberta-large"),
    # Python: values followed
    ("x.py", "N = 'tiiuae/falcon-7b'\ndef f():\n    return AutoModel.from_pretrained(N)", "hf:tiiuae/falcon-7b"),
    ("x.py", "def load(name='bigscience/bloom-560m'):\n    return AutoModel.from_pretrained(name)", "hf:bigscience/bloom-560m"),
    ("x.py", "class C(BaseModel):\n    llm_model: str = Field(default='gpt-4.1-mini')", "api:openai/gpt-4.1-mini"),
    ("x.py", "@dataclass\nclass C:\n    base_model: str = field(default='microsoft/phi-2')", "hf:microsoft/phi-2"),
    ("x.py", "@click.option('--checkpoint-model', default='distilbert/distilbert-base-cased')\ndef main(checkpoint_model): ...", "hf:distilbert/distilbert-base-cased"),
    ("x.py", "OWNER = 'mistralai'\nAutoModel.from_pretrained(f'{OWNER}/Mistral-7B-v0.1')", "hf:mistralai/Mistral-7B-v0.1"),
    ("x.py", "AutoModel.from_pretrained('facebook/' + 'opt-125m')", "hf:facebook/opt-125m"),
    ("x.py", "AutoModel.from_pretrained(f'google/t5-v1_1-{size}')", "hf:google/t5-v1_1-*"),
    ("x.py", "AutoModel.from_pretrained('/'.join(['openai', 'whisper-tiny']))", "hf:openai/whisper-tiny"),
    ("x.py", "MODELS = {'s': 'Salesforce/blip-vqa-base'}\nf = BlipModel.from_pretrained(MODELS['s'])", "hf:Salesforce/blip-vqa-base"),
    ("x.py", "model = os.environ.get('EMBED', 'thenlper/gte-small')", "hf:thenlper/gte-small"),
    ("x.py", "name = 'intfloat/e5-small' if fast else 'x'\nAutoModel.from_pretrained(name)", "hf:intfloat/e5-small"),
    ("x.py", "subprocess.run(['ollama', 'pull', 'tinyllama'])", "ollama:tinyllama"),
    ("x.py", "def f():\n    '''\n    >>> m = AutoModel.from_pretrained('google/vit-base-patch16-224')\n    '''", "hf:google/vit-base-patch16-224"),
    # Python that does not parse
    ("x.py", '    model="claude-3-opus-latest",\n    temperature=0,', "api:anthropic/claude-3-opus-latest"),
    ("x.py", '>>> processor = AutoProcessor.from_pretrained("suno/bark-small"', "hf:suno/bark-small"),
    # JavaScript, TypeScript
    ("x.ts", "const gen = await pipeline('text-generation', 'onnx-community/Qwen2.5-0.5B-Instruct', { dtype: 'q4' });", "hf:onnx-community/Qwen2.5-0.5B-Instruct"),
    ("x.ts", "const { text } = await generateText({ model: openai('gpt-4o'), prompt: 'x' });", "api:openai/gpt-4o"),
    ("x.ts", 'const { text } = await generateText({ model: anthropic("claude-3-5-sonnet-latest") });', "api:anthropic/claude-3-5-sonnet-latest"),
    ("x.js", "const llm = new ChatOllama({ model: 'gemma2:2b' });", "ollama:gemma2:2b"),
    ("x.js", "const MODEL = process.env.MODEL ?? 'mistral-small-latest';", "api:mistral/mistral-small-latest"),
    ("x.js", "const id = `Xenova/whisper-tiny`;\nawait AutoModel.from_pretrained(id);", "hf:Xenova/whisper-tiny"),
    ("x.tsx", 'const r = /"/; const e = <C model="gpt-4-turbo" />;', "api:openai/gpt-4-turbo"),
    # Rust, Go, Java
    ("x.rs", 'let repo = api.model("sentence-transformers/all-mpnet-base-v2".to_string());', "hf:sentence-transformers/all-mpnet-base-v2"),
    ("x.rs", 'let r = Repo::with_revision("BAAI/bge-m3".into(), RepoType::Model, rev);', "hf:BAAI/bge-m3"),
    ("x.go", 'req := openai.ChatCompletionRequest{Model: "gpt-3.5-turbo"}', "api:openai/gpt-3.5-turbo"),
    ("x.java", 'var m = OllamaChatModel.builder().modelName("llama3.1").build();', "ollama:llama3.1"),
    # Shell, containers
    ("x.sh", "hf download Qwen/Qwen3-8B --revision abc123 --local-dir /data", "hf:Qwen/Qwen3-8B@abc123"),
    ("x.sh", "huggingface-cli download --repo-type dataset squad_v2/x train.json", "dataset:squad_v2/x"),
    ("x.sh", "M=HuggingFaceTB/SmolLM-135M\nvllm serve $M --port 80", "hf:HuggingFaceTB/SmolLM-135M"),
    ("x.sh", "vllm serve \\\n  --port 8000 \\\n  01-ai/Yi-6B", "hf:01-ai/Yi-6B"),
    ("x.sh", "llama-server -m models/phi.gguf -c 2048", "file:models/phi.gguf"),
    ("x.sh", "docker model pull ai/smollm2:360M-Q4_K_M", "oci:ai/smollm2:360M-Q4_K_M"),
    ("x.sh", "ollama run hf.co/unsloth/gemma-3-1b-it-GGUF:Q4_K_M", "hf:unsloth/gemma-3-1b-it-GGUF"),
    ("x.sh", "git clone https://huggingface.co/microsoft/phi-1_5", "hf:microsoft/phi-1_5"),
    ("x.sh", "lm_eval --model hf --model_args pretrained=allenai/OLMo-1B,dtype=float --tasks x", "hf:allenai/OLMo-1B"),
    ("Dockerfile", "FROM python:3.12\nRUN pip install x \\\n && hf download baichuan-inc/Baichuan-7B\n", "hf:baichuan-inc/Baichuan-7B"),
    ("Dockerfile", 'FROM vllm/vllm-openai\nCMD ["--model", "deepseek-ai/deepseek-llm-7b-base"]\n', "hf:deepseek-ai/deepseek-llm-7b-base"),
    ("Modelfile", "FROM ./llama.Q4_0.gguf\nPARAMETER temperature 1\n", "file:./llama.Q4_0.gguf"),
    # YAML
    ("c.yaml", "services:\n  tgi:\n    image: ghcr.io/huggingface/text-generation-inference\n    command: --model-id tiiuae/falcon-7b-instruct --port 80", "hf:tiiuae/falcon-7b-instruct"),
    ("c.yaml", "models:\n  llm:\n    model: ai/mistral\n    context_size: 1000", "oci:ai/mistral"),
    ("c.yaml", "spec:\n  containers:\n  - image: vllm/vllm-openai\n    args: ['--model', 'Qwen/Qwen2-VL-7B-Instruct', '--revision', 'v2']", "hf:Qwen/Qwen2-VL-7B-Instruct@v2"),
    ("c.yaml", "env:\n- name: MODEL_ID\n  value: bigcode/starcoder2-3b", "hf:bigcode/starcoder2-3b"),
    ("c.yaml", "spec:\n  predictor:\n    model:\n      storageUri: hf://ibm-granite/granite-3.0-2b:8a9b", "hf:ibm-granite/granite-3.0-2b@8a9b"),
    ("c.yaml", "spec:\n  url: ollama://gemma2:2b\n  engine: OLlama", "ollama:gemma2:2b"),
    ("c.yaml", "servingEngineSpec:\n  modelSpec:\n  - modelURL: facebook/opt-125m", "hf:facebook/opt-125m"),
    ("c.yaml", "jobs:\n  a:\n    steps:\n    - run: |\n        ollama pull smollm2\n", "ollama:smollm2"),
    ("c.yaml", "{{- if .Values.x }}\n  model: {{ .Values.a }}\n  model_id: upstage/SOLAR-10.7B-v1.0\n{{- end }}", "hf:upstage/SOLAR-10.7B-v1.0"),
    ("c.yaml", "datasets:\n  - path: tatsu-lab/alpaca\n    type: alpaca", "dataset:tatsu-lab/alpaca"),
    # Other configuration
    ("x.json", '{"base_model_name_or_path": "NousResearch/Llama-2-7b-hf", "revision": "v9"}', "hf:NousResearch/Llama-2-7b-hf@v9"),
    ("x.json", '{"scripts": {"models": "ollama pull nomic-embed-text"}}', "ollama:nomic-embed-text"),
    ("x.toml", "[model]\nname = 'nvidia/NV-Embed-v2'\n", "hf:nvidia/NV-Embed-v2"),
    (".env", "OLLAMA_MODEL=deepseek-coder:6.7b # small", "ollama:deepseek-coder:6.7b"),
    ("app.ini", "[embedding]\nmodel = jinaai/jina-embeddings-v2-base-en", "hf:jinaai/jina-embeddings-v2-base-en"),
    ("requirements.txt", "https://huggingface.co/spacy/en_core_web_sm/resolve/main/x.whl\n", "hf:spacy/en_core_web_sm"),
    ("README.md", "See [the model](https://huggingface.co/dslim/bert-base-NER/tree/v1).\n", "hf:dslim/bert-base-NER@v1"),
    ("README.md", "```bash\n$ ollama pull llava:13b\n```\n", "ollama:llava:13b"),
    # More of all kinds
    ("x.py", "agent = Agent('google-gla:gemini-1.5-flash')", "api:gemini/gemini-1.5-flash"),
    ("x.py", "Agent('openai:gpt-4o', system_prompt='x')", "api:openai/gpt-4o"),
    ("x.py", "embeddings = OllamaEmbeddings(model='nomic-embed-text')", "ollama:nomic-embed-text"),
    ("x.py", "llm = Ollama(model='mistral', request_timeout=1)", "ollama:mistral"),
    ("x.py", "llm = HuggingFaceLLM(model_name='HuggingFaceH4/zephyr-7b-beta', tokenizer_name='HuggingFaceH4/zephyr-7b-beta')", "hf:HuggingFaceH4/zephyr-7b-beta"),
    ("x.py", "client = InferenceClient('mistralai/Mistral-7B-Instruct-v0.3')", "hf:mistralai/Mistral-7B-Instruct-v0.3"),
    ("x.py", "client = InferenceClient(model='deepseek-ai/DeepSeek-R1:novita')", "hf:deepseek-ai/DeepSeek-R1"),
    ("x.py", "model, _, pre = open_clip.create_model_and_transforms('hf-hub:laion/CLIP-ViT-g-14-laion2B-s12B-b42K')", "hf:laion/CLIP-ViT-g-14-laion2B-s12B-b42K"),
    ("x.py", "processor = WhisperProcessor.from_pretrained(\"openai/whisper-small\", language='hi')", "hf:openai/whisper-small"),
    ("x.py", "api.upload_file(path_or_fileobj='x', repo_id='someuser-x/bert-tuned')", "hf:someuser-x/bert-tuned"),
    ("x.py", "response = openai.Embedding.create(input=x, engine='text-embedding-ada-002')", "api:openai/text-embedding-ada-002"),
    ("x.py", "DEFAULTS = dict(model='command-r-plus', t=1)", "api:cohere/command-r-plus"),
    ("x.py", "llm = LLM(model='ollama/llama3.2', base_url='http://localhost:11434')", "ollama:llama3.2"),
    ("x.py", "parser.add_argument('--pretrained', default='microsoft/resnet-50')", "hf:microsoft/resnet-50"),
    ("x.py", "vae = AutoencoderKL.from_pretrained('madebyollin/sdxl-vae-fp16-fix')", "hf:madebyollin/sdxl-vae-fp16-fix"),
    ("x.py", "model = VertexAI(model_name='gemini-pro')", "api:vertex_ai/gemini-pro"),
    ("x.py", "bedrock.invoke_model(modelId='anthropic.claude-3-sonnet-20240229-v1:0', body=b)", "api:bedrock/anthropic.claude-3-sonnet-20240229-v1:0"),
    ("x.py", 'model_id = "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2"', "api:bedrock/anthropic.claude-v2"),
    ("x.py", "MODEL = 'replicate/meta/meta-llama-3-8b'", "api:replicate/meta/meta-llama-3-8b"),
    ("x.py", "out = replicate.run('black-forest-labs/flux-schnell', input={})", "api:replicate/black-forest-labs/flux-schnell"),
    ("x.js", "const model = genAI.getGenerativeModel({ model: 'gemini-1.5-flash' });", "api:gemini/gemini-1.5-flash"),
    ("x.js", "const res = await ollama.chat({ model: 'llama3.1', messages })", "ollama:llama3.1"),
    ("x.js", "const hf = new HfInference(t); await hf.textGeneration({ model: 'google/flan-t5-xxl', inputs: 'x' })", "hf:google/flan-t5-xxl"),
    ("x.ts", 'const m = new ChatOpenAI({ modelName: "gpt-4", temperature: 0 })', "api:openai/gpt-4"),
    ("x.ts", 'model: "@cf/meta/llama-3-8b-instruct",', "api:cloudflare/cf/meta/llama-3-8b-instruct"),
    ("x.ts", "export const DEFAULT_MODEL = 'anthropic/claude-3.5-sonnet'", "api:anthropic/claude-3.5-sonnet"),
    ("x.rs", '#[arg(long, default_value = "lmz/candle-quantized-phi")]\nmodel_id: String', "hf:lmz/candle-quantized-phi"),
    ("x.rs", 'let model_id = match m { Which::A => "mistralai/Mistral-7B-v0.1", Which::B => x };', "hf:mistralai/Mistral-7B-v0.1"),
    ("x.go", 'llm, err := ollama.New(ollama.WithModel("llama2"))', "ollama:llama2"),
    ("x.go", 'const defaultModel = "text-embedding-3-small"', "api:openai/text-embedding-3-small"),
    ("x.sh", "python -m vllm.entrypoints.openai.api_server --model facebook/opt-125m --port 1", "hf:facebook/opt-125m"),
    ("x.sh", "docker run -e MODEL_ID=BAAI/bge-base-en-v1.5 ghcr.io/huggingface/tei", "hf:BAAI/bge-base-en-v1.5"),
    ("x.sh", "docker run --gpus all ghcr.io/huggingface/text-generation-inference:2 --model-id tiiuae/falcon-7b", "hf:tiiuae/falcon-7b"),
    ("x.sh", "export ANTHROPIC_MODEL=claude-3-7-sonnet-latest", "api:anthropic/claude-3-7-sonnet-latest"),
    ("x.sh", 'MODEL_PATH=${1:-"lmsys/vicuna-7b-v1.5"}', "hf:lmsys/vicuna-7b-v1.5"),
    ("x.sh", "wget https://huggingface.co/TheBloke/Llama-2-7B-GGUF/resolve/main/llama-2-7b.Q4_K_M.gguf", "hf:TheBloke/Llama-2-7B-GGUF"),
    ("x.sh", "curl http://localhost:11434/api/generate -d '{\"model\": \"llama3.2\", \"prompt\": \"x\"}'", "ollama:llama3.2"),
    ("x.sh", "curl localhost:8000/v1/completions -d '{\"model\": \"Qwen/Qwen2.5-1.5B-Instruct\"}'", "hf:Qwen/Qwen2.5-1.5B-Instruct"),
    ("x.sh", "lms get qwen/qwen3-8b", "hf:qwen/qwen3-8b"),
    ("Dockerfile", "FROM python\nARG MODEL=google/gemma-2b\nRUN python dl.py $MODEL", "hf:google/gemma-2b"),
    ("Dockerfile", "FROM python\nRUN python -c \"from transformers import AutoModel; AutoModel.from_pretrained('bert-base-uncased')\"", "hf:bert-base-uncased"),
    ("c.yaml", "name: ci\non: push\njobs:\n  x:\n    runs-on: ubuntu\n    env:\n      OPENAI_MODEL: gpt-4o-mini\n", "api:openai/gpt-4o-mini"),
    ("c.yaml", "model_list:\n  - model_name: gpt\n    litellm_params:\n      model: azure/gpt-4o-deploy", "api:azure/gpt-4o-deploy"),
    ("c.yaml", "providers:\n  - openai:gpt-4o-mini\n  - ollama:chat:llama3.1", "api:openai/gpt-4o-mini"),
    ("c.yaml", "environment:\n  - LLM_MODEL=mistral:7b", "ollama:mistral:7b"),
    ("c.yaml", 'containers:\n- args: ["--model=meta-llama/Llama-3.2-1B", "--x"]', "hf:meta-llama/Llama-3.2-1B"),
    ("c.yaml", 'command: ["/bin/sh","-c"]\nargs: ["vllm serve mistralai/Mixtral-8x7B-v0.1 --trust-remote-code"]', "hf:mistralai/Mixtral-8x7B-v0.1"),
    ("c.yaml", "- name: tiny\n  url: huggingface://TheBloke/phi-2-GGUF/phi-2.Q8_0.gguf", "hf:TheBloke/phi-2-GGUF"),
    ("c.yaml", "base_model: NousResearch/Llama-3.2-1B\nmodel_type: LlamaForCausalLM", "hf:NousResearch/Llama-3.2-1B"),
    ("c.yaml", "llm:\n  provider: openai\n  model: gpt-4", "api:openai/gpt-4"),
    ("x.json", '{"models":[{"title":"x","provider":"ollama","model":"qwen2.5-coder:7b"}]}', "ollama:qwen2.5-coder:7b"),
    ("x.json", '{"_name_or_path": "gpt2", "architectures": ["GPT2LMHeadModel"]}', "hf:gpt2"),
    ("x.json", '{"mcpServers":{"x":{"args":["--model","claude-3-5-haiku-latest"]}}}', "api:anthropic/claude-3-5-haiku-latest"),
    ("x.toml", '[tool.x]\nembedding_model = "BAAI/bge-m3"', "hf:BAAI/bge-m3"),
    (".env", "LLM_MODEL=ollama/llama3.1:8b", "ollama:llama3.1:8b"),
    ("x.md", "First `ollama pull llava:7b`.", "ollama:llava:7b"),
    ("x.md", "```\n$ vllm serve Qwen/Qwen3-4B\n```", "hf:Qwen/Qwen3-4B"),
    ("x.sh", "for size in 7b; do\n  ollama pull llama2:$size\ndone", "ollama:llama2:7b"),
    ("x.py", "model = WhisperModel('large-v3', device='cuda')", "hf:Systran/faster-whisper-large-v3"),
    ("x.py", "topic = BERTopic(embedding_model='paraphrase-MiniLM-L6-v2')", "hf:sentence-transformers/paraphrase-MiniLM-L6-v2"),
    ("x.py", "from agno.models.groq import Groq\nm = Groq(id='llama-3.3-70b-versatile')", "api:groq/llama-3.3-70b-versatile"),
    ("x.ts", "const engine = await CreateMLCEngine('Phi-3.5-mini-instruct-q4f16_1-MLC');", "hf:mlc-ai/Phi-3.5-mini-instruct-q4f16_1-MLC"),
    ("x.py", "c = OpenAI(base_url='https://api.together.xyz/v1')\nc.chat.completions.create(model='Qwen/Qwen2.5-7B-Instruct-Turbo')", "api:together_ai/Qwen/Qwen2.5-7B-Instruct-Turbo"),
    ("x.ts", "import OpenAI from 'openai';\nconst c = new OpenAI({baseURL: 'https://api.cerebras.ai/v1'});\nc.chat.completions.create({model: 'qwen-3-32b'});", "api:cerebras/qwen-3-32b"),
    ("x.py", "U = 'https://openrouter.ai/api/v1/chat/completions'\npost(U, json={'model': 'qwen/qwen3-235b-a22b:free'})", "api:openrouter/qwen/qwen3-235b-a22b:free"),
    ("c.yaml", "- model_name: gpt-4o\n  litellm_params:\n    model: groq/llama-3.1-8b-instant", "api:groq/llama-3.1-8b-instant"),
    ("x.py", 'AutoTokenizer.from_pretrained(pretrained_model_name_or_path="t5-small")', "hf:t5-small"),
    ("x.py", 'ds = load_dataset("glue", "mrpc")', "dataset:glue"),
    ("x.ipynb", '{"cells":[{"cell_type":"code","source":["!huggingface-cli download google/gemma-2b\\n"]}],"metadata":{},"nbformat":4,"nbformat_minor":5}', "hf:google/gemma-2b"),
]  # fmt: skip

NOTHING = [
    ("x.py", "AutoModel.from_pretrained('your-org/your-model')"),
    ("x.py", "AutoModel.from_pretrained('path/to/model')"),
    ("x.py", "AutoModel.from_pretrained(model_name)"),
    ("x.py", "class Meta:\n    model = Order\n    verbose_name = 'sales/order'"),
    ("x.py", "if model == 'gpt-4':\n    limit = 8192"),
    ("x.py", "requests.get(url, headers={'accept': 'application/json'})"),
    ("x.py", "zone = ZoneInfo('Europe/Berlin')"),
    ("x.py", "open('models/readme.txt')"),
    ("x.py", "model_type = 'bert'"),
    ("x.py", "MODELS = {'Ollama': 'my_package.models.ollama'}"),
    ("x.py", "car = Car(model='Corolla', make='Toyota')"),
    ("x.js", "import { pipeline } from '@huggingface/transformers';"),
    ("x.ts", "const phone = { model: 'iPhone 15', storage: '128GB' };"),
    ("x.go", 'import "github.com/sashabaranov/go-openai"'),
    ("x.rs", "use candle_core::{Device, Tensor};"),
    ("x.sh", "git clone https://github.com/openai/whisper"),
    ("x.sh", 'vllm serve "$MODEL"'),
    ("x.sh", "docker pull ollama/ollama:latest"),
    ("x.sh", "vllm serve $M --served-model-name llama"),
    ("Dockerfile", 'FROM ghcr.io/huggingface/text-embeddings-inference:1.5\nENTRYPOINT ["run"]\n'),
    ("c.yaml", "steps:\n- uses: actions/checkout@v4"),
    ("c.yaml", "image: vllm/vllm-openai:v0.6.0"),
    ("c.yaml", "model_name: {{ .Values.model }}"),
    ("x.json", '{"repository": "huggingface/transformers.js", "version": "3.0.0"}'),
    ("x.json", '{"dependencies": {"@xenova/transformers": "2.17.0"}}'),
    ("x.toml", "[project]\nname = 'x'\nrepository = 'https://github.com/o/r'"),
    ("licscan.toml", '[[waivers]]\nmodel = "hf:google/gemma-2b"'),
    ("licscan-baseline.json", '{"model": "hf:google/gemma-2b"}'),
    ("pyproject.toml", '[[tool.licscan.waivers]]\nmodel = "hf:google/gemma-2b"'),
    ("pyproject.toml", '[tool.licscan]\nmodel = "google/gemma-2b"'),
    (".env", "MODEL_CACHE_DIR=/var/cache/models"),
    ("README.md", "We use [the docs](https://huggingface.co/docs/hub) and [a paper](https://huggingface.co/papers/1706.03762)."),
    ("README.md", "Try https://huggingface.co/spaces/org/demo"),
    ("x.py", "model = AutoModel.from_pretrained(os.path.join('models', 'bert'))"),
    ("x.py", "spacy.load('en_core_web_sm')"),
    ("x.py", "m = whisper.load_model('base')"),
    ("x.py", "interpreter.llm.model = 'openai/local'"),
    ("x.py", "raise ollama.RequestError('gone')"),
    ("x.py", "vad = torch.hub.load(repo_or_dir='snakers4/silero-vad', model='silero_vad')"),
    ("c.yaml", "repo_url: https://github.com/harbor/pier-7b\nrepo_name: harbor/pier-7b"),
    ("x.sh", "for i in 1 2 3; do curl localhost:8000/$i; done"),
    ("x.md", "Say `ollama pull <model>`, `hf download $MODEL` or `npm run dev`."),
    ("x.md", "```\ncd models/llama-3\nmake all\n```"),
    ("c.yaml", "- model_name: gpt-4o\n  litellm_params:\n    api_key: x"),
    (".env", "AZURE_OPENAI_DEPLOYMENT=gpt-4o"),
    (".env", "EMBEDDING_MODEL_NAME=all-MiniLM-L6-v2"),
    ("x.py", "ds = load_dataset('json', data_files='x.json')"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "source", "ref"), FOUND)
def test_finds_what_is_named(name: str, source: str, ref: str) -> None:
    """In every kind of file the model that is named is found, and no other."""
    assert {shown(one) for one in found(source, name)} == {ref}


def test_a_loop_names_every_model_of_its_list() -> None:
    """Commands in a loop are read once for each value, at the place of the value."""
    text = 'MODELS=(\n  meta-llama/Llama-3.1-8B\n  \'Qwen/Qwen2.5-14B\'\n)\nfor m in "${MODELS[@]}" google/gemma-2b; do\n  hf download "$m" --local-dir m/$m\ndone\n'
    named = [(one.line, one.name) for one in found(text, "x.sh")]
    assert named == [(2, "meta-llama/Llama-3.1-8B"), (3, "Qwen/Qwen2.5-14B"), (5, "google/gemma-2b")]


@pytest.mark.parametrize(("name", "source"), NOTHING)
def test_leaves_alone_what_only_looks_like_a_name(name: str, source: str) -> None:
    """Placeholders, images, packages, media types, file names, zones and phones are no models."""
    assert found(source, name) == []


def test_notebooks_are_read_as_one() -> None:
    """Cells share their names; magics are no Python; the line is that of the file."""
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["model='x-org/none-7b'"]},
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "source": ["%pip install x\n", "NAME = 'Qwen/Qwen3-4B'\n"],
        },
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "source": "!ollama pull phi3\nm = AutoModel.from_pretrained(NAME)",
        },
    ]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    refs = {(shown(one), "NAME =" in text.split("\n")[one.line - 1]) for one in found(text, "n.ipynb")}
    assert refs == {("hf:Qwen/Qwen3-4B", True), ("ollama:phi3", False)}
