"""What the bot remembers: a noun per module, its tables and the questions asked of them."""
