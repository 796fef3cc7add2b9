"""Who may ask what, and what goes no further: the gates in front of every question, and the audit behind it."""
