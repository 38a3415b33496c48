"""What everybody reads of motions and meetings."""
