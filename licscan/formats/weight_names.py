"""Names under which tools write weights; what a file is, its content says."""

_BY_NAME = {
    ".safetensors": "safetensors",
    ".gguf": "gguf",
    ".onnx": "onnx",
    ".pt": "pickle",
    ".pth": "pickle",
    ".ckpt": "pickle",
    ".pdparams": "pickle",
    ".jit": "torchscript",
    ".h5": "hdf5",
    ".keras": "keras",
    ".dduf": "dduf",
    ".tflite": "tflite",
    ".mlmodel": "coreml",
    ".nemo": "nemo",
    ".llamafile": "llamafile",
    ".msgpack": "msgpack",
    ".onnx_data": "onnx-data",
    ".ftz": "fasttext",
}
# `.bin` alone says nothing.
_BIN = ("pytorch_model", "adapter_model", "diffusion_pytorch_model", "ggml", "model", "open_clip_pytorch_model")
_ARRAYS = frozenset({"weights.npz", "model.npz"})
# Names that weights share with much else: these are looked into.
_PERHAPS = (".bin", ".dat", ".data", ".model", ".weights", ".pkl", ".pickle", ".joblib", ".npz", ".params", ".task")


def weight_format(file_name: str) -> str | None:
    """The format that a file's name promises; None where it promises no weights."""
    low = file_name.casefold()
    for suffix, name in _BY_NAME.items():
        if low.endswith(suffix):
            return name
    if low.endswith(".bin") and low.startswith(_BIN):
        return "pickle"
    if low.startswith("openvino_") and low.endswith(".xml"):
        return "openvino"
    return "numpy" if low in _ARRAYS else None


def may_be_weights(file_name: str) -> bool:
    """Whether a name that promises no weights leaves it open, so that the content is to be looked at."""
    return file_name.casefold().endswith(_PERHAPS)
