"""The organisations of the network, who works there, how one enters and what one may do."""
