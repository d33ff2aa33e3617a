"""The documents of the interfaces: OpenAPI and AsyncAPI."""
