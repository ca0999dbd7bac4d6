"""Maths that TeX would refuse, or that is printed as typed."""
