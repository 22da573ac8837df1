"""The plan on paper that a person takes home: what goes on it, in which words, and how it is set."""
