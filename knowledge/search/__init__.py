"""Search: from a question to the sections that govern it, and the sentence to quote."""
