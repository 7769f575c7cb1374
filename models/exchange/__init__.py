"""What enters and leaves the bank: documents of the national schema data·inclusion v1."""
