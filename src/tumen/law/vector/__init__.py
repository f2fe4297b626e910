"""The law on whole columns: ordinary shipments of a frame by the vectorised twins."""
