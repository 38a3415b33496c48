"""What is filled in about motions and meetings."""
