"""An action item: what is to be seen once it is done, who owns it, and until when."""
