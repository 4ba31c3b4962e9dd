"""The kit of paper for the day the channels fail."""
