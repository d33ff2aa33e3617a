"""Figures as pictures, and reviews as documents."""
