"""What the commands in scripts/ are made of: Python 3.11, the standard library only."""
