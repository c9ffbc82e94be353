"""What a model works on, by the task that its card names."""

import re

# https://huggingface.co/tasks
_MODALITIES = {
    "text": r"text-(?:generation|classification|ranking)|token-classification|question-answering|translation|"
    r"summarization|fill-mask|sentence-similarity|feature-extraction|zero-shot-classification|text2text-generation|conversational|"
    r"table-question-answering|tabular-.*",
    "image": r"image-.*|text-to-image|unconditional-image-generation|object-detection|depth-estimation|mask-generation|"
    r"zero-shot-(?:image-classification|object-detection)|keypoint-detection|text-to-3d|image-to-3d",
    "video": r"video-.*|text-to-video",
    "audio": r"audio-.*|automatic-speech-recognition|text-to-(?:speech|audio)|voice-activity-detection",
    "multimodal": r"image-text-to-(?:text|image|video)|any-to-any|(?:visual|document)-question-answering|"
    r"visual-document-retrieval|image-to-text|video-text-to-text|audio-text-to-text",
    "robotics": r"robotics|reinforcement-learning",
}


# What goes in and what comes out, where the name of the task does not say it ("text-to-image" does).
_KINDS = (
    (r"text-generation|summarization|translation|fill-mask|text2text-generation", "text", "text"),
    (r"conversational|question-answering", "text", "text"),
    (r"(?:text|token|zero-shot)-classification", "text", "label"),
    (r"sentence-similarity|text-ranking", "text", "score"),
    (r"feature-extraction", "text", "vector"),
    (r"table-question-answering", "table text", "text"),
    (r"tabular-classification", "table", "label"),
    (r"tabular-regression", "table", "number"),
    (r"image-classification", "image", "label"),
    (r"zero-shot-image-classification", "image text", "label"),
    (r"image-feature-extraction", "image", "vector"),
    (r"image-segmentation|mask-generation", "image", "mask"),
    (r"object-detection", "image", "box"),
    (r"zero-shot-object-detection", "image text", "box"),
    (r"keypoint-detection", "image", "keypoint"),
    (r"depth-estimation", "image", "image"),
    (r"unconditional-image-generation", "", "image"),
    (r"(?:visual|document)-question-answering", "image text", "text"),
    (r"video-classification", "video", "label"),
    (r"automatic-speech-recognition", "audio", "text"),
    (r"audio-classification|voice-activity-detection", "audio", "label"),
)  # fmt: skip
_FROM_TO = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)*)-to-([a-z0-9]+)")


def kinds_of(task: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What goes into a model of a task of the Hub and what comes out; nothing for a task that leaves it open."""
    task = task.strip().casefold()
    if modality_of(task) is None or task.startswith("any-"):
        return (), ()
    if found := _FROM_TO.fullmatch(task):
        return tuple(found[1].split("-")), (found[2],)
    kinds = next(((inputs, output) for tasks, inputs, output in _KINDS if re.fullmatch(tasks, task)), ("", ""))
    return tuple(kinds[0].split()), tuple(kinds[1].split())


def modality_of(task: str) -> str | None:
    """What a task of the Hub (`pipeline_tag`) works on; None for a task that is not known."""
    task = task.strip().casefold()
    return next((name for name, tasks in _MODALITIES.items() if re.fullmatch(tasks, task)), None)
