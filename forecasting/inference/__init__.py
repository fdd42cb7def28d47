"""Sample any model and judge the result: sampler, diagnostics, gate, importance weights, Monte Carlo errors. Knows no model."""
