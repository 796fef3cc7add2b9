"""The simulated Slack itself."""
