"""Effects: one handler for each form of effect that a row of knowledge can state."""
