"""What motions and meetings are called, and sentences for their errors; a module for each subject."""
