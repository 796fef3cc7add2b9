"""What people call the values of a dimension: `hindi` for `hi-Latn`, `live titles` for `live-title`."""

LANGUAGES: dict[str, tuple[str, ...]] = {
    "en": ("english",),
    "es": ("spanish", "espanol"),
    "pt": ("portuguese", "portugues"),
    "de": ("german", "deutsch"),
    "fr": ("french", "francais"),
    "ja": ("japanese",),
    "zh": ("chinese", "mandarin"),
    "ko": ("korean",),
    "it": ("italian",),
    "ar": ("arabic",),
    "id": ("indonesian",),
    "vi": ("vietnamese",),
    "ru": ("russian",),
    "tr": ("turkish",),
    "tl": ("tagalog", "filipino"),
    "hi": ("hindi",),
    "hi-Latn": (
        "romanised hindi",
        "romanized hindi",
        "hinglish",
        "hindi in latin script",
        "hindi",
        "hindi latin",
    ),
}

DIMENSIONS: dict[str, tuple[str, ...]] = {
    "language": ("lang", "languages", "langs", "locale"),
    "surface": ("surfaces", "placement", "product surface"),
    "technique": ("evasion technique", "evasion", "variant", "variants", "techniques", "perturbation"),
    "source": ("label source", "vendor", "label sources", "sources"),
    "age": ("age of item", "item age", "age bucket", "recency", "freshness"),
    "policy": ("policies", "policy area", "area"),
}

TECHNIQUES: dict[str, tuple[str, ...]] = {
    "leetspeak": ("leet", "leetspeek", "l33t"),
    "homoglyph": ("homoglyphs", "lookalike characters"),
    "spacing": ("spaced", "spaced out", "spacing tricks"),
    "emoji": ("emojis", "emoji noise"),
    "none": ("clean", "unperturbed", "original"),
}


def spoken_forms(dimension: str, value: str) -> tuple[str, ...]:
    """The words people use for a value, the value itself first; plural included."""
    plain = value.replace("-", " ").replace("_", " ")
    forms = [value.lower(), plain.lower()]
    if dimension == "language":
        forms += LANGUAGES.get(value, ())
    elif dimension == "technique":
        forms += TECHNIQUES.get(value, ())
    forms += [f"{plain.lower()}s"] if plain.isascii() and plain.replace(" ", "").isalpha() and len(plain) > 3 else []
    return tuple(dict.fromkeys(forms))
