"""Charts from shown figures, as SVG: they print, need no script, and stand beside their table.

Lengths are shares of the width that a chart is given, and type is never scaled: it reads the same at 320 pixels as
on paper. What tells two things apart is a pattern or a word, never a colour alone.
"""
