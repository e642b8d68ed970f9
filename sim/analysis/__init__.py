"""What runs say: comparisons, sweeps, sensitivity, discovery; each gives a finding."""
