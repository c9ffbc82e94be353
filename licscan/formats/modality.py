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


def modality_of(task: str) -> str | None:
    """What a task of the Hub (`pipeline_tag`) works on; None for a task that is not known."""
    task = task.strip().casefold()
    return next((name for name, tasks in _MODALITIES.items() if re.fullmatch(tasks, task)), None)
