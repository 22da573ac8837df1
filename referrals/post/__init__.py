"""Letters on paper: which wait to be posted, the runs that they are printed in, and those that come back."""
