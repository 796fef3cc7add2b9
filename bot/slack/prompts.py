"""Prompts: the ready questions of an empty conversation."""

PROMPTS: tuple[dict[str, str], ...] = (
    {"title": "What can you do?", "message": "help"},
    {"title": "What do you know?", "message": "Which models and datasets do you know?"},
    {"title": "Latest evaluations", "message": "Which evaluations ran last?"},
    {"title": "The rules", "message": "Which labeling guidelines are in force?"},
)
"""At most four; `title` is the button, `message` is what it asks."""
