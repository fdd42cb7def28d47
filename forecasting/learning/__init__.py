"""What a record teaches: biases of readings, weights of evidence, recalibration, pooling; fitted on the past only."""
