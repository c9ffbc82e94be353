"""Answers questions, with a large model where there is room for one."""

from transformers import AutoModelForCausalLM, AutoTokenizer, pipeline


def large():
    name = "meta-llama/Llama-3.1-8B-Instruct"
    return AutoModelForCausalLM.from_pretrained("meta-llama/Llama-3.1-8B-Instruct"), AutoTokenizer.from_pretrained(name)


def small():
    return pipeline("text-generation", model="Qwen/Qwen2.5-3B-Instruct")


def reasoning():
    return AutoModelForCausalLM.from_pretrained("deepseek-ai/DeepSeek-R1-Distill-Llama-8B")


def open_science():
    return AutoModelForCausalLM.from_pretrained("allenai/OLMo-2-1124-7B"), pipeline(model="bigscience/bloom-560m")


def ours():
    return AutoModelForCausalLM.from_pretrained("acme/support-chat-7b", revision="v3")
