"""Monitoring: indicators, campaigns and reports of one school or of all the schools of a municipality, gathered through the windows that the apps below open."""
