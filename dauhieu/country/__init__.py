"""A synthetic nation: persons, employers, facilities and offices with the shape of public figures, at any scale.

It exists to show, test and measure the product without anybody's data. Every name is fictitious and every unit is
marked as a sample. What it delivers goes through the same doors as any delivery. Wrongs are planted as behaviour (an
employer hides a third of its staff), with innocent look-alikes beside them, and written down in a truth file.
It knows nothing of signs and their thresholds.
"""
