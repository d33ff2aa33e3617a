"""Catalogues of Backstage: `catalog-info.yaml` files, read, checked and taken over."""
