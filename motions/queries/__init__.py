"""What is read about motions and meetings, as small dataclasses."""
