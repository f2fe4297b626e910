"""Indicators, their vintages, a comparison and the divide index, as one would in a notebook.

    python examples/observatory.py [FOLDER]

Pictures go into the folder, if one is named; everything else is printed.
"""

import sys
from pathlib import Path

from tumen import observatory as obs

# An indicator is its observations, and knows where they come from.
broadband = obs.indicator("fixed_broadband", ["CN", "JP", "KR", "MN", "RU", "WLD"], years="2005..")
print(broadband)

# Vintages stand side by side: what the study printed in 2023, and what is published now.
users = obs.vintages("internet_users")
print(users.filter(economy="MN", period="2021").select("source", "edition", "value", "note"))

# How far from the leader, and does the gap close?
gaps = obs.compare("fixed_broadband", since=2015)
print(gaps.frame.select("economy", "value", "of_leader", "of_leader_before", "of_world"))

# A rank with its interval, and what each pillar adds to the gap.
divide = obs.divide()
print(divide.frame.select("economy", "rank", "rank_low", "rank_high", "^gap.*$"))

if len(sys.argv) > 1:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    broadband.plot().save(folder / "broadband.svg")
    divide.plot().save(folder / "divide.svg")
