"""Who may ask what, where; what is refused before anything reads it; what is written down."""
