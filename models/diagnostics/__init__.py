"""The diagnostic of one person: her answers, the domains, her needs, what remains to be said."""
