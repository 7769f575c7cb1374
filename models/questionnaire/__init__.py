"""The templates of the diagnostic: questions as data, what their answers mean, their versions."""
