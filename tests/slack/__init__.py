"""The Slack surface, over real HTTP and a real websocket against the playground."""
