"""What goes wrong for a person: recorded by whoever hears of it, and owed by the person's team until put right."""
