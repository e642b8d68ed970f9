"""The report: one HTML file about a results folder, for people who look before they read."""
