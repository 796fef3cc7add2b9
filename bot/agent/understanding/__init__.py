"""Understanding a question without a language model: what it mentions, which tool it is like, what it leaves out."""
