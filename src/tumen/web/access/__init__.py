"""Access over HTTP: who is calling, what a route needs, and what every answer carries.

``access(settings)`` gives the parts that an application is built with; a route says by
``guards=[needs(Permission.…)]`` what it needs, and one that says nothing is refused.
"""
