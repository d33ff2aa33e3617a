"""From what products send to commands: receive, translate, route."""
