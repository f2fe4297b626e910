"""The routes of the API below ``/v1``, a module for each resource.

A module has ``routes()``, which gives its handlers. A handler names what it needs as parameters:
``office: NamedDependency[Office]`` is the open node; what it takes of the path and behind the ``?``
is said in :mod:`tumen.web.api.parameters`. What is sent and answered are classes, whose docstrings
are the words of ``/openapi.json``. It asks the store by ``office.read`` and ``office.act``, whose
work runs in threads; it raises coded errors and never builds a problem by hand.
"""
