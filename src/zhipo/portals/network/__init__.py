"""Where institutions of the inquiry network post their answers: for programs alone."""
