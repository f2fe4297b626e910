"""Indicators: sourced observations, their vintages side by side, and what is made of them."""
