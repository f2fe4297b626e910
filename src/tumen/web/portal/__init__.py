"""The portal: pages rendered on the server, readable without JavaScript and on a poor line.

A page is a template and what a handler found; every sentence of it goes through the catalogues
of :mod:`tumen.web.locale`. No page loads anything but one small stylesheet of our own.
"""
