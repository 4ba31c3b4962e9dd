"""What the bot says and hears over HTTP."""
