"""What the program costs beside hand-written floors, measured in turn in one run."""
