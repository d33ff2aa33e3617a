"""Read models: pure folds from the log to rows, and the tables that hold them."""
