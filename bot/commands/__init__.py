"""The commands, by what they are about; each opens what it needs, does one thing and says what became of it."""
