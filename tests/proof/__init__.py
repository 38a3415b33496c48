"""What the whole promises, shown on real servers: nothing acknowledged is lost, whatever is killed."""
