"""What is asked: filters, options, and the query they make."""
