"""Receivers as real processes: one right and one a fault, in two languages."""
