"""Records of experiments by the tools that carried them out: Chaos Toolkit, Litmus."""
