"""The site's data (bibliography, models, architectures): loading, checks, formulas, and what pages print from them.

Command line: `python -m archdata --help`.
"""
