"""What somebody hostile or careless may try at the open door: headers, markup, traces, floods, nonsense."""
