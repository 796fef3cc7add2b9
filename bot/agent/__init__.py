"""One question in, one answer out: the assistant, its embedded chat model, its tools as a model sees them."""
