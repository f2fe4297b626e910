"""Code lists: economies, units, procedures, statuses, violations. Dated, sourced, small."""
