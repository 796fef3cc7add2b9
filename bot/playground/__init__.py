"""The playground: a Slack workspace on loopback, so that everything can be tried without an account."""
