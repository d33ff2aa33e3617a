"""The public status page: for browsers, feed readers and programs that know Statuspage."""
