"""Who may do what: organisations with roles, one matrix of permissions, and who is calling.

Default is deny: what stands in no cell of :data:`tumen.access.matrix.MATRIX` nobody may do. The
database holds the same borders once more, by row-level security (migrations 0005 and 0010).
"""
