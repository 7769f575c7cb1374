"""What the service does without being asked: `flask work` runs each task, one after the other.

A task takes nothing, answers how many things it did, and may be run again at any moment.
"""

# Name → task; a task that fails leaves the others to run.
TASKS = {}
