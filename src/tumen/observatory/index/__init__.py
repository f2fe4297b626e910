"""The digital-divide index: a composite of indicators, built step by step as the handbook says.

OECD and JRC, Handbook on Constructing Composite Indicators (2008). Every choice is explicit, is
drawn again thousands of times, and what the ranks owe to it is told.
"""
