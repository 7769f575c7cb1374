"""The action plan of one person: three priorities, steps she accepts, hours, and a balance."""
