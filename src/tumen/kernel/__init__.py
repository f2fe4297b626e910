"""The kernel: money, rounding, limits, clocks, violations, errors. It imports nothing of ours."""
