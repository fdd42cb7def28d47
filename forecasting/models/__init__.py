"""The models, each behind the protocol of `forecasting.models.base`. No model imports another."""
