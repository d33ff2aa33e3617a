"""The read models in PostgreSQL: their schemas, what fills them, and what is asked of them."""
