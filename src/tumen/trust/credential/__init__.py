"""The electronic certificate of origin as a W3C Verifiable Credential 2.0, secured with JOSE.

Verifying (:mod:`.check`, :mod:`.status`, :mod:`.presentation`) needs a trust bundle and nothing
else: no network, no database, no key of ours. Issuing (:mod:`.secure`, :mod:`.register`) needs a
secret key; import-linter keeps the two apart. What is claimed and what is not:
docs/certificate-of-origin.md.
"""
