"""What each organisation sets for itself: the words of its messages, its reasons, its clocks."""
