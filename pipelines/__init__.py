"""What runs: the nightly flow and the making of the model. The only folder that imports Prefect."""
