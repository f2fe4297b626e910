"""What a reader of the observatory sees: tables, pictures, the audit, and a site of plain pages.

Everything is made from a study file, its data and its plan (``publication.toml``), by `tumen
observe build`. The same inputs give the same bytes; what did not change is not made again.
"""
