"""The site's figures as Python functions, and the language they are drawn in.

A figure is a function without arguments that returns a `Drawing` or a `Chart`, registered by a key that starts with
its page: `recurrent/retnet/three-forms` lives in `archfigures/recurrent/retnet.py`.
"""

from archfigures.charts import Axis, Chart
from archfigures.draw import Box, Drawing
from archfigures.registry import Figure, UnknownFigureError, figure, figures, render

__all__ = ["Axis", "Box", "Chart", "Drawing", "Figure", "UnknownFigureError", "figure", "figures", "render"]
