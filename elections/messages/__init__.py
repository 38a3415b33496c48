"""What council elections say: sentences for errors, words for stages, acts and reasons; a module for each subject."""
