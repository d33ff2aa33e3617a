"""Login at an issuer of OpenID Connect: the authorization code flow, and what it proves."""
