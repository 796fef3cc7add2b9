"""People talk to it: the agent, Slack, the terminal. Imports `tools` and `knowledge`."""

__version__ = "0.1.0"
