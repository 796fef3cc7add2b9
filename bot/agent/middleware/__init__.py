"""One behaviour a file, composed in `stack.py`, in an order that is explained there."""
