"""Counting votes into seats: pure, exact, and explained. Integers, fractions and fixed point; never a float."""
