"""Slack: questions come in over Socket Mode, each gets exactly one reply, and a button press decides."""
