"""Questions with the answers people expect: what the assistant and its search are tuned and measured on."""
